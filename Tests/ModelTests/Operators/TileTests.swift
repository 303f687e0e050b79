import Model
import Testing

@Suite struct TileTests {
  @Test func dimensionsAreRepeated() throws {
    let tile = graph(Tile(), [activation([2, 1, 3]), integers([3], [2, 3, 1])], output: activation([4, 3, 3]))
    try expectMoves(tile) { [$0[0] % 2, 0, $0[2]] }
    #expect(Tile().moves(tile.nodes[0], in: tile).count == 1)
    let broadcast = graph(Tile(name: "BROADCAST_TO"), [activation([2, 1]), integers([3], [3, 2, 4])], output: activation([3, 2, 4]))
    try expectMoves(broadcast) { [$0[1], 0] }
  }

  @Test func shapesAreChecked() {
    func tile(_ multiples: [Int32], _ output: [Int]) -> String {
      validationError(graph(Tile(), [activation([2, 2]), integers([multiples.count], multiples)], output: activation(output))).message
    }
    #expect(tile([1, 2], [2, 4]) == "the graph passed validation")
    #expect(tile([2, 2], [2, 4]) == "2x2 repeated [2, 2] times is not 2x4 (operator 0 TILE, tensor 2 't')")
    #expect(tile([0, 2], [2, 4]).hasPrefix("2x2 repeated [0, 2] times"))
    #expect(tile([2], [4, 2]).hasPrefix("there are 1 multiples for rank 2 "))
    let broadcast = graph(Tile(name: "BROADCAST_TO"), [activation([2]), integers([1], [4])], output: activation([4]))
    #expect(validationError(broadcast).message.hasPrefix("2 cannot be broadcast to 4 "))
  }
}
