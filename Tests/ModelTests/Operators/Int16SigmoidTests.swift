import Foundation
import Testing

@testable import Model

/// Against TensorFlow Lite Micro: `ReferenceVectorTests`.
@Suite struct Int16SigmoidTests {
  private func layer(_ isTangent: Bool, _ count: Int, scale: Float, output: Float = 1 / 32_768) -> Graph {
    graph(Int16Sigmoid(isTangent: isTangent), [int16Activation([count], scale: scale)], output: int16Activation([count], scale: output))
  }

  private func values(_ graph: Graph, _ x: [Int]) throws -> [Int] {
    try Int16Sigmoid(isTangent: false).validateOnHost(graph.nodes[0], in: graph)
    var store = TensorStore(graph)
    store[0] = Elements.bytes(x, .int16)
    graph.nodes[0].operation.evaluate(graph.nodes[0], in: graph, on: &store)
    return Elements.integers(store[1], .int16)
  }

  /// For all inputs; the multiplier of a scale that is no power of two has 15 bits.
  @Test(arguments: [0x1p-12, 0x1p-11, 0x1p-13, 0.000_3, 0.002, 1e-9, 5.3] as [Float])
  func theyAreTheirFunctions(scale: Float) throws {
    let x = Array(-32_768...32_767)
    for isTangent in [false, true] {
      let results = try values(layer(isTangent, x.count, scale: scale), x)
      let distances = zip(x, results).map { x, y in
        abs(Double(y) - 32_768 * (isTangent ? tanh(Double(x) * Double(scale)) : 1 / (1 + exp(-Double(x) * Double(scale)))))
      }
      #expect(distances.max() ?? 9 < 4, "\(isTangent)")
      #expect(zip(results, results.dropFirst()).allSatisfy { $0 <= $1 })
    }
  }

  /// TensorFlow Lite Micro takes a scale for a power of two that is within a thousandth of its exponent.
  @Test func scalesNearPowersOfTwoAreThose() throws {
    let x = Array(-32_768...32_767)
    for (isTangent, power) in [(false, 0x1p-12), (true, 0x1p-12), (true, 0x1p-11)] as [(Bool, Float)] {
      let exact = try values(layer(isTangent, x.count, scale: power), x)
      for factor in [1.000_3, 0.999_6] as [Float] { #expect(try values(layer(isTangent, x.count, scale: power * factor), x) == exact) }
      #expect(try values(layer(isTangent, x.count, scale: power * 1.000_8), x) != exact)
    }
  }

  @Test func someValues() throws {
    #expect(try values(layer(false, 3, scale: 1), [-32_768, 0, 32_767]) == [1, 16_384, 32_767])
    #expect(try values(layer(true, 3, scale: 1), [-32_768, 0, 32_767]) == [-32_767, 0, 32_767])
  }

  @Test func whatTheyNeedIsChecked() throws {
    func message(_ graph: Graph) -> String {
      do throws(ModelError) { try Int16Sigmoid(isTangent: true).validateOnHost(graph.nodes[0], in: graph) } catch { return error.message }
      return ""
    }
    #expect(message(layer(true, 2, scale: 1)).isEmpty)
    #expect(message(layer(true, 2, scale: 5.4)).hasPrefix("input scale 5.4 is out of range, must be less than 5.3"))
    #expect(message(layer(true, 2, scale: 1, output: 0.5)).hasPrefix("TANH on int16 must have zero points 0 and output scale 1/32768"))
    // On the accelerator, too.
    try layer(true, 2, scale: 1).validate()
    #expect(validationError(layer(false, 2, scale: 5.4)).message.hasPrefix("input scale 5.4 is out of range"))
  }
}
