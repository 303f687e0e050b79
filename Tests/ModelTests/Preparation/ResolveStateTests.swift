import Testing

@testable import Model

@Suite struct ResolveStateTests {
  private let handle = Tensor(name: "h", shape: [], type: .resource)

  /// y = x + v; v = y, with a subgraph that says what v is at first.
  private func accumulator(initial: [Int8] = [10, -20], nodes: [Node]? = nil, initializer: [Node]? = nil) -> Graph {
    var graph = Graph(
      name: "sum", tensors: [activation([2]), handle, activation([2]), activation([2])],
      nodes: nodes ?? [
        Node(index: 0, operation: CallOnce(subgraph: 1), inputs: [], outputs: []),
        Node(index: 1, operation: VariableHandle(variable: "v"), inputs: [], outputs: [1]),
        Node(index: 2, operation: ReadVariable(), inputs: [1], outputs: [2]),
        Node(index: 3, operation: Addition(), inputs: [0, 2], outputs: [3]),
        Node(index: 4, operation: AssignVariable(), inputs: [1, 3], outputs: []),
      ], inputs: [0], outputs: [3])
    let first = Graph(
      name: "first", tensors: [handle, weights([2], initial)],
      nodes: initializer ?? [
        Node(index: 0, operation: VariableHandle(variable: "v"), inputs: [], outputs: [0]),
        Node(index: 1, operation: AssignVariable(), inputs: [0, 1], outputs: []),
      ], inputs: [], outputs: [])
    graph.prepare([graph, first])
    return graph
  }

  @Test func stateIsKeptFromRunToRun() throws {
    let graph = accumulator()
    try graph.validate()
    #expect(graph.states == [StateVariable(name: "v", tensor: 2, next: 4, initial: [10, 0xEC])])
    #expect(graph.nodes.map(\.index) == [3, 4] && graph.supplied == [0, 2])
    let model = try GoldenModel(graph)
    let first = try model.run(inputs: [[1, 2]])
    #expect(first[3] == [11, 0xEE] && model.state(after: first) == [[11, 0xEE]])
    let second = try model.run(inputs: [[1, 2]], state: model.state(after: first))
    #expect(second[2] == [11, 0xEE] && second[3] == [12, 0xF0])
  }

  /// A read behind an assignment sees what was assigned; the last assignment counts.
  @Test func readsFollowAssignments() throws {
    let graph = accumulator(nodes: [
      Node(index: 0, operation: CallOnce(subgraph: 1), inputs: [], outputs: []),
      Node(index: 1, operation: VariableHandle(variable: "v"), inputs: [], outputs: [1]),
      Node(index: 2, operation: AssignVariable(), inputs: [1, 0], outputs: []),
      Node(index: 3, operation: ReadVariable(), inputs: [1], outputs: [2]),
      Node(index: 4, operation: Addition(), inputs: [0, 2], outputs: [3]),
    ])
    #expect(graph.states.isEmpty)
    try graph.validate()
    #expect(try GoldenModel(graph).run(inputs: [[1, 2]])[3] == [2, 4])
  }

  @Test func whatNobodyAssignsIsConstant() throws {
    let graph = accumulator(nodes: [
      Node(index: 0, operation: CallOnce(subgraph: 1), inputs: [], outputs: []),
      Node(index: 1, operation: VariableHandle(variable: "v"), inputs: [], outputs: [1]),
      Node(index: 2, operation: ReadVariable(), inputs: [1], outputs: [2]),
      Node(index: 3, operation: Addition(), inputs: [0, 2], outputs: [3]),
    ])
    #expect(graph.states.isEmpty && graph.tensors[2].int8Values() == [10, -20])
    #expect(try GoldenModel(graph).run(inputs: [[1, 2]])[3] == [11, 0xEE])
  }

  /// State that makes no sense is refused, whoever made it.
  @Test func stateIsChecked() {
    func message(_ change: (inout Graph) -> Void) -> String {
      var graph = accumulator()
      change(&graph)
      return validationError(graph).message
    }
    #expect(message { $0.states[0].tensor = 99 }.hasPrefix("state 'v': tensor index 99 is out of range"))
    #expect(message { $0.states[0].next = -1 }.hasPrefix("the next value of state 'v': tensor index -1 is out of range"))
    #expect(message { $0.states[0].initial = [1] }.hasPrefix("the values of state 'v' have unlike shapes or types"))
    #expect(message { $0.tensors[4].shape = [1, 2] }.hasPrefix("the values of state 'v' have unlike shapes or types"))
    #expect(message { $0.states.append($0.states[0]) }.hasPrefix("a state is a constant or two states"))
    #expect(message { $0.states[0].next = 0 }.hasPrefix("the next value of a state is never computed"))
  }

  /// A first value that is not known leaves the variable as it is, and that is refused.
  @Test func unknownFirstValuesAreRefused() {
    let silent = accumulator(initializer: [Node(index: 0, operation: VariableHandle(variable: "v"), inputs: [], outputs: [0])])
    let text = validationError(silent).message
    #expect(text.contains("READ_VARIABLE ×1: the network keeps state in a way that is not supported, give every variable one handle"), "\(text)")
    let other = accumulator(initializer: [
      Node(index: 0, operation: VariableHandle(variable: "w"), inputs: [], outputs: [0]),
      Node(index: 1, operation: AssignVariable(), inputs: [0, 1], outputs: []),
    ])
    #expect(validationError(other).category == .unsupported)
    let long = accumulator(initial: [1])
    #expect(validationError(long).category == .unsupported)
  }
}
