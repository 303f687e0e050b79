import Model
import Testing

@Suite struct ArgMaxTests {
  private func result(_ operation: ArgMax, _ input: Tensor, _ axis: Int32, _ bytes: [UInt8], shape: [Int]) throws -> [Int] {
    let output = Tensor(name: "y", shape: shape, type: .int32)
    let graph = graph(operation, [input, integers([1], [axis])], output: output)
    try operation.validateOnHost(graph.nodes[0], in: graph)
    var store = TensorStore(graph)
    store[0] = bytes
    operation.evaluate(graph.nodes[0], in: graph, on: &store)
    return output.integers(store[2])
  }

  /// The first of equals counts, whichever dimension it is.
  @Test func theFirstExtremeCounts() throws {
    let bytes: [UInt8] = [3, 0xFF, 7, 7, 0x80, 1]
    #expect(try result(ArgMax(), activation([2, 3]), -1, bytes, shape: [2]) == [2, 0])
    #expect(try result(ArgMax(), activation([2, 3]), 0, bytes, shape: [3]) == [1, 0, 0])
    #expect(try result(ArgMax(isMinimum: true), activation([2, 3]), 1, bytes, shape: [2]) == [1, 1])
    #expect(try result(ArgMax(), activation([4]), 0, [5, 9, 9, 1], shape: []) == [1])
    let float = Tensor(name: "x", shape: [3], type: .float32)
    #expect(try result(ArgMax(), float, 0, [0, 0, 0x80, 0xBF, 0, 0, 0, 0x40, 0, 0, 0x80, 0x3F], shape: []) == [1])
  }

  @Test func shapesAndTypesAreChecked() {
    #expect(throws: ModelError.self) { try result(ArgMax(), activation([4]), 0, [0, 0, 0, 0], shape: [1]) }
    #expect(throws: ModelError.self) { try result(ArgMax(), activation([4]), 1, [0, 0, 0, 0], shape: []) }
    let inside = graph(ArgMax(), [activation([4]), integers([1], [0])], output: Tensor(name: "y", shape: [], type: .int32))
    #expect(validationError(inside).message == "ARG_MAX is not supported inside of a network, only at its end (operator 0 ARG_MAX)")
  }
}
