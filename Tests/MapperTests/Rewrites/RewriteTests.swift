import Machine
import Model
import TestTools
import Testing
import Verify

@testable import Mapper

@Suite struct RewriteTests {
  /// Views come last: they ask for geometry, and that for settled parameters.
  @Test func order() {
    #expect(
      Rewrite.all.map(\.name) == [
        "fold padding", "fold functions", "narrow limits", "fuse tables", "fuse additions", "settle arithmetic", "remove constant channels",
        "place views",
      ])
  }

  /// Every rewrite leaves a network that is its own: twice is once.
  @Test func twiceIsOnce() throws {
    var random = SplitMix("rewrites")
    for _ in 0..<20 {
      guard let graph = RandomNetwork(seed: random.next(), count: 8).assembled else { continue }
      var network = try Network(graph.decomposed.partition.accelerator)
      for rewrite in Rewrite.all {
        try rewrite.run(&network, .edge64, .leastCycles)
        var again = network
        guard rewrite.name != "settle arithmetic" else { continue }
        try rewrite.run(&again, .edge64, .leastCycles)
        #expect(again.plans.compactMap { $0?.operatorName } == network.plans.compactMap { $0?.operatorName }, "\(rewrite.name)")
      }
    }
  }
}
