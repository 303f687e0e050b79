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
    var rewriter = Rewriter(graph, replacing: found)
    rewriter.run()
    foldConstantBranches(graph)
  }
}

/// Variables whose one assignment is unconditional and constant.
private func constantVariables(_ graph: Graph) -> [Int32: Int32] {
  var direct: [Int32: Int32] = [:]
  for statement in graph.body.statements {
    if case .assign(let assignment) = statement, assignment.place == .whole, graph.constantValue(assignment.value) != nil { direct[assignment.target] = assignment.value }
  }
  if direct.isEmpty { return direct }
  var count: [Int32: Int] = [:]
  graph.body.visitStatements { if case .assign(let assignment) = $0 { count[assignment.target, default: 0] += 1 } }
  return direct.filter { count[$0.key] == 1 && graph.nodes[Int($0.key)].operation == .variable }
}
