import Foundation
import Testing

@testable import Emit

@Suite struct BundleReplacementTests {
  private let manager = FileManager.default

  private func write(_ text: String, _ path: String) throws { try text.write(toFile: path, atomically: false, encoding: .utf8) }
  private func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
  private func names(_ path: String) throws -> [String] { try manager.contentsOfDirectory(atPath: path).sorted() }

  @Test func whatTheUserAddedStays() throws {
    let scratch = try Scratch()
    let directory = scratch.path("b")
    try Digits.bundle().write(to: directory)
    try write("mine", directory + "/rtl/mine.v")
    try manager.createDirectory(atPath: directory + "/empty", withIntermediateDirectories: false)
    try manager.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "nowhere")
    let notes = try Digits.bundle().write(to: directory)
    #expect(notes == ["\(directory): link, rtl/mine.v are not weft's and were kept"])
    #expect(text(directory + "/rtl/mine.v") == "mine")
    #expect(FileStatus(directory + "/empty")?.kind == .directory)
    #expect(try manager.destinationOfSymbolicLink(atPath: directory + "/link") == "nowhere")
    #expect(try names(scratch.url.path) == ["b"], "something was left behind")
  }

  @Test func anEditIsRefusedAndReplacedWithForce() throws {
    let scratch = try Scratch()
    let directory = scratch.path("b")
    try Digits.bundle().write(to: directory)
    try write("mine", directory + "/rtl/weft_top.v")
    #expect(throws: FileError.self) { try Digits.bundle().write(to: directory) }
    #expect(text(directory + "/rtl/weft_top.v") == "mine")
    try Digits.bundle().write(to: directory, force: true)
    #expect(text(directory + "/rtl/weft_top.v") == "module weft_top;\nendmodule\n")
    #expect(try names(scratch.url.path) == ["b"])
  }

  @Test func aLinkToADirectoryIsFollowedAndStays() throws {
    let scratch = try Scratch()
    try manager.createDirectory(atPath: scratch.path("real"), withIntermediateDirectories: false)
    try manager.createSymbolicLink(atPath: scratch.path("link"), withDestinationPath: "real")
    for _ in 0..<2 {
      try Digits.bundle().write(to: scratch.path("link"))
      #expect(FileStatus(scratch.path("link"))?.kind == .link)
      #expect(OutputBundle.isBundle(scratch.path("real")))
    }
    #expect(try names(scratch.url.path) == ["link", "real"])
  }

  @Test func aDefaultNameIsOfOneNetwork() throws {
    let scratch = try Scratch()
    try Digits.bundle().write(to: scratch.path("b"), isDefault: true)
    try Digits.bundle().write(to: scratch.path("b"), isDefault: true)
    var other = try Digits.bundle()
    let manifest = other.files.removeLast()
    other.files.append(
      BundleFile(path: manifest.path, text: String(decoding: manifest.bytes, as: UTF8.self).replacing("digits_resnet", with: "other")))
    let error = #expect(throws: FileError.self) { try other.write(to: scratch.path("b"), isDefault: true) }
    #expect(error?.message == "holds a bundle of the network \"digits_resnet\", not of the network \"other\"; name a directory with -o")
    try other.write(to: scratch.path("b"))
  }

  /// A process that no longer lives.
  private func deadProcess() throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    return process.processIdentifier
  }

  @Test func aBundleBetweenTwoRenamesIsRestored() throws {
    let scratch = try Scratch()
    let dead = try deadProcess()
    try Digits.bundle().write(to: scratch.path("b"))
    try write("mine", scratch.path("b/notes.txt"))
    try manager.moveItem(atPath: scratch.path("b"), toPath: scratch.path(".b.\(dead).old"))
    try manager.createDirectory(atPath: scratch.path(".b.\(dead).partial/rtl"), withIntermediateDirectories: true)
    let notes = try Digits.bundle().write(to: scratch.path("b"))
    #expect(notes.first == "\(scratch.path("b")): restored after an interrupted run")
    #expect(text(scratch.path("b/notes.txt")) == "mine")
    #expect(try names(scratch.url.path) == ["b"])
  }

  @Test func whatLivingProcessesWorkOnStays() throws {
    let scratch = try Scratch()
    let name = ".b.\(getppid()).partial"
    try manager.createDirectory(atPath: scratch.path(name), withIntermediateDirectories: true)
    try Digits.bundle().write(to: scratch.path("b"))
    #expect(try names(scratch.url.path) == [name, "b"])
  }

  @Test func theOnlyCopyInAStaleBundleStaysAndIsSaid() throws {
    let scratch = try Scratch()
    let old = ".b.\(try deadProcess()).old"
    try Digits.bundle().write(to: scratch.path(old))
    try write("mine", scratch.path(old + "/notes.txt"))
    let notes = try Digits.bundle().write(to: scratch.path("b"))
    #expect(notes.count == 2, "the name was free, so the old one is restored under it: \(notes)")
    #expect(text(scratch.path("b/notes.txt")) == "mine")
    try Digits.bundle().write(to: scratch.path(old))
    try write("mine", scratch.path(old + "/more.txt"))
    let again = try Digits.bundle().write(to: scratch.path("b"))
    #expect(again.count == 2 && again[0].contains("nowhere else"))
    #expect(try names(scratch.path(old)) == ["manifest.json", "more.txt"])
  }

  @Test func aFailureLeavesNothing() throws {
    let scratch = try Scratch()
    let tooLong = scratch.path("new/" + String(repeating: "x", count: 256))
    #expect(throws: FileError.self) { try Digits.bundle().write(to: tooLong) }
    var bundle = try Digits.bundle()
    bundle.files.append(BundleFile(path: String(repeating: "y", count: 256), text: ""))
    #expect(throws: FileError.self) { try bundle.write(to: scratch.path("new/b")) }
    #expect(try names(scratch.url.path).isEmpty)
  }
}
