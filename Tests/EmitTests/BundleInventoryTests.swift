import Foundation
import Testing

@testable import Emit

@Suite struct BundleInventoryTests {
  /// A bundle on disk with a note and an edit.
  private func changed() throws -> (Scratch, String) {
    let scratch = try Scratch()
    try Digits.bundle().write(to: scratch.path("b"))
    for (path, text) in [("notes.txt", "mine"), ("rtl/mine.v", "mine"), ("layers.csv", "edited")] {
      try text.write(toFile: scratch.path("b/" + path), atomically: false, encoding: .utf8)
    }
    return (scratch, scratch.path("b"))
  }

  @Test func tellsOwnEditedAndAddedApart() throws {
    let (scratch, directory) = try changed()
    try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "..")
    let inventory = try #require(try BundleInventory(directory, named: "b"))
    #expect(inventory.edited.map(\.path) == ["layers.csv"])
    #expect(inventory.added.map(\.path) == ["link", "notes.txt", "rtl/mine.v"], "a link is never followed")
    #expect(inventory.own.count == (try Digits.bundle().files.count) - 1)
    #expect(inventory.directories.map(\.path) == ["LICENSES", "driver", "rtl", "testbench"])
    withExtendedLifetime(scratch) {}
  }

  @Test func editsAreNamedAndNeedForce() throws {
    let (scratch, directory) = try changed()
    let inventory = try #require(try BundleInventory(directory, named: "b"))
    let files = try Digits.bundle().files
    let error = #expect(throws: FileError.self) { try inventory.check(against: files, force: false, named: "b") }
    #expect(error?.description == "b: layers.csv is edited since weft made it; keep a copy elsewhere, or replace with --force")
    try inventory.check(against: files, force: true, named: "b")
    // The same edit made by weft loses nothing.
    let same = files.map { $0.path == "layers.csv" ? BundleFile(path: $0.path, text: "edited") : $0 }
    try inventory.check(against: same, force: false, named: "b")
    withExtendedLifetime(scratch) {}
  }

  @Test(arguments: ["notes.txt", "notes.txt/x", "rtl/mine.v/deep/x"])
  func aFileInTheWayIsRefusedEvenWithForce(_ path: String) throws {
    let (scratch, directory) = try changed()
    let inventory = try #require(try BundleInventory(directory, named: "b"))
    let files = try Digits.bundle().files + [BundleFile(path: path, text: "new")]
    for force in [false, true] { #expect(throws: FileError.self) { try inventory.check(against: files, force: force, named: "b") } }
    withExtendedLifetime(scratch) {}
  }

  @Test func longListsAreCut() throws {
    let status = try #require(FileStatus("/"))
    let entries = ["a", "b\n", "c", "d", "e"].map { BundleInventory.Entry(path: $0, status: status) }
    #expect(BundleInventory.list(entries) == "a, b_, c and 2 more are")
    #expect(BundleInventory.list([entries[0]]) == "a is")
  }

  @Test func anEmptyDirectoryHasNone() throws {
    let scratch = try Scratch()
    #expect(try BundleInventory(scratch.url.path, named: "x") == nil)
  }
}
