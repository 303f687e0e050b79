import Model
import Testing

@Suite struct PadTests {
  func layer(_ shape: [Int], _ amounts: [Int32], _ output: [Int]) -> Graph {
    graph(
      Pad(), [activation(shape, zeroPoint: 7), integers([shape.count, 2], amounts)],
      output: activation(output, zeroPoint: 7))
  }

  @Test func bordersAreZeroPoints() throws {
    #expect(try run(layer([2], [1, 2], [5]), [3, 4]) == [7, 3, 4, 7, 7])
    #expect(
      try run(layer([1, 2, 1, 2], [0, 0, 1, 0, 0, 1, 0, 0], [1, 3, 2, 2]), [1, 2, 3, 4])
        == [7, 7, 7, 7, 1, 2, 7, 7, 3, 4, 7, 7])
    let pad = layer([2], [1, 2], [5])
    #expect(Pad().amounts(pad.nodes[0], in: pad).map { [$0.before, $0.after] } == [[1, 2]])
  }

  @Test func theBorderIsFilledAndNothingElse() throws {
    let pad = layer([2, 3, 1], [1, 0, 0, 2, 1, 1], [3, 5, 3])
    try expectMoves(pad, fill: 7) { index in
      let place = [index[0] - 1, index[1], index[2] - 1]
      return zip(place, [2, 3, 1]).allSatisfy { (0..<$1).contains($0) } ? place : nil
    }
    let none = layer([2], [0, 0], [2])
    #expect(Pad().fill(none.nodes[0], in: none) == nil)
  }

  @Test func aBorderOfAnyValue() throws {
    func layer(_ value: Tensor) -> Graph {
      graph(Pad(name: "PADV2"), [activation([2], zeroPoint: 7), integers([1, 2], [1, 1]), value], output: activation([4], zeroPoint: 7))
    }
    #expect(try run(layer(weights([], [-5], zeroPoint: 7)), [1, 2]) == [-5, 1, 2, -5])
    #expect(validationError(layer(weights([2], [1, 2], zeroPoint: 7))).message.hasPrefix("the value of the border must be one constant "))
    #expect(validationError(layer(activation([1], zeroPoint: 7))).message.hasPrefix("the value of the border must be one constant "))
    #expect(validationError(layer(weights([], [1]))).category == .invalidQuantization)
  }

  @Test func amountsAreChecked() {
    #expect(validationError(layer([2], [1, -2], [1])).message.hasPrefix("negative padding -2"))
    #expect(validationError(layer([2], [1, 1], [5])).category == .invalidShape)
    #expect(validationError(layer([2], [.max, .max], [5])).category == .resourceLimit)
    let flat = graph(Pad(), [activation([2]), integers([2], [1, 1])], output: activation([4]))
    #expect(validationError(flat).category == .invalidShape)
    var short = layer([2], [1, 2], [5])
    short.tensors[1].constant = [1, 0, 0]
    #expect(validationError(short).message.hasPrefix("buffer has 3 bytes, shape 1x2 of int32 needs 8"))
  }
}
