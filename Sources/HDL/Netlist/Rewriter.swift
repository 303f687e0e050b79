/// Rebuilds expressions from their operands upwards, with some nodes replaced: what every pass over expressions is made of.
///
/// A node whose operands changed is made anew, and so folded and shared like any other; its name moves along.
struct Rewriter {
  let graph: Graph
  /// By node; -1 where nothing is known yet.
  private var replacement: [Int32]
  /// Something better than the node, whose operands have been rebuilt already.
  private let rule: (Int32, Node) -> Int32?

  init(_ graph: Graph, replacing known: [Int32: Int32] = [:], rule: @escaping (_ id: Int32, _ node: Node) -> Int32? = { _, _ in nil }) {
    self.graph = graph
    self.rule = rule
    replacement = Array(repeating: -1, count: graph.nodes.count)
    for (id, other) in known { replacement[Int(id)] = other }
  }

  /// Rewrites everything that the module uses.
  mutating func run() { graph.rebuildRoots { rebuilt($0) } }

  /// Operands first, on an explicit stack: expressions may be deep.
  private mutating func rebuilt(_ root: Int32) -> Int32 {
    while replacement.count < graph.nodes.count { replacement.append(-1) }
    var stack = [root]
    while let id = stack.last {
      if replacement[Int(id)] >= 0 {
        stack.removeLast()
        continue
      }
      let node = graph.nodes[Int(id)]
      let operands = node.operation.isSource ? [] : graph.operands(of: node)
      let pending = operands.filter { replacement[Int($0)] < 0 }
      if !pending.isEmpty {
        stack += pending
        continue
      }
      stack.removeLast()
      let mapped = operands.map { replacement[Int($0)] }
      let same = mapped == operands ? id : remade(id, node, mapped)
      let better = rule(same, graph.nodes[Int(same)]) ?? same
      if better != id { moveName(from: id, to: better) }
      replacement[Int(id)] = better
    }
    return replacement[Int(root)]
  }

  private func remade(_ id: Int32, _ node: Node, _ operands: [Int32]) -> Int32 {
    switch node.operation {
    case .concatenate: return graph.list(.concatenate, node.shape, operands)
    case .choose: return graph.list(.choose, node.shape, a: operands[0], Array(operands.dropFirst()))
    default:
      var copy = node
      copy.a = operands[0]
      if operands.count > 1 { copy.b = operands[1] }
      if operands.count > 2 { copy.c = operands[2] }
      return graph.intern(copy)
    }
  }

  private func moveName(from old: Int32, to new: Int32) {
    if graph.nodes[Int(new)].operation.isSource { return }
    if let attributes = graph.attributes[old] { graph.attributes[new, default: []] += attributes }
    guard let name = graph.expressionNames[old], graph.expressionNames[new] == nil else { return }
    graph.expressionNames[new] = name
    graph.expressionLocations[new] = graph.expressionLocations[old]
  }
}
