import Model
import Testing

@Suite struct GatherTests {
  private func layer(_ axis: Int, _ indices: Tensor, _ output: [Int]) -> Graph {
    graph(Gather(axis: axis), [activation([2, 3, 2]), indices], output: activation(output))
  }

  @Test func slicesInAnyOrder() throws {
    let order = [2, 0, 0, 1]
    try expectMoves(layer(1, integers([4], order.map { Int32($0) }), [2, 4, 2])) { [$0[0], order[$0[1]], $0[2]] }
    try expectMoves(layer(-1, integers([2, 1], [1, 0]), [2, 3, 2, 1])) { [$0[0], $0[1], 1 - $0[2]] }
    try expectMoves(layer(0, integers([], [1]), [3, 2])) { [1, $0[0], $0[1]] }
    let backwards = layer(1, integers([3], [2, 1, 0]), [2, 3, 2])
    #expect(Gather(axis: 1).moves(backwards.nodes[0], in: backwards).count == 1)
  }

  @Test func indicesAreChecked() {
    #expect(validationError(layer(1, integers([2], [0, 3]), [2, 2, 2])).message
      == "index 3 is out of range for 3 elements (operator 0 GATHER, tensor 1 'b')")
    #expect(validationError(layer(1, integers([1], [-1]), [2, 1, 2])).message.hasPrefix("index -1 is out of range"))
    #expect(validationError(layer(3, integers([1], [0]), [2, 1, 2])).message.hasPrefix("GATHER axis 3 is out of range for rank 3 "))
    #expect(validationError(layer(1, integers([2], [0, 1]), [2, 3, 2])).message.hasPrefix("output shape is 2x3x2, but 2x2x2 is computed "))
    #expect(validationError(layer(1, activation([1]), [2, 1, 2])).message.hasPrefix("indices that are computed are not supported "))
  }
}
