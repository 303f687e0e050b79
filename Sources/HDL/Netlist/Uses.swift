/// How often each node is used by what is really there: statements, instances and memories.
/// A node with no use is dead; a node with several may deserve a name.
func countUses(_ graph: Graph) -> [Int32] {
  var count = UseCount(graph)
  graph.body.visitStatements { statement in
    switch statement {
    case .assign(let assignment): count.use(assignment.value)
    case .branch(let branch): for arm in branch.arms { arm.condition.map { count.use($0) } }
    case .match(let match): count.use(match.subject)
    }
  }
  for instance in graph.instances { for input in instance.inputs { count.use(input) } }
  for memory in graph.memories {
    for read in memory.reads { for id in [read.address, read.enable ?? -1] { count.use(id) } }
    for write in memory.writes { for id in [write.address, write.data, write.enable ?? -1, write.lanes ?? -1] { count.use(id) } }
  }
  count.spread()
  return count.uses
}

private struct UseCount {
  let graph: Graph
  var uses: [Int32]
  var pending: [Int32] = []

  init(_ graph: Graph) {
    self.graph = graph
    uses = [Int32](repeating: 0, count: graph.nodes.count)
  }
  mutating func use(_ id: Int32) {
    if id < 0 { return }
    uses[Int(id)] += 1
    if uses[Int(id)] == 1 { pending.append(id) }
  }
  mutating func spread() {
    while let id = pending.popLast() {
      let node = graph.nodes[Int(id)]
      if node.operation.isSource { continue }
      for operand in graph.operands(of: node) { use(operand) }
    }
  }
}

extension Block {
  /// Every statement in here, at any depth, in textual order.
  func visitStatements(_ visit: (Statement) -> Void) {
    for statement in statements {
      visit(statement)
      switch statement {
      case .assign: break
      case .branch(let branch): for arm in branch.arms { arm.block.visitStatements(visit) }
      case .match(let match):
        for arm in match.arms { arm.block.visitStatements(visit) }
        match.otherwise?.visitStatements(visit)
      }
    }
  }
}
