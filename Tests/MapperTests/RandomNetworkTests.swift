// Random networks of several operators.

import Model
import Testing
import Verify

@testable import Mapper

@Suite struct RandomNetworkTests {
  #if DEBUG
    private static let count = 120
  #else
    private static let count = 500
  #endif

  @Test func severalOperators() { expectExactNetworks("random networks", count: Self.count, operators: 12) }

  /// The plain way to run windows is right, too, where another one takes less time.
  @Test func plainLayouts() { expectExactNetworks("random networks, plain layouts", count: Self.count / 6, policy: .first) }

  /// Tensors in tensors in tensors, and what works on them.
  @Test func movements() {
    expectExactNetworks(
      "random movements",
      [
        .concatenation, .concatenation, .concatenation, .slice, .slice, .split, .split, .stridedSlice, .pack, .unpack, .reshape, .transpose,
        .convolution, .depthwise, .add, .unary, .multiply, .addConstant, .softmax, .maximumPool,
      ], count: Self.count, operators: 12)
  }

  /// State, other types at the ends, computed shapes.
  @Test func whatSurroundsTheLayers() {
    expectExactNetworks("random surroundings", [.state, .state, .reshape, .convolution, .concatenation, .slice, .add, .unary], count: Self.count / 2)
  }

  /// Every kind of operator occurs, and not only as what is left out.
  @Test func everyKindOccurs() {
    var names: [String: Int] = [:]
    for seed in 0..<300 {
      for node in RandomNetwork(seed: UInt64(seed), count: 10).assembled?.nodes ?? [] { names[node.operation.name, default: 0] += 1 }
    }
    #expect(names.count >= RandomNetwork.Kind.allCases.count && names.values.allSatisfy { $0 > 2 }, "\(names)")
  }

  /// What makes a network smaller keeps it a valid network, and finds the operator that fails.
  @Test func shrinkingFindsTheOperator() throws {
    func hasResize(_ network: RandomNetwork) -> Bool { network.assembled?.nodes.contains { $0.operation is ResizeNearestNeighbor } ?? false }
    for seed in 0..<100 {
      let network = RandomNetwork(seed: UInt64(seed), count: 10)
      try network.assembled?.validate()
      guard seed < 30, hasResize(network) else { continue }
      let small = network.shrunk(while: hasResize)
      // Its ends may be of other types.
      #expect(try #require(small.assembled).partition.accelerator.nodes.count == 1, "\(small)")
      try small.assembled?.validate()
    }
  }
}
