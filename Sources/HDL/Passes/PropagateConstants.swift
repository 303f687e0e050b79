/// Replaces wires that are always the same constant by that constant, and folds what follows from it.
///
/// Generators write such wires when a parameter leaves nothing to choose. Linters look through them and
/// would complain about the comparisons that they decide.
func propagateConstants(_ graph: Graph) {
  var done: Set<Int32> = []
  while true {
    let found = constantVariables(graph).filter { !done.contains($0.key) }
    if found.isEmpty { return }
    done.formUnion(found.keys)
    var pass = Substitution(graph: graph, replacement: found)
    graph.rebuildRoots { pass.rebuilt($0) }
    foldConstantBranches(graph)
  }
}

/// Variables whose one assignment is unconditional and constant.
private func constantVariables(_ graph: Graph) -> [Int32: Int32] {
  var direct: [Int32: Int32] = [:]
  for statement in graph.body.statements {
    if case .assign(let assignment) = statement, graph.constantValue(assignment.value) != nil { direct[assignment.target] = assignment.value }
  }
  if direct.isEmpty { return direct }
  var count: [Int32: Int] = [:]
  graph.body.visitStatements { if case .assign(let assignment) = $0 { count[assignment.target, default: 0] += 1 } }
  return direct.filter { count[$0.key] == 1 && graph.nodes[Int($0.key)].operation == .variable }
}

/// Rebuilds every expression with some nodes replaced.
private struct Substitution {
  let graph: Graph
  var replacement: [Int32: Int32]

  /// Operands first, on an explicit stack: expressions may be deep.
  mutating func rebuilt(_ root: Int32) -> Int32 {
    var stack = [root]
    while let id = stack.last {
      if replacement[id] != nil {
        stack.removeLast()
        continue
      }
      let node = graph.nodes[Int(id)]
      let operands = node.operation.isSource ? [] : graph.operands(of: node)
      let pending = operands.filter { replacement[$0] == nil }
      if !pending.isEmpty {
        stack += pending
        continue
      }
      stack.removeLast()
      let mapped = operands.map { replacement[$0] ?? $0 }
      replacement[id] = mapped == operands ? id : remade(id, node, mapped)
    }
    return replacement[root] ?? root
  }

  private func remade(_ id: Int32, _ node: Node, _ operands: [Int32]) -> Int32 {
    let result: Int32
    switch node.operation {
    case .concatenate: result = graph.list(.concatenate, node.shape, operands)
    case .choose: result = graph.list(.choose, node.shape, a: operands[0], Array(operands.dropFirst()))
    default:
      var copy = node
      copy.a = operands[0]
      if operands.count > 1 { copy.b = operands[1] }
      if operands.count > 2 { copy.c = operands[2] }
      result = graph.intern(copy)
    }
    if let name = graph.expressionNames[id], graph.expressionNames[result] == nil, !graph.nodes[Int(result)].operation.isSource {
      graph.expressionNames[result] = name
    }
    return result
  }
}
