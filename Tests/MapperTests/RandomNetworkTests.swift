// Random networks of several operators.

import Machine
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

  /// Sequences of cells with hidden and cell states.
  @Test func memories() {
    expectExactNetworks("random memories", [.memory, .memory, .memory, .fullyConnected, .unary, .concatenation, .slice, .reshape], count: Self.count / 2)
  }

  /// Filters with state of int16, and what makes and reads their rows.
  @Test func filters() {
    expectExactNetworks("random filters", [.filter, .filter, .filter, .fullyConnected, .mean, .add, .unary, .concatenation, .convolution], count: Self.count / 2)
  }

  /// Every operator that docs/operators.md names is drawn, in networks of uint8 those that are known there, and no other.
  @Test func everyOperatorIsDrawn() {
    var drawn: [String: Int] = [:], unsigned: [String: Int] = [:], int16: Set<String> = [], types: Set<ElementType> = []
    for seed in 0..<1200 {
      let graphs = RandomNetwork(seed: UInt64(seed), count: 12).graphs
      for graph in graphs {
        types.formUnion((graph.inputs + graph.outputs).map { graph.tensors[$0].type })
        let isUnsigned = graph.tensors.contains { $0.type == .uint8 && !$0.isConstant } && !graph.tensors.contains { $0.type == .int8 }
        let isInt16 = graph.nodes.contains { $0.operation is any Accumulating && graph.isInt16($0) }
        for node in graph.nodes {
          drawn[node.operation.name, default: 0] += 1
          if isUnsigned { unsigned[node.operation.name, default: 0] += 1 }
          if isInt16, graph.isInt16(node) { int16.insert(node.operation.name) }
        }
      }
    }
    let known = Set(OperatorRow.all.flatMap(\.names) + IntegerOperator.allCases.map(\.rawValue))
    #expect(known.symmetricDifference(drawn.keys).isEmpty, "\(known.symmetricDifference(drawn.keys).sorted())")
    #expect(Set(OperatorRow.onUnsigned).subtracting(unsigned.keys).isEmpty, "\(Set(OperatorRow.onUnsigned).subtracting(unsigned.keys).sorted())")
    let onInt16 = Int16Activations.operators.union(Int16Activations.movements).union(Int16Activations.elementwise).union(["LOGISTIC", "TANH"])
    #expect(int16.isSuperset(of: onInt16), "\(onInt16.subtracting(int16))")
    #expect(drawn.values.allSatisfy { $0 > 2 }, "\(drawn)")
    #expect(types == [.int8, .uint8, .int16, .int32, .int64, .float32])
  }

  /// Networks of uint8 are taken as such, and their weights have zero points, some beyond int8.
  @Test func unsignedNetworksAreRead() {
    let graphs = (0..<300).compactMap { RandomNetwork(seed: $0, count: 8).assembled }.filter { !$0.recentered.isEmpty }
    #expect(graphs.count > 20)
    #expect(graphs.contains { graph in graph.nodes.contains { $0.operation is any Accumulating && graph.tensors[$0.inputs[1]].type == .int16 } })
  }

  /// Most networks of int16 have rows that suit all who read them, and are compiled; the others are refused for that.
  @Test func int16NetworksAreCompiled() throws {
    let graphs = (0..<500).compactMap { RandomNetwork(seed: $0, count: 8).assembled }.filter { graph in
      graph.nodes.contains { ($0.operation is any Accumulating || $0.operation is MaxPool2D) && graph.isInt16($0) }
    }
    var refused = 0
    for graph in graphs {
      try graph.validate()
      do {
        let mapping = try Mapper.map(graph, for: .edge64)
        #expect(mapping.hardware.extensions.contains(.int16) && !mapping.int16.isEmpty)
      } catch let error as MappingError {
        #expect(refusesRows(error), "\(error)")
        refused += 1
      }
    }
    #expect(graphs.count > 15 && refused * 5 < graphs.count, "\(refused) of \(graphs.count) refused")
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
      #expect(try #require(small.assembled).partition.accelerator.nodes.filter { !($0.operation is Quantize) }.count == 1, "\(small)")
      try small.assembled?.validate()
    }
  }
}
