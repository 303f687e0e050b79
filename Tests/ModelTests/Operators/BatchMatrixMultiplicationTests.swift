import Model
import Testing

@Suite struct BatchMatrixMultiplicationTests {
  private func product(_ first: [Int], _ second: [Int], _ output: [Int], _ operation: BatchMatrixMultiplication = .init()) -> Graph {
    graph(operation, [activation(first, zeroPoint: 1), activation(second, zeroPoint: -1)], output: activation(output, zeroPoint: 2))
  }

  /// Σ (a − 1)(b + 1) + 2.
  @Test func products() throws {
    #expect(try run(product([2, 2], [2, 1], [2, 1]), [2, 3, 0, 1], [4, 5]) == [19, -3])
    #expect(try run(product([2, 2], [2, 1], [2, 1], .init(transposesFirst: true)), [2, 0, 3, 1], [4, 5]) == [19, -3])
    #expect(try run(product([1, 2], [3, 2], [1, 3], .init(transposesSecond: true)), [2, 3], [0, 0, 1, 0, 0, 1]) == [5, 6, 7])
    #expect(product([2, 3, 4], [2, 4, 5], [2, 3, 5]).nodes[0].operation.multiplyAccumulates(
      product([2, 3, 4], [2, 4, 5], [2, 3, 5]).nodes[0], in: product([2, 3, 4], [2, 4, 5], [2, 3, 5])) == 2 * 3 * 4 * 5)
  }

  /// Leading dimensions of 1 repeat, absent ones, too.
  @Test func matricesRepeat() throws {
    let sizes = BatchMatrixMultiplication().sizes(product([2, 1, 1, 2], [3, 2, 1], [2, 3, 1, 1]).nodes[0], in: product([2, 1, 1, 2], [3, 2, 1], [2, 3, 1, 1]))
    #expect(sizes?.leading == [2, 3] && sizes?.pairs.map(\.first) == [0, 0, 0, 1, 1, 1] && sizes?.pairs.map(\.second) == [0, 1, 2, 0, 1, 2])
    #expect(try run(product([2, 1, 1], [1, 1], [2, 1, 1]), [2, 3], [4]) == [7, 12])
  }

  @Test func whatDoesNotFitIsRefused() {
    #expect(
      validationError(product([2, 3], [2, 3], [2, 3])).message
        == "matrices of shape 2x3 and 2x3 have no product (operator 0 BATCH_MATMUL, tensor 1 't')")
    #expect(validationError(product([2, 3, 3], [3, 3, 3], [3, 3, 3])).category == .invalidShape)
    #expect(validationError(product([3], [3, 1], [1])).category == .invalidShape)
    #expect(validationError(product([2, 2], [2, 2], [2, 3])).category == .invalidShape)
    let tiny = graph(BatchMatrixMultiplication(), [activation([1, 1]), activation([1, 1])], output: activation([1, 1], scale: 1e-30))
    #expect(validationError(tiny).category == .invalidQuantization)
  }

  /// A transposed first operand is transposed before; a constant matrix becomes weights, in their order.
  @Test func parts() throws {
    var any = product([3, 2], [3, 2], [2, 2], .init(transposesFirst: true))
    #expect(any.decomposed.nodes.map(\.operation.name) == ["TRANSPOSE", "BATCH_MATMUL"])
    any = graph(BatchMatrixMultiplication(), [activation([1, 2]), weights([2, 3], [1, 2, 3, 4, 5, 6])], output: activation([1, 3]))
    let parts = any.decomposed, node = parts.nodes[0]
    #expect(node.operation.name == "FULLY_CONNECTED" && parts.tensors[node.inputs[1]].shape == [3, 2])
    #expect(parts.tensors[node.inputs[1]].int8Values() == [1, 4, 2, 5, 3, 6])
    #expect(try run(any, [1, 10]) == [41, 52, 63] && run(parts, [1, 10]) == [41, 52, 63])
  }
}
