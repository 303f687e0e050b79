/// Makes equal expressions one node, by hash-consing.
///
/// Most are shared when they are made. This finds the rest: bundles and choices, whose operands are lists, and what
/// became equal by other passes. The first name that an expression got is the one that stays.
func shareCommonSubexpressions(_ graph: Graph) {
  struct Key: Hashable {
    var node: Node
    var operands: [Int32]
  }
  var known: [Key: Int32] = [:]
  var rewriter = Rewriter(graph) { id, node in
    if node.operation.isSignal || graph.attributes[id] != nil || (node.operation == .constant && graph.expressionNames[id] != nil) { return nil }
    var key = Key(node: node, operands: [])
    if node.operation == .concatenate || node.operation == .choose {
      // Where the list is stored says nothing about it.
      key = Key(node: Node(node.operation, node.shape, a: node.a), operands: graph.operands(of: node))
    }
    if let first = known[key] { return first }
    known[key] = id
    return nil
  }
  rewriter.run()
}
