/// Takes multiplexers apart that say something simpler: a choice between true and false is the condition itself, and an
/// inner choice by the same condition is decided already.
///
/// Generators nest multiplexers without looking at each other. A multiplexer with a name stays as it was written.
func simplifyMultiplexers(_ graph: Graph) {
  var rewriter = Rewriter(graph) { id, node in
    node.operation == .select && graph.expressionNames[id] == nil && graph.attributes[id] == nil ? simpler(node, in: graph) : nil
  }
  rewriter.run()
}

private func simpler(_ node: Node, in graph: Graph) -> Int32? {
  let condition = node.a
  if graph.nodes[Int(condition)].operation == .not {
    // `!c ? a : b` reads better the other way round.
    return again(Node(.select, node.shape, a: graph.nodes[Int(condition)].a, b: node.c, c: node.b), in: graph)
  }
  let yes = decided(node.b, by: condition, is: true, in: graph), no = decided(node.c, by: condition, is: false, in: graph)
  if yes != node.b || no != node.c { return again(Node(.select, node.shape, a: condition, b: yes, c: no), in: graph) }
  guard node.shape == .bit else { return nil }
  let yesValue = graph.constantValue(yes)?.isZero, noValue = graph.constantValue(no)?.isZero
  func not(_ id: Int32) -> Int32 { graph.intern(Node(.not, .bit, a: id)) }
  switch (yesValue, noValue) {
  case (false, true): return condition
  case (true, false): return not(condition)
  case (nil, true): return graph.intern(Node(.and, .bit, a: condition, b: yes))
  case (nil, false): return graph.intern(Node(.or, .bit, a: not(condition), b: yes))
  case (true, nil): return graph.intern(Node(.and, .bit, a: not(condition), b: no))
  case (false, nil): return graph.intern(Node(.or, .bit, a: condition, b: no))
  default: return nil
  }
}

private func again(_ node: Node, in graph: Graph) -> Int32 {
  let id = graph.intern(node)
  guard graph.nodes[Int(id)].operation == .select, graph.expressionNames[id] == nil else { return id }
  return simpler(graph.nodes[Int(id)], in: graph) ?? id
}

/// The branch of `id` that is taken where `condition` is known, if `id` is a multiplexer without a name.
private func decided(_ id: Int32, by condition: Int32, is value: Bool, in graph: Graph) -> Int32 {
  let node = graph.nodes[Int(id)]
  guard node.operation == .select, graph.expressionNames[id] == nil, node.a == condition else { return id }
  return decided(value ? node.b : node.c, by: condition, is: value, in: graph)
}
