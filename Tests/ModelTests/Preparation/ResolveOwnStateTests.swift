import Testing

@testable import Model

@Suite struct ResolveOwnStateTests {
  /// An SVDF as a file has it, with a state of two elements for each of two filters.
  private func filter(_ change: (inout Graph) -> Void = { _ in }) -> Graph {
    var state = int16Activation([1, 4], scale: 0.5, name: "state")
    state.isVariable = true
    let times = Tensor(
      name: "times", shape: [2, 2], type: .int16, quantization: Quantization(scale: 1, zeroPoint: 0), constant: Elements.bytes([1, 2, 3, 4], .int16))
    var result = graph(SingularValueFilter(rank: 1), [activation([1, 1], name: "x"), weights([2, 1], [1, -1]), times, nil, state], output: activation([1, 2], scale: 2))
    result.inputs = [0]
    change(&result)
    result.prepare()
    result.problems = result.unresolvedState()
    return result
  }

  private func message(_ change: (inout Graph) -> Void) -> String { validationError(filter(change)).message }

  @Test func stateIsKeptFromRunToRun() throws {
    let graph = filter()
    try graph.validate()
    #expect(graph.states == [StateVariable(name: "state", tensor: 5, next: 3, initial: [UInt8](repeating: 0, count: 8))])
    let model = try GoldenModel(graph), first = try model.run(inputs: [[3]])
    // Features are 2·3 and −2·3; sums of half of them are halved again.
    #expect(first[3].map { Elements.integers($0, .int16) } == [0, 6, 0, -6] && first[4] == [3, 0xFA])
    let second = try model.run(inputs: [[1]], state: model.state(after: first))
    #expect(second[3].map { Elements.integers($0, .int16) } == [6, 2, -6, -2] && second[4] == [3, 0xF9])
  }

  /// What another operator uses, too, or what is there from the start, is no operator's own.
  @Test func whatIsSharedIsRefused() {
    #expect(
      message { graph in
        var other = graph.nodes[0]
        other.index = 1
        graph.tensors.append(graph.tensors[4])
        other.outputs = [5]
        graph.nodes.append(other)
        graph.outputs.append(5)
      } == "state that is used more than once is not supported (operator 0 SVDF, operator 1 SVDF, tensor 3 'state')")
    #expect(message { $0.inputs.append(3) } == "state that an operator keeps in a graph input is not supported (operator 0 SVDF, tensor 3 'state')")
    #expect(
      message { $0.tensors[3].constant = [UInt8](repeating: 0, count: 8) }
        == "state that begins with a value of the file is not supported (operator 0 SVDF, tensor 3 'state')")
    #expect(
      message { $0.tensors[0].isVariable = true } == "state that an operator keeps in a graph input is not supported (operator 0 SVDF, tensor 0 'x')")
    #expect(
      message { graph in
        graph.tensors[1].constant = nil
        graph.tensors[1].isVariable = true
      } == "state where the operator has none is not supported (operator 0 SVDF, tensor 1 'w')")
    #expect(
      message { $0.nodes[0].operation = UnsupportedOperation(name: "LSTM") }
        == "state that an operator keeps in a tensor of its own is not supported (operator 0 LSTM, tensor 3 'state')")
    #expect(message { $0.tensors[3].isVariable = false }.hasPrefix("reads a tensor that is no constant, no graph input and no operator's output"))
    #expect(
      message { graph in
        graph.tensors[3].isVariable = false
        graph.inputs.append(3)
      } == "its state is no tensor that is marked as variable and that nothing else uses (operator 0 SVDF); convert the model again")
  }

  /// A state that is large, negative or nowhere is not made.
  @Test func damagedStateStays() {
    for shape in [[1, 1 << 31], [1 << 31, 1 << 31], [-1, 4]] {
      let graph = filter { $0.tensors[3].shape = shape }
      #expect(graph.states.allSatisfy { $0.initial.count <= Graph.largestTensor } && (try? graph.validate()) == nil)
    }
    for tensor in [-1, -7, 99] { #expect(filter { $0.nodes[0].inputs[4] = tensor }.states.isEmpty) }
    #expect(filter { $0.nodes[0].inputs = [] }.states.isEmpty)
  }
}
