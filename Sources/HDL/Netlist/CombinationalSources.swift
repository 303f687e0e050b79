/// What a value follows at once, without a clock edge between: the edges of the combinational graph.
///
/// A variable follows everything it may be assigned and the conditions around those assignments.
/// An instance's output follows the inputs that the summary of its definition names.
struct CombinationalSources {
  let graph: Graph
  private let assigned: [Int32: [Int32]]

  init(_ graph: Graph) {
    self.graph = graph
    var found: [Int32: [Int32]] = [:]
    graph.body.visitAssignments { assignment, conditions in
      found[assignment.target, default: []] += [assignment.value] + (assignment.place.index.map { [$0] } ?? []) + conditions
    }
    assigned = found
  }

  /// Everything that decides what a variable is, or what a register becomes.
  func assigned(to target: Int32) -> [Int32] { assigned[target] ?? [] }

  func of(_ id: Int32) -> [Int32] {
    let node = graph.nodes[Int(id)]
    switch node.operation {
    case .constant, .input, .register: return []
    case .memoryRead: return graph.asynchronousRead(id).map { [$0.address] } ?? []
    case .variable: return assigned[id] ?? []
    case .instanceOutput:
      let instance = graph.instances[Int(node.a)]
      return instance.definition.dependencies[Int(node.b)].map { instance.inputs[$0] }.filter { $0 >= 0 }
    default: return graph.operands(of: node)
    }
  }
}
