// VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE and CALL_ONCE: state that a network keeps from inference to inference.
//
// A handle names a variable; reading and assigning go through it; a subgraph that is called once gives it its first value.
// `resolveState` turns all of this into `StateVariable`s and the assignments at the end of an inference. What is left of these
// operators afterwards is not supported.

/// The name of a variable.
public struct VariableHandle: Operation {
  public var name: String { "VAR_HANDLE" }
  public var container: String
  public var variable: String

  public init(container: String = "", variable: String) { (self.container, self.variable) = (container, variable) }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) { try refuse(node, graph) }
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}

/// The value of a variable: input 0 is its handle.
public struct ReadVariable: Operation {
  public var name: String { "READ_VARIABLE" }

  public init() {}

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) { try refuse(node, graph) }
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}

/// The next value of a variable.
///
/// In a file, input 0 is the handle, input 1 the value, and there is no output. Resolved, input 0 is the value and output 0 a
/// tensor that holds it when the inference ends.
public struct AssignVariable: Operation {
  public var name: String { "ASSIGN_VARIABLE" }

  public init() {}

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    guard node.outputs.count == 1 else { throw check.error(.unsupported, "assigns a variable that nothing declares") }
    try check.requireCounts(inputs: 1...1)
    try check.requireActivations()
    try check.requireSameQuantization(node.inputs[0], node.outputs[0])
    try check.requireShape(node.outputs[0], check.input().shape)
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    store[node.outputs[0]] = store[node.inputs[0]]
  }
}

/// A subgraph that runs before the first inference.
public struct CallOnce: Operation {
  public var name: String { "CALL_ONCE" }
  public var subgraph: Int

  public init(subgraph: Int) {
    self.subgraph = subgraph
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) { try refuse(node, graph) }
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}

extension Operation {
  /// What is left of an operator on variables cannot be compiled.
  fileprivate func refuse(_ node: Node, _ graph: Graph) throws(ModelError) {
    throw NodeCheck(node, in: graph).error(
      .unsupported, "the network keeps state in a way that is not supported", advice: "give every variable one handle and a constant first value")
  }
}
