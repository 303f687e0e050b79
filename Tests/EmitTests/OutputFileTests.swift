import Foundation
import Testing

@testable import Emit

@Suite struct OutputFileTests {
  private let manager = FileManager.default

  @Test func aFileIsReplacedAsAWhole() throws {
    let scratch = try Scratch()
    let path = scratch.path("out.bin")
    for bytes in [[UInt8](1...9), [7]] {
      try OutputFile(path).write(bytes)
      #expect(FileSystem.read(path) == bytes)
    }
    #expect(chmod(path, 0o640) == 0)
    try OutputFile(path).write([1])
    #expect(FileStatus(path)?.permissions == 0o640)
    #expect(try manager.contentsOfDirectory(atPath: scratch.url.path) == ["out.bin"])
  }

  @Test func inputsDirectoriesAndLinksToNothingAreRefused() throws {
    let scratch = try Scratch()
    try "model".write(toFile: scratch.path("model"), atomically: false, encoding: .utf8)
    try manager.linkItem(atPath: scratch.path("model"), toPath: scratch.path("hard"))
    for (link, target) in [("soft", "model"), ("dangling", "nowhere")] {
      try manager.createSymbolicLink(atPath: scratch.path(link), withDestinationPath: target)
    }
    for name in ["model", "hard", "soft", "dangling", ".", "model/", "model/x", "missing/x"] {
      #expect(throws: FileError.self, "\(name)") { try OutputFile(scratch.url.path + "/" + name, inputs: [scratch.path("model")]) }
    }
    #expect(throws: FileError.self) { try OutputFile("") }
    #expect(try String(contentsOfFile: scratch.path("model"), encoding: .utf8) == "model")
  }

  @Test func aLinkToAFileStaysALink() throws {
    let scratch = try Scratch()
    try "x".write(toFile: scratch.path("real"), atomically: false, encoding: .utf8)
    try manager.createSymbolicLink(atPath: scratch.path("soft"), withDestinationPath: "real")
    try OutputFile(scratch.path("soft")).write([5])
    #expect(FileStatus(scratch.path("soft"))?.kind == .link && FileSystem.read(scratch.path("real")) == [5])
  }

  @Test func devicesAreWrittenAndNotReplaced() throws {
    try OutputFile("/dev/null").write([1, 2, 3])
    #expect(FileStatus("/dev/null")?.kind == .stream)
    let error = #expect(throws: FileError.self) { try OutputFile("/dev/full").write([1]) }
    #expect(error?.description == "/dev/full: cannot be written: the disk is full; free some space")
  }

  @Test func missingDirectoriesAreMadeOnlyWhenAsked() throws {
    let scratch = try Scratch()
    let file = try OutputFile(scratch.path("a/b/c"), makingDirectories: true)
    #expect(try manager.contentsOfDirectory(atPath: scratch.url.path).isEmpty, "looking changes nothing")
    try file.write([1])
    #expect(FileSystem.read(scratch.path("a/b/c")) == [1])
  }

  @Test func journalsHoldTheLastText() throws {
    let scratch = try Scratch()
    let journal = try OutputFile(scratch.path("j")).journal()
    for text in ["a long text\n", "short\n"] { try journal.replace(text) }
    #expect(FileSystem.read(scratch.path("j")) == Array("short\n".utf8))
    let full = try OutputFile("/dev/full").journal()
    #expect(throws: FileError.self) { try full.replace("x") }
  }

  @Test func freeNamesAreNumbered() throws {
    let scratch = try Scratch()
    for expected in ["f.json", "f-2.json", "f-3.json"] {
      let name = OutputFile.freeName(scratch.path("f.json"))
      #expect(name == scratch.path(expected))
      try OutputFile(name).write([])
    }
  }
}
