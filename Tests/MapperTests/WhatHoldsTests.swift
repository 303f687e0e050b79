import Machine
import Model
import Testing

@testable import Mapper

/// What is said of a network that its configuration does not hold.
@Suite struct WhatHoldsTests {
  private func refusal(_ graph: Graph, _ configuration: Configuration) -> ConfigurationError? {
    do { _ = try Mapper.map(graph, for: configuration) } catch { return error as? ConfigurationError }
    return nil
  }

  @Test func theSmallestNamedConfigurationIsSaid() throws {
    var b = GraphBuilder()
    let graph = b.graph(outputs: [b.fullyConnected(b.input([1, 400]), channels: 400)])
    let error = try #require(refusal(graph, .up5k)), bytes = try Mapper.map(graph, for: .edge16).hardware.memoryBytes
    #expect(error.problem.contains("bytes of on-chip memory (weights ") && error.problem.hasSuffix("the device has 146432 (\"limits.memoryBytes\")"))
    #expect(error.advice == "the smallest named configuration that holds it is edge16, with \(bytes) bytes")
    // A copy of a named one with a limit is another.
    var device = Configuration.edge16
    device.limits.memoryBytes = 100_000
    #expect(refusal(graph, device)?.advice == error.advice)
  }

  /// Weights that are stored once may fit where several copies do not, and so may those of a smaller array.
  @Test func theSameDeviceMayDo() throws {
    var b = GraphBuilder()
    let graph = b.graph(outputs: [try required(b.convolution(b.input([1, 12, 12, 8]), channels: 4, kernel: (7, 7)))])
    func bytes(_ configuration: Configuration, _ policy: LayoutPolicy = .leastCycles) throws -> Int {
      try Mapper.map(graph, for: configuration, policy: policy).hardware.memoryBytes
    }
    let (once, small) = (try bytes(.edge256, .leastWeights), try bytes(.up5k))
    var device = Configuration.edge256
    device.limits.memoryBytes = once
    #expect(try bytes(.edge256) > once && refusal(graph, device)?.advice == "--prefer weights needs \(once) bytes")
    device.limits.memoryBytes = small
    #expect(small < once && refusal(graph, device)?.advice == "up5k would need \(small) bytes")
  }

  @Test func nothingMayHoldIt() {
    var tried: [String] = []
    let advice = whatHolds(.edge64, .leastCycles) { configuration, _ in
      tried.append(configuration.name)
      return nil
    }
    #expect(advice == nil && tried == ["edge64", "up5k", "edge16", "edge128", "edge256"])
    tried = []
    var device = Configuration.edge16
    device.limits.memoryBytes = 4096
    _ = whatHolds(device, .leastWeights) { configuration, _ in
      tried.append("\(configuration.name) \(configuration.limits.memoryBytes ?? 0)")
      return nil
    }
    #expect(tried.prefix(3) == ["edge16 4096", "up5k 4096", "edge64 4096"] && tried.suffix(5).prefix(2) == ["up5k 146432", "edge16 0"])
    let error = ConfigurationError(source: "edge64", problem: "too large", advice: "use a smaller network")
    #expect(error.saying(nil).message == "too large; no named configuration holds it; use a smaller network")
    #expect(error.saying("take edge16").message == "too large; take edge16")
  }
}
