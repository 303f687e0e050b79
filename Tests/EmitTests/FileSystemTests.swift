import Foundation
import Testing

@testable import Emit

@Suite struct FileSystemTests {
  @Test func twoDirectoriesChangePlacesInOneStep() throws {
    let scratch = try Scratch()
    for name in ["a", "b"] { try FileSystem.makeDirectories(scratch.path("\(name)/was-\(name)"), named: name) }
    #expect(FileSystem.exchange(scratch.path("a"), scratch.path("b")) == 0)
    #expect(try FileSystem.names(in: scratch.path("a")) == ["was-b"])
    #expect(FileSystem.exchange(scratch.path("a"), scratch.path("c")) == ENOENT)
  }

  @Test func pathsArePartedAtTheirBytes() {
    #expect(FileSystem.directory(of: "a/b") == "a" && FileSystem.name(of: "a/b") == "b")
    #expect(FileSystem.directory(of: "b") == "." && FileSystem.directory(of: "/b") == "/")
    // An accent joins the slash before it to one character.
    #expect(FileSystem.directory(of: "a/\u{301}b") == "a" && FileSystem.name(of: "a/\u{301}b") == "\u{301}b")
  }

  @Test func aNameThatIsNotUTF8StopsAListing() throws {
    let scratch = try Scratch()
    let name = Array(scratch.url.path.utf8CString.dropLast()) + [0x2F, CChar(bitPattern: 0xFF), 0]
    let descriptor = open(name, O_CREAT | O_WRONLY, 0o600)
    #expect(descriptor >= 0)
    close(descriptor)
    #expect(throws: FileError.self) { try FileSystem.names(in: scratch.url.path) }
    unlink(name)
  }

  @Test func readingTakesOnlyOrdinaryFiles() throws {
    let scratch = try Scratch()
    #expect(mkfifo(scratch.path("pipe"), 0o600) == 0)
    try FileSystem.create(scratch.path("file"), [1, 2], named: "file")
    #expect(symlink("file", scratch.path("link")) == 0)
    #expect(FileSystem.read(scratch.path("file")) == [1, 2])
    for path in ["pipe", "link", "missing", "."] { #expect(FileSystem.read(scratch.path(path)) == nil, "\(path)") }
    #expect(throws: FileError.self) { try FileSystem.create(scratch.path("file"), [3], named: "file") }
    #expect(FileSystem.read("/dev/zero") == nil)
  }

  @Test func removingATreeLeavesWhatLinksLeadTo() throws {
    let scratch = try Scratch()
    try FileSystem.makeDirectories(scratch.path("mine"), named: "mine")
    try FileSystem.create(scratch.path("mine/thesis"), [1], named: "thesis")
    try FileSystem.makeDirectories(scratch.path("tree/deep"), named: "tree")
    #expect(symlink("../../mine", scratch.path("tree/deep/link")) == 0)
    chmod(scratch.path("tree/deep"), 0)
    FileSystem.removeTree(scratch.path("tree"))
    #expect(try FileSystem.names(in: scratch.url.path) == ["mine"])
    #expect(FileSystem.read(scratch.path("mine/thesis")) == [1])
  }
}
