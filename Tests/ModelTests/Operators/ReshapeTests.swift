import Model
import Testing

@Suite struct ReshapeTests {
  @Test func bytesStayTheSame() throws {
    let layer = graph(Reshape(), [activation([2, 3]), integers([2], [3, -1])], output: activation([3, 2]))
    #expect(try run(layer, [1, 2, 3, 4, 5, 6]) == [1, 2, 3, 4, 5, 6])
    try graph(Reshape(), [activation([2, 3])], output: activation([6])).validate()
    try graph(Reshape(name: "EXPAND_DIMS"), [activation([2, 3]), integers([], [1])], output: activation([2, 1, 3]))
      .validate()
    try graph(Reshape(name: "SQUEEZE"), [activation([2, 1, 3])], output: activation([2, 3])).validate()
  }

  @Test func shapesAreChecked() {
    func category(_ operation: Reshape, _ input: Tensor, _ target: Tensor?, _ output: Tensor) -> ModelError.Category {
      validationError(graph(operation, target.map { [input, $0] } ?? [input], output: output)).category
    }
    #expect(category(Reshape(), activation([6]), nil, activation([5])) == .invalidShape)
    #expect(category(Reshape(), activation([6]), integers([2], [2, 2]), activation([2, 3])) == .invalidShape)
    #expect(category(Reshape(), activation([6]), integers([2], [-1, -1]), activation([2, 3])) == .invalidShape)
    #expect(category(Reshape(), activation([6]), integers([2], [2, -3]), activation([2, 3])) == .invalidShape)
    #expect(category(Reshape(), activation([6]), activation([2]), activation([2, 3])) == .unsupported)
    #expect(category(Reshape(name: "SQUEEZE"), activation([2, 3]), nil, activation([3, 2])) == .invalidShape)
    #expect(category(Reshape(), activation([6]), nil, activation([6], scale: 2)) == .invalidQuantization)
    #expect(category(Reshape(), activation([6]), nil, activation([6], zeroPoint: 2)) == .invalidQuantization)
  }
}
