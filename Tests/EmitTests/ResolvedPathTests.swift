import Foundation
import Testing

@testable import Emit

@Suite struct ResolvedPathTests {
  @Test func linksAndDotsAreResolvedOnceAsTheKernelDoes() throws {
    let scratch = try Scratch()
    let manager = FileManager.default
    try manager.createDirectory(atPath: scratch.path("real/inside"), withIntermediateDirectories: true)
    try manager.createSymbolicLink(atPath: scratch.path("link"), withDestinationPath: "real/inside")
    let root = try #require(FileSystem.resolved(scratch.url.path))
    #expect(try ResolvedPath(scratch.path("link")).path == root + "/real/inside")
    // The parent of what a link leads to, not of the link.
    #expect(try ResolvedPath(scratch.path("link") + "/..").path == root + "/real")
    #expect(try ResolvedPath(scratch.path("real/./inside//")).path == root + "/real/inside")
    let new = try ResolvedPath(scratch.path("link") + "/new/deep/er")
    #expect(new.path == root + "/real/inside/new/deep/er" && new.status == nil && new.missingParents == 2)
    #expect(new.parent == root + "/real/inside/new/deep" && new.name == "er")
  }

  @Test(arguments: ["", "nonexist/..", "nonexist/../x", "nonexist/.", "dangling", "dangling/", "dangling/x", "loop", "file/x", "file/.."])
  func whatLeadsNowhereIsRefused(_ path: String) throws {
    let scratch = try Scratch()
    try "x".write(toFile: scratch.path("file"), atomically: false, encoding: .utf8)
    for (link, target) in [("dangling", "nowhere"), ("loop", "loop")] {
      try FileManager.default.createSymbolicLink(atPath: scratch.path(link), withDestinationPath: target)
    }
    #expect(throws: FileError.self) { try ResolvedPath(path.isEmpty ? "" : scratch.url.path + "/" + path) }
  }
}
