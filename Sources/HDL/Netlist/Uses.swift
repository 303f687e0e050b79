/// How often each node is used by what is really there: statements (or only some of them), instances, memories and,
/// unless they are left out, properties. A node with no use is dead; a node with several may deserve a name.
func countUses(_ graph: Graph, of statements: Block? = nil, includingProperties: Bool = true) -> [Int32] {
  var count = UseCount(graph)
  graph.visitRoots(of: statements, includingProperties: includingProperties) { count.use($0) }
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
