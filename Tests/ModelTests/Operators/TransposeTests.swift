import Model
import Testing

@Suite struct TransposeTests {
  @Test func randomPermutations() throws {
    var random = SplitMix64(seed: movementSeed)
    for _ in 0..<40 {
      let shape = (0..<Int.random(in: 1...5, using: &random)).map { _ in Int.random(in: 1...4, using: &random) }
      let order = Array(shape.indices).shuffled(using: &random)
      let layer = graph(
        Transpose(), [activation(shape), integers([shape.count], order.map { Int32($0) })], output: activation(order.map { shape[$0] }))
      try expectMoves(layer) { index in shape.indices.map { index[order.firstIndex(of: $0)!] } }
    }
  }

  @Test func ordersAreChecked() {
    func error(_ order: [Int32], _ output: [Int] = [3, 2]) -> String {
      validationError(graph(Transpose(), [activation([2, 3]), integers([order.count], order)], output: activation(output))).message
    }
    #expect(error([1, 0]) == "the graph passed validation")
    #expect(error([0, 0]) == "[0, 0] is no permutation of 2 dimensions (operator 0 TRANSPOSE, tensor 1 'b')")
    #expect(error([1, -2]).hasPrefix("[1, -2] is no permutation"))
    #expect(error([0]).hasPrefix("there are 1 dimensions of a permutation for rank 2 "))
    #expect(error([1, 0], [2, 3]).hasPrefix("output shape is 2x3, but 3x2 is computed "))
  }
}
