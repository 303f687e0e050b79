import Model
import Testing

@Suite struct SpaceToBatchTests {
  @Test func positionsBecomeImagesAndBack() throws {
    var random = SplitMix64(seed: movementSeed)
    for _ in 0..<40 {
      func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
      let dimensions = pick(1...2), images = pick(1...2), depth = pick(1...3)
      let blocks = (0..<dimensions).map { _ in pick(1...3) }, sizes = (0..<dimensions).map { _ in pick(1...4) }
      let before = blocks.map { min(pick(0...2), $0) }
      var after = blocks.map { _ in pick(0...1) }
      for index in 0..<dimensions where before[index] + after[index] >= blocks[index] * sizes[index] { after[index] = 0 }
      let inner = (0..<dimensions).map { blocks[$0] * sizes[$0] - before[$0] - after[$0] }
      guard inner.allSatisfy({ $0 > 0 }) else { continue }
      let fine = [images] + inner + [depth], coarse = [images * blocks.reduce(1, *)] + sizes + [depth]
      let constants = [
        integers([dimensions], blocks.map { Int32($0) }),
        integers([dimensions, 2], (0..<dimensions).flatMap { [Int32(before[$0]), Int32(after[$0])] }),
      ]
      let split = graph(SpaceToBatch(), [activation(fine, zeroPoint: 5)] + constants, output: activation(coarse, zeroPoint: 5))
      try expectMoves(split, fill: 5) { index in
        let offsets = indices(index[0] / images, blocks)
        let place: [Int] = (0..<dimensions).map { index[$0 + 1] * blocks[$0] + offsets[$0] - before[$0] }
        let isInside = zip(place, inner).allSatisfy { (0..<$1).contains($0) }
        return isInside ? [index[0] % images] + place + [index[dimensions + 1]] : nil
      }
      let join = graph(SpaceToBatch(name: "BATCH_TO_SPACE_ND"), [activation(coarse)] + constants, output: activation(fine))
      try expectMoves(join) { index in
        let place = (0..<dimensions).map { index[$0 + 1] + before[$0] }
        var block = 0
        for dimension in 0..<dimensions { block = block * blocks[dimension] + place[dimension] % blocks[dimension] }
        let inside: [Int] = zip(place, blocks).map { $0 / $1 }
        return [block * images + index[0]] + inside + [index[dimensions + 1]]
      }
    }
  }

  /// The hardware pads first: the parts move the same bytes.
  @Test func paddingIsAPartOfItsOwn() throws {
    let layer = graph(
      SpaceToBatch(), [activation([1, 3, 2, 2], zeroPoint: 5), integers([2], [2, 3]), integers([2, 2], [1, 0, 0, 4])],
      output: activation([6, 2, 2, 2], zeroPoint: 5))
    let parts = layer.decomposed, values = (1...12).map { Int8($0) }
    try parts.validate()
    #expect(parts.nodes.map(\.operation.name) == ["PAD", "SPACE_TO_BATCH_ND"] && parts.tensors[parts.nodes[0].outputs[0]].shape == [1, 4, 6, 2])
    #expect(try run(parts, values) == run(layer, values))
    let plain = graph(
      SpaceToBatch(), [activation([1, 2, 2, 1]), integers([2], [2, 2]), integers([2, 2], [0, 0, 0, 0])], output: activation([4, 1, 1, 1]))
    #expect(plain.decomposed.nodes.count == 1)
  }

  @Test func blocksAreChecked() {
    func error(_ blocks: [Int32], _ amounts: [Int32], _ output: [Int]) -> String {
      validationError(
        graph(SpaceToBatch(), [activation([1, 4, 1]), integers([blocks.count], blocks), integers([1, 2], amounts)], output: activation(output))
      ).message
    }
    #expect(error([2], [0, 0], [2, 2, 1]) == "the graph passed validation")
    #expect(error([3], [0, 0], [3, 2, 1]).hasPrefix("1x4x1 does not become 3x2x1 with blocks of [3] and amounts [0, 0] "))
    #expect(error([0], [0, 0], [2, 2, 1]).hasPrefix("blocks of [0] positions, at most 4096 are supported "))
    #expect(error([2], [-1, 1], [2, 2, 1]).hasPrefix("amount -1 is out of range "))
    #expect(error([2], [0, 0], []).hasPrefix("SPACE_TO_BATCH_ND output must be rank 3 to 4, is rank 0 "))
    #expect(error([2, 2], [0, 0], [2, 2, 1]).hasPrefix("2 block sizes and 2 amounts for 1 dimensions "))
  }
}
