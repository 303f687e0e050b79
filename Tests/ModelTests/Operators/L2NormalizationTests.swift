import Model
import Testing

@Suite struct L2NormalizationTests {
  private func normalized(_ shape: [Int], zeroPoint: Int, _ bytes: [Int8]) throws -> [Int] {
    let output = activation(shape, scale: 1 / 128), graph = graph(L2Normalization(), [activation(shape, scale: 0.02, zeroPoint: zeroPoint)], output: output)
    try L2Normalization().validateOnHost(graph.nodes[0], in: graph)
    var store = TensorStore(graph)
    store[0] = bytes.map { UInt8(bitPattern: $0) }
    L2Normalization().evaluate(graph.nodes[0], in: graph, on: &store)
    return output.integers(store[1])
  }

  /// 3 and 4 are 0.6 and 0.8 of their length; a single element is 1, which the output cannot hold.
  @Test func rowsGetLengthOne() throws {
    #expect(try normalized([1, 2], zeroPoint: 0, [3, 4]) == [77, 102])
    #expect(try normalized([2, 2], zeroPoint: 1, [4, 5, -2, -3]) == [77, 102, -77, -102])
    #expect(try normalized([3, 1], zeroPoint: -128, [127, -128, -127]) == [127, 0, 127])
    #expect(try normalized([1, 4], zeroPoint: 0, [-128, -128, -128, -128]) == [-64, -64, -64, -64])
  }

  @Test func theOutputHasOneScale() {
    let wrong = graph(L2Normalization(), [activation([4])], output: activation([4]))
    #expect(throws: ModelError.self) { try L2Normalization().validateOnHost(wrong.nodes[0], in: wrong) }
    #expect(validationError(wrong).message.hasPrefix("L2_NORMALIZATION is not supported inside of a network"))
  }
}
