/// Removes `When` and `Switch` whose condition is a constant, as generators produce them, the assignments that what remains
/// always overrides, and indices that are constants.
func foldConstantBranches(_ graph: Graph) { fold(graph.body, graph) }

private func fold(_ block: Block, _ graph: Graph) {
  var result: [Statement] = []
  for statement in block.statements {
    switch statement {
    case .assign(let assignment):
      guard let index = assignment.place.index, let number = graph.constantValue(index) else {
        result.append(statement)
        continue
      }
      let size = graph.nodes[Int(assignment.value)].width, count = graph.nodes[Int(assignment.target)].width / size
      guard let place = number.unsignedInt, place < count else { continue }
      result.append(
        .assign(Assignment(target: assignment.target, place: .bits(low: place * size), value: assignment.value, location: assignment.location)))
    case .branch(let branch):
      var arms: [Branch.Arm] = []
      for arm in branch.arms {
        fold(arm.block, graph)
        guard let condition = arm.condition, let value = graph.constantValue(condition) else {
          arms.append(arm)
          continue
        }
        if value.isZero { continue }
        arms.append(.init(condition: nil, block: arm.block))
        break
      }
      branch.arms = arms
      if let first = arms.first, first.condition == nil { result += first.block.statements } else if !arms.isEmpty { result.append(statement) }
    case .match(let match):
      for arm in match.arms { fold(arm.block, graph) }
      match.otherwise.map { fold($0, graph) }
      guard let value = graph.constantValue(match.subject) else {
        result.append(statement)
        continue
      }
      let hit = match.arms.first { $0.labels.contains { BitVector($0, width: value.width) == value } }
      let taken = hit?.block ?? match.otherwise ?? match.arms.last?.block
      result += taken?.statements ?? []
    }
  }
  block.statements = withoutOverridden(result)
}

/// Drops each direct assignment that a later direct assignment of the whole of the same target hides.
private func withoutOverridden(_ statements: [Statement]) -> [Statement] {
  var hidden: Set<Int32> = []
  var result: [Statement] = []
  for statement in statements.reversed() {
    if case .assign(let assignment) = statement {
      if hidden.contains(assignment.target) { continue }
      if assignment.place == .whole { hidden.insert(assignment.target) }
    }
    result.append(statement)
  }
  return result.reversed()
}
