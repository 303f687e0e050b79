import Model
import Testing

@Suite struct ConcatenationTests {
  @Test func inputsLieSideBySide() throws {
    let columns = graph(Concatenation(axis: 1), [activation([2, 1]), activation([2, 2])], output: activation([2, 3]))
    #expect(try run(columns, [1, 2], [3, 4, 5, 6]) == [1, 3, 4, 2, 5, 6])
    let rows = graph(Concatenation(axis: -2), [activation([1, 2]), weights([2, 2], [7, 8, 9, 10])], output: activation([3, 2]))
    #expect(try run(rows, [1, 2]) == [1, 2, 7, 8, 9, 10])
    var twice = columns
    twice.nodes[0].inputs = [0, 0, 0]
    #expect(try run(twice, [1, 2], [0, 0, 0, 0]) == [1, 1, 1, 2, 2, 2])
    #expect(
      Concatenation(axis: 1).moves(columns.nodes[0], in: columns) == [
        Move(shape: [2], from: .init(tensor: 0, strides: [1]), to: .init(tensor: 2, strides: [3])),
        Move(shape: [2, 2], from: .init(tensor: 1, strides: [2, 1]), to: .init(tensor: 2, offset: 1, strides: [3, 1])),
      ])
  }

  @Test func axesShapesAndScalesAreChecked() {
    func error(_ axis: Int, _ second: Tensor = activation([1, 4]), fused: Activation = .none) -> ModelError {
      validationError(graph(Concatenation(axis: axis, activation: fused), [activation([1, 4]), second], output: activation([1, 8])))
    }
    #expect(error(1).category == .unreadable)
    #expect(error(7).message == "CONCATENATION axis 7 is out of range for rank 2 (operator 0 CONCATENATION, tensor 2 't')")
    #expect(error(-3).category == .invalidGraph)
    #expect(error(0).message == "part's shape is 1x4, but 1x8 is computed (operator 0 CONCATENATION, tensor 0 't')")
    #expect(error(1, activation([1, 3])).message.hasPrefix("the parts have 7 elements along dimension 1, the whole has 8 "))
    #expect(
      error(1, activation([1, 4], scale: 2)).message
        == "does not rescale, but input has scale 2.0, zero point 0 and output scale 1.0, zero point 0 (operator 0 CONCATENATION, "
        + "tensor 2 't'); train or convert so that all tensors that are joined share one scale")
    #expect(error(1, fused: .relu).message.hasPrefix("an activation (RELU) fused into CONCATENATION is not supported"))
    var empty = graph(Concatenation(axis: 0), [activation([1])], output: activation([1]))
    empty.nodes[0].inputs = []
    #expect(validationError(empty).message == "has 0 inputs, expected 1 (operator 0 CONCATENATION)")
  }
}
