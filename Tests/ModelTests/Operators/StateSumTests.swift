import Testing

@testable import Model

/// Against TensorFlow Lite Micro as part of `SingularValueFilter`: `ReferenceVectorTests`.
@Suite struct StateSumTests {
  private func times(_ shape: [Int], _ values: [Int], scale: Float = 1) -> Tensor {
    Tensor(
      name: "w", shape: shape, type: .int16, quantization: Quantization(scale: scale, zeroPoint: 0), constant: Elements.bytes(values, .int16))
  }

  private func layer(
    rank: Int = 1, _ weights: Tensor, bias: Tensor? = nil, state: Tensor, output: Tensor = activation([1, 2], scale: 2), activation: Activation = .none
  ) -> Graph { graph(StateSum(rank: rank, activation: activation), [state, weights, bias], output: output) }

  private func outputs(_ graph: Graph, _ state: [Int]) throws -> [Int] {
    Elements.integers(try GoldenModel(graph).run(inputs: [Elements.bytes(state, .int16)])[graph.outputs[0]] ?? [], .int8)
  }

  @Test func sumsOverTimeAndFilters() throws {
    let weights = times([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]), state = int16Activation([1, 8])
    // 1 + 4 + 9 + 16 + 10 and 25 + 36 + 49 + 64 − 5, halved.
    let unit = layer(rank: 2, weights, bias: integers([2], [10, -5]), state: state)
    #expect(try outputs(unit, [1, 2, 3, 4, 5, 6, 7, 8]) == [20, 85])
    #expect(unit.multiplyAccumulates == 8)
    let filters = layer(weights, state: state, output: activation([1, 4], scale: 2, zeroPoint: -10), activation: .relu)
    #expect(try outputs(filters, [1, 0, 0, 1, -5, 0, 0, -1]) == [-9, -8, -10, -10])
  }

  /// The reference leaves open what happens beyond 32 bits.
  @Test func sumsDoNotOverflow() throws {
    // 5·2^30 and as much below zero. 10·2^30 times the multiplier, 2^30, are 2^64 too many.
    for (memory, expected) in [(3, [40, -40]), (8, [-48, 48])] {
      let weights = times([2, memory], [Int](repeating: -32_768, count: 2 * memory))
      let graph = layer(
        weights, bias: integers([2], [.max, .min]), state: int16Activation([1, 2 * memory]), output: activation([1, 2], scale: 0x1p27))
      #expect(try outputs(graph, [Int](repeating: -32_768, count: memory) + [Int](repeating: 32_767, count: memory)) == expected)
    }
  }

  @Test func whatItNeedsIsChecked() {
    func message(_ graph: Graph) -> String { validationError(graph).message }
    let state = int16Activation([1, 4]), weights = times([2, 2], [1, 2, 3, 4])
    #expect(message(layer(weights, state: int16Activation([1, 5]))).hasPrefix("state's shape is 1x5, but 1x4 is computed"))
    #expect(message(layer(weights, state: activation([1, 4]))).hasPrefix("the state must be int16, is int8"))
    #expect(message(layer(times([4], [1, 2, 3, 4]), state: state)).hasPrefix("SVDF weights over time must be rank 2, is rank 1"))
    #expect(message(layer(weights_int8, state: state)).hasPrefix("weights over time must be int16 constants, are int8"))
    #expect(message(layer(rank: 0, weights, state: state)).hasPrefix("2 filters are no units of rank 0"))
    #expect(message(layer(rank: 3, weights, state: state)).hasPrefix("2 filters are no units of rank 3"))
    #expect(message(layer(rank: 2, weights, state: state)).hasPrefix("output shape is 1x2, but 1x1 is computed"))
    #expect(message(layer(weights, bias: integers([3], [1, 2, 3]), state: state)).hasPrefix("bias has 3 elements for 2 units"))
    #expect(message(layer(weights, bias: int64Integers([2], [1, 2]), state: state)).hasPrefix("bias must be an int32 constant, is int64"))
    #expect(message(layer(weights, state: state, output: activation([1, 2]))).hasPrefix("multiplier state·weight/output scale = 1.0 is out of range"))
    var shifted = weights
    shifted.quantization.zeroPoints = [1]
    #expect(message(layer(shifted, state: state)).hasPrefix("int16 weights must have zero point 0, have 1"))
    let long = times([1, 65_536], [Int](repeating: 1, count: 65_536))
    #expect(
      message(layer(long, state: int16Activation([1, 65_536]), output: activation([1, 1], scale: 2)))
        .hasPrefix("sums of 65536 products are not supported, only of up to 65535"))
  }

  private var weights_int8: Tensor { weights([2, 2], [1, 2, 3, 4]) }
}
