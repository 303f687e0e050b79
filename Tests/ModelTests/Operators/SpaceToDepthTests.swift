import Model
import Testing

@Suite struct SpaceToDepthTests {
  @Test func blocksBecomeChannelsAndBack() throws {
    var random = SplitMix64(seed: movementSeed)
    for _ in 0..<20 {
      let size = Int.random(in: 1...3, using: &random)
      let few = (0..<4).map { _ in Int.random(in: 1...3, using: &random) }
      let fine = [few[0], few[1] * size, few[2] * size, few[3]], coarse = [few[0], few[1], few[2], few[3] * size * size]
      try expectMoves(graph(SpaceToDepth(blockSize: size), [activation(fine)], output: activation(coarse))) { index in
        let place = index[3] / few[3]
        return [index[0], index[1] * size + place / size, index[2] * size + place % size, index[3] % few[3]]
      }
      try expectMoves(graph(DepthToSpace(blockSize: size), [activation(coarse)], output: activation(fine))) { index in
        [index[0], index[1] / size, index[2] / size, (index[1] % size * size + index[2] % size) * few[3] + index[3]]
      }
    }
  }

  @Test func blocksAreChecked() {
    func error(_ size: Int, _ output: [Int]) -> String {
      validationError(graph(SpaceToDepth(blockSize: size), [activation([1, 4, 4, 1])], output: activation(output))).message
    }
    #expect(error(2, [1, 2, 2, 4]) == "the graph passed validation")
    #expect(error(0, [1, 2, 2, 4]) == "blocks of 0x0 pixels (operator 0 SPACE_TO_DEPTH)")
    #expect(error(3, [1, 2, 2, 4]).hasPrefix("1x4x4x1 does not become 1x2x2x4 with blocks of 3x3 pixels "))
    #expect(error(.max, [1, 2, 2, 4]).hasPrefix("blocks of "))
  }
}
