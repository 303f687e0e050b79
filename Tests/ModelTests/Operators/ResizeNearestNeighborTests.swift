import Model
import Testing

@Suite struct ResizeNearestNeighborTests {
  private func layer(_ input: (Int, Int), _ output: (Int, Int), _ resize: ResizeNearestNeighbor = ResizeNearestNeighbor()) -> Graph {
    graph(
      resize, [activation([1, input.0, input.1, 2]), integers([2], [Int32(output.0), Int32(output.1)])],
      output: activation([1, output.0, output.1, 2]))
  }

  /// The formula in double, which agrees wherever no index is close to a whole number.
  @Test func theNearestPixelIsCopied() throws {
    var random = SplitMix64(seed: movementSeed)
    for _ in 0..<60 {
      func pick() -> Int { Int.random(in: 1...9, using: &random) }
      let (input, output) = ((pick(), pick()), (pick(), pick()))
      let resize = ResizeNearestNeighbor(alignsCorners: Bool.random(using: &random), halfPixelCenters: Bool.random(using: &random))
      func source(_ i: Int, _ m: Int, _ n: Int) -> Int {
        let scale = resize.alignsCorners && n > 1 ? Float(m - 1) / Float(n - 1) : Float(m) / Float(n)
        let place = (Float(i) + (resize.halfPixelCenters ? 0.5 : 0)) * scale
        return min(m - 1, Int(resize.alignsCorners ? (place + 0.5).rounded(.down) : place.rounded(.down)))
      }
      try expectMoves(layer(input, output, resize)) { index in
        [index[0], source(index[1], input.0, output.0), source(index[2], input.1, output.1), index[3]]
      }
    }
  }

  @Test func directedRows() throws {
    func row(_ count: Int, _ resize: ResizeNearestNeighbor) throws -> [Int8] {
      let values = try run(layer((1, 3), (1, count), resize), [0, 0, 1, 1, 2, 2])
      return stride(from: 0, to: values.count, by: 2).map { values[$0] }
    }
    #expect(try row(6, ResizeNearestNeighbor()) == [0, 0, 1, 1, 2, 2])
    #expect(try row(4, ResizeNearestNeighbor()) == [0, 0, 1, 2])
    #expect(try row(4, ResizeNearestNeighbor(alignsCorners: true)) == [0, 1, 1, 2])
    #expect(try row(4, ResizeNearestNeighbor(halfPixelCenters: true)) == [0, 1, 1, 2])
    #expect(try row(4, ResizeNearestNeighbor(alignsCorners: true, halfPixelCenters: true)) == [0, 1, 2, 2])
    #expect(try row(5, ResizeNearestNeighbor(alignsCorners: true)) == [0, 1, 1, 2, 2])
  }

  @Test func wholeFactorsTakeAMoveForEachPositionInABlock() {
    func count(_ input: (Int, Int), _ output: (Int, Int), _ resize: ResizeNearestNeighbor = ResizeNearestNeighbor()) -> Int {
      let layer = layer(input, output, resize)
      return resize.moves(layer.nodes[0], in: layer).count
    }
    #expect(count((40, 30), (80, 60)) == 4)
    #expect(count((40, 30), (80, 60), ResizeNearestNeighbor(halfPixelCenters: true)) == 4)
    #expect(count((40, 30), (80, 60), ResizeNearestNeighbor(alignsCorners: true)) <= 16)
    #expect(count((7, 5), (21, 15)) == 9)
    #expect(count((12, 12), (4, 6)) == 1)
    #expect(count((6, 6), (9, 9)) == 9)
  }

  @Test func sizesAreChecked() {
    var wrong = layer((2, 2), (4, 4))
    wrong.tensors[1] = integers([2], [4, 5])
    #expect(validationError(wrong).message.hasPrefix("output shape is 1x4x4x2, but 1x4x5x2 is computed "))
    wrong.tensors[1] = integers([1], [4])
    #expect(validationError(wrong).message.hasPrefix("there are 1 sizes, expected 2 "))
    #expect(validationError(layer((1, 1), (1, 20_000))).message.hasPrefix("resizing to [1, 20000] is beyond 16384 "))
    let odd = layer((401, 401), (647, 647))
    #expect(validationError(odd).message.hasPrefix("resizing 401x401 to 647x647 takes "))
    #expect(validationError(odd).message.hasSuffix("resize by a whole factor"))
  }
}
