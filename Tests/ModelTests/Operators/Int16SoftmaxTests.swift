import Testing

@testable import Model

/// Against TensorFlow Lite Micro: `ReferenceVectorTests`.
@Suite struct Int16SoftmaxTests {
  private func layer(_ shape: [Int], scale: Float = 0x1p-12, beta: Float = 1, _ change: (inout Graph) -> Void = { _ in }) -> Graph {
    var result = graph(Int16Softmax(beta: beta), [int16Activation(shape, scale: scale)], output: int16Activation(shape, scale: 1 / 32_768))
    change(&result)
    return result
  }

  private func softmax(_ graph: Graph, _ x: [Int]) throws -> [Int] {
    try Int16Softmax().validateOnHost(graph.nodes[0], in: graph)
    var store = TensorStore(graph)
    store[0] = Elements.bytes(x, .int16)
    graph.nodes[0].operation.evaluate(graph.nodes[0], in: graph, on: &store)
    return Elements.integers(store[1], .int16)
  }

  @Test func rowsAddUpToOne() throws {
    #expect(try softmax(layer([2, 2]), [0, 0, -32_768, 32_767]) == [16_384, 16_384, 2, 32_766])
    #expect(try softmax(layer([3, 1]), [-32_768, 5, 32_767]) == [32_767, 32_767, 32_767])
    // ln 2 makes one twice the other.
    #expect(try softmax(layer([2], scale: 0x1p-14), [11_357, 0]) == [21_845, 10_922])
    #expect(try softmax(layer([2], scale: 0x1p-14, beta: 2), [5_678, 0]) == [21_844, 10_924])
    #expect(try softmax(layer([1, 3], scale: 0x1p-10, beta: 0.5), [1_000, 2_000, 3_000]) == [6_201, 10_103, 16_464])
  }

  @Test func longRowsAreAdded() throws {
    let row = try softmax(layer([65_535], scale: 1), [Int](repeating: 7, count: 65_535))
    #expect(row.allSatisfy { $0 == 0 || $0 == 1 })
  }

  @Test func whatItNeedsIsChecked() {
    func message(_ graph: Graph) -> String {
      do throws(ModelError) { try Int16Softmax(beta: (graph.nodes[0].operation as? Int16Softmax)?.beta ?? 0).validateOnHost(graph.nodes[0], in: graph) } catch {
        return error.message
      }
      return ""
    }
    #expect(message(layer([2, 3])).isEmpty)
    #expect(message(layer([2]) { $0.tensors[1].quantization.scales = [0.5] }).hasPrefix("SOFTMAX on int16 must have zero points 0 and output scale 1/32768"))
    #expect(message(layer([2]) { $0.tensors[0].quantization.zeroPoints = [1] }).hasPrefix("SOFTMAX on int16 must have zero points 0"))
    #expect(message(layer([65_536])).hasPrefix("SOFTMAX over 65536 elements is not supported, at most 65535"))
    #expect(message(layer([2], scale: 5.1)).hasPrefix("beta·input scale = 5.0") && message(layer([2], scale: 4.9)).isEmpty)
    #expect(message(layer([2], beta: .nan)).hasPrefix("SOFTMAX beta is nan") && message(layer([2], beta: 0)).hasPrefix("SOFTMAX beta is 0.0"))
    #expect(message(layer([2]) { $0.tensors[1].type = .int8 }).hasPrefix("SOFTMAX from int16 to int8 is not supported"))
    #expect(message(layer([2, 0])).hasPrefix("shape 2x0 has an empty dimension") && !message(layer([])).isEmpty)
    #expect(message(layer([2]) { $0.tensors[1].shape = [3] }).hasPrefix("output shape is 3"))
    #expect(validationError(layer([2])).message.hasPrefix("SOFTMAX of int16 is not supported inside of a network, only at its end"))
  }

  /// The extremes of factor and difference trap nowhere.
  @Test func extremesAreDefined() throws {
    for scale in [Float.leastNonzeroMagnitude, 1e-30, 1e-3, 4.999_9] {
      for row in [[-32_768, 32_767], [32_767, 32_767], [-32_768, -32_768]] { #expect(try softmax(layer([2], scale: scale), row).reduce(0, +) > 32_000) }
    }
  }
}
