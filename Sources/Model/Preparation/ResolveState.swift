// From operators on variables to state: what is there before an inference, and what of it is there afterwards.
//
// A variable that is read becomes a tensor that is there before the first operator runs, like an input, and keeps its value
// until the last one has run. What is assigned to it is computed like any tensor; an assignment at the end copies it to where
// the next inference finds it. A read behind an assignment sees what was assigned. First values come from subgraphs that are
// called once; they must be constants.

/// State that is kept from inference to inference.
public struct StateVariable: Sendable, Equatable {
  /// The variable's name; may be empty.
  public var name: String
  /// The tensor that holds its value while an inference runs.
  public var tensor: Int
  /// The tensor that holds its value for the next inference.
  public var next: Int
  /// The value before the first inference.
  public var initial: [UInt8]

  public init(name: String, tensor: Int, next: Int, initial: [UInt8]) {
    (self.name, self.tensor, self.next, self.initial) = (name, tensor, next, initial)
  }
}

extension Graph {
  /// Replaces operators on variables by state. What cannot be replaced stays and is refused by validation.
  /// - Parameter subgraphs: all graphs of the file, this one first.
  mutating func resolveState(_ subgraphs: [Graph]) {
    let handles = variables
    guard !handles.isEmpty else { return }
    let first = firstValues(subgraphs)
    var states: [StateVariable] = [], current: [String: Int] = [:], assignments: [String: Node] = [:]
    var kept: [Node] = []
    let names = nodes.map { variable(of: $0, handles) }
    // A variable is resolved when everything that touches it is as expected.
    var unknown = Set<String>()
    for (node, name) in zip(nodes, names) {
      guard let name else { continue }
      let isRead = node.operation is ReadVariable
      let value = isRead ? node.outputs.first : node.input(1)
      guard let value, tensors.indices.contains(value), tensors[value].type.bitCount != nil else { unknown.insert(name); continue }
      if isRead, !(node.inputs.count == 1 && node.outputs.count == 1) { unknown.insert(name) }
    }
    for (node, name) in zip(nodes, names) {
      if node.operation is VariableHandle { continue }
      if let call = node.operation as? CallOnce, subgraphs.indices.dropFirst().contains(call.subgraph), first.called.contains(call.subgraph) { continue }
      guard let name, !unknown.contains(name) else {
        kept.append(node)
        continue
      }
      if node.operation is ReadVariable {
        let output = node.outputs[0]
        if let value = current[name] {
          kept.append(Node(index: node.index, operation: Reshape(), inputs: [value], outputs: [output]))
        } else if let initial = first.values[name], initial.count == tensors[output].byteCount {
          current[name] = output
          states.append(StateVariable(name: name, tensor: output, next: output, initial: initial))
        } else {
          kept.append(node)
        }
      } else if let value = node.input(1) {
        current[name] = value
        assignments[name] = node
      }
    }
    // What was not replaced keeps its handle.
    let needed = Set(kept.flatMap(\.inputs))
    nodes = nodes.filter { $0.operation is VariableHandle && $0.outputs.contains(where: needed.contains) } + kept
    // A variable that nobody reads is none; one that nobody assigns is a constant.
    for position in states.indices {
      guard let node = assignments[states[position].name], let value = node.input(1) else { continue }
      var tensor = tensors[states[position].tensor]
      tensor.name += "/next"
      tensor.constant = nil
      tensors.append(tensor)
      states[position].next = tensors.count - 1
      nodes.append(Node(index: node.index, operation: AssignVariable(), inputs: [value], outputs: [tensors.count - 1]))
    }
    for state in states where state.next == state.tensor { tensors[state.tensor].constant = state.initial }
    self.states = states.filter { $0.next != $0.tensor }
  }

  /// The variable's name by the tensor of its handle.
  private var variables: [Int: String] {
    var result: [Int: String] = [:]
    for node in nodes {
      guard let handle = node.operation as? VariableHandle, let output = node.outputs.first else { continue }
      result[output] = handle.container.isEmpty ? handle.variable : handle.container + "/" + handle.variable
    }
    return result
  }

  /// The variable that a node reads or assigns.
  private func variable(of node: Node, _ handles: [Int: String]) -> String? {
    guard node.operation is ReadVariable || node.operation is AssignVariable, let handle = node.input(0) else { return nil }
    return handles[handle]
  }

  /// The first values of variables, and the subgraphs that say nothing else.
  private func firstValues(_ subgraphs: [Graph]) -> (values: [String: [UInt8]], called: Set<Int>) {
    var values: [String: [UInt8]] = [:], called = Set<Int>()
    for node in nodes {
      guard let call = node.operation as? CallOnce, subgraphs.indices.dropFirst().contains(call.subgraph) else { continue }
      var graph = subgraphs[call.subgraph]
      let handles = graph.variables
      graph.foldConstants()
      var isPlain = true
      for node in graph.nodes where !(node.operation is VariableHandle) {
        guard let name = graph.variable(of: node, handles), node.operation is AssignVariable, let value = node.input(1),
          graph.tensors.indices.contains(value), let bytes = graph.tensors[value].constant
        else {
          isPlain = false
          continue
        }
        values[name] = bytes
      }
      if isPlain { called.insert(call.subgraph) }
    }
    return (values, called)
  }
}
