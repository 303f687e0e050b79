import Machine
import Model
import Testing

@testable import Mapper

/// What becomes of networks that are to be rounded as ONNX Runtime does.
@Suite struct RoundingDifferencesTests {
  /// A row of four bytes times weights of one; sums −508...512 times `inputScale`.
  private func network(_ inputScale: Float, _ rounding: Rounding) -> Graph {
    let one = Quantization(scale: 1, zeroPoint: 0)
    var graph = Graph(
      name: "row",
      tensors: [
        Tensor(name: "x", shape: [1, 4], type: .int8, quantization: Quantization(scale: inputScale, zeroPoint: 0)),
        Tensor(name: "w", shape: [2, 4], type: .int8, quantization: one, constant: [1, 1, 1, 1, 2, 1, 1, 0]),
        Tensor(name: "y", shape: [1, 2], type: .int8, quantization: one),
      ], nodes: [Node(index: 0, operation: FullyConnected(), inputs: [0, 1], outputs: [2])], inputs: [0], outputs: [2])
    graph.rounding = rounding
    return graph
  }

  private func message(_ graph: Graph) -> String? {
    do {
      _ = try map(graph, for: .edge16)
      return nil
    } catch {
      return (error as? MappingError)?.message
    }
  }

  @Test func whatHasAnEqualIsCompiledExactly() throws {
    let mapping = try map(network(0.3137, .exact), for: .edge16)
    #expect(mapping.roundings.isNone && mapping.roundings.layers.map(\.channels) == [2])
    #expect(mapping.parameters.filter { $0.multiplier > 1 << 30 }.allSatisfy { !$0.doubleRounding })
  }

  @Test func tiesAreRefusedOrCounted() throws {
    // Every odd sum is a tie; half of these go down to the even step where halves up go up.
    let text = "operator 0 FULLY_CONNECTED, tensor 2 'y': one step at "
    let refused = try #require(message(network(0.5, .exact)))
    #expect(refused.hasPrefix("the post unit cannot round as ONNX Runtime does at every sum (" + text))
    #expect(refused.hasSuffix("; compile with --rounding nearest, or choose other scales"))
    let mapping = try map(network(0.5, .nearest), for: .edge16)
    #expect(mapping.roundings.lines(in: mapping.graph).allSatisfy { $0.hasPrefix(text) && $0.hasSuffix(" of 2042 sums, in 2 of 2 channels") })
    #expect(!mapping.roundings.isNone)
  }

  @Test func otherFormatsAreNotAsked() throws {
    #expect(try map(network(0.5, .fixedPoint), for: .edge16).roundings.layers.isEmpty)
  }
}

@Suite struct UndecidedSumsTests {
  /// By trying all sums.
  @Test func sumsNearHalvesAreCounted() {
    for (factor, tolerance) in [(0.25, 1e-4), (1 / 3.0, 1e-3), (0.7, 0.12), (3.5, 0.01), (0.01, 0.035)] {
      for sums in [-1_000...1_000, 3...500, -70 ... -3] {
        let steps = -100...90
        let expected = sums.filter { sum in
          let place = Double(sum) * factor + 0.5, step = place.rounded()
          return abs(place - step) <= tolerance && steps.contains(Int(step))
        }
        #expect(RoundingDifference(undecided: sums, factor, tolerance, steps) == RoundingDifference(sums: expected.count, of: sums.count))
      }
    }
  }
}
