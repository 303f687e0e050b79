/// Removes control structure that assigns nothing, and then every node that nothing uses.
///
/// Folding leaves both behind. Declared things stay: a register that nothing reads is there for its waveform, or
/// is reported by a check, but is never taken away in silence.
func removeDeadLogic(_ graph: Graph) {
  graph.body.removeEmptyControl()
  graph.removeUnusedNodes()
}

extension Block {
  fileprivate func removeEmptyControl() {
    statements = statements.filter { statement in
      switch statement {
      case .assign: return true
      case .branch(let branch):
        for arm in branch.arms { arm.block.removeEmptyControl() }
        // Arms before one that assigns must stay: their conditions keep it from being taken.
        while branch.arms.last?.block.statements.isEmpty == true { branch.arms.removeLast() }
        return !branch.arms.isEmpty
      case .match(let match):
        for arm in match.arms { arm.block.removeEmptyControl() }
        match.otherwise?.removeEmptyControl()
        return match.arms.contains { !$0.block.statements.isEmpty } || match.otherwise?.statements.isEmpty == false
      }
    }
  }
}

extension Graph {
  /// Renumbers the nodes, in their order, leaving out what nothing uses.
  fileprivate func removeUnusedNodes() {
    var isUsed = countUses(self).map { $0 > 0 }
    for signal in signals { isUsed[Int(signal.node)] = true }
    var pending = ignored
    while let id = pending.popLast() {
      if isUsed[Int(id)] { continue }
      isUsed[Int(id)] = true
      if !nodes[Int(id)].operation.isSource { pending += operands(of: nodes[Int(id)]) }
    }
    var number = [Int32](repeating: -1, count: nodes.count)
    var next: Int32 = 0
    for id in nodes.indices where isUsed[id] {
      number[id] = next
      next += 1
    }
    if Int(next) == nodes.count { return }
    renumber(number)
  }
}
