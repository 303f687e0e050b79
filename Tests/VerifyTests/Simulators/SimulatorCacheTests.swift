import Emit
import Foundation
import Testing

@testable import Verify

@Suite struct SimulatorCacheTests {
  private final class Record { var builds = 0, said: [String] = [] }

  /// The entry `icarus-x`, built from a text when it is not there.
  private func entry(_ cache: SimulatorCache, _ record: Record) throws -> (path: String, wasCached: Bool) {
    try cache.entry("icarus-x", say: { record.said.append($0) }) { directory in
      record.builds += 1
      let product = directory.appendingPathComponent("product")
      try FileSystem.create(product.path, Array("#!/bin/sh\nexit 5\n".utf8), named: "product")
      return product
    }
  }

  @Test func theSecondUseComesFromTheCacheAndRuns() throws {
    let scratch = try TemporaryDirectory(), cache = SimulatorCache(directory: scratch.file("cache")), record = Record()
    #expect(try entry(cache, record).wasCached == false)
    let (path, wasCached) = try entry(cache, record)
    #expect(wasCached && record.builds == 1 && record.said.isEmpty)
    // The checksum at its end does not disturb the program.
    #expect(try runTool(path, [], in: scratch.url).status == 5)
    #expect(try FileManager.default.contentsOfDirectory(atPath: cache.directory.path) == ["icarus-x"])
  }

  @Test(arguments: ["garbage", "empty", "cut", "changed", "directory", "dangling link", "pipe", "not executable"])
  func aDamagedEntryIsSaidAndBuiltAgain(_ damage: String) throws {
    let scratch = try TemporaryDirectory(), cache = SimulatorCache(directory: scratch.file("cache")), record = Record()
    let path = try entry(cache, record).path
    var bytes = try #require(FileSystem.read(path))
    switch damage {
    case "garbage": bytes = Array("garbage".utf8)
    case "empty": bytes = []
    case "cut": bytes.removeLast(80)
    case "changed": bytes[3] ^= 1
    default: break
    }
    if damage == "not executable" {
      chmod(path, 0o600)
    } else {
      unlink(path)
      switch damage {
      case "directory": try FileSystem.makeDirectories(path + "/x", named: path)
      case "dangling link": symlink("nowhere", path)
      case "pipe": mkfifo(path, 0o700)
      default: try FileSystem.create(path, bytes, permissions: 0o755, named: path)
      }
    }
    #expect(try entry(cache, record).wasCached == false)
    #expect(record.builds == 2 && record.said == ["\(path): the cached simulation is damaged; building it again"])
    #expect(try entry(cache, record).wasCached && record.said.count == 1)
  }

  @Test func aCacheThatCannotBeUsedIsOfTheMachine() throws {
    let scratch = try TemporaryDirectory()
    try FileSystem.create(scratch.file("file").path, [], named: "file")
    for place in ["file", "file/below"] {
      let error = #expect(throws: EnvironmentFailure.self) { try entry(SimulatorCache(directory: scratch.file(place)), Record()) }
      #expect(error?.detail.contains("set WEFT_CACHE") == true)
    }
  }

  @Test func whatInterruptedBuildsLeftIsRemoved() throws {
    let scratch = try TemporaryDirectory()
    for name in ["weft-999999999-7", "weft-1-7"] { try FileSystem.makeDirectories(scratch.file(name).path + "/x", named: name) }
    _ = try entry(SimulatorCache(directory: scratch.url), Record())
    #expect(Set(try FileSystem.names(in: scratch.url.path)) == ["weft-1-7", "icarus-x"])
  }
}
