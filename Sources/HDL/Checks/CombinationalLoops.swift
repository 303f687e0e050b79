/// No value depends on itself without a register or a memory between, not even through instances.
///
/// Definitions are checked leaves first. Each leaves a summary behind: for every output, the set of
/// inputs it follows at once. A parent looks only at that, so the cost is linear in the netlist.


func checkCombinationalLoops(_ graph: Graph) {
  var search = LoopSearch(graph: graph)
  search.run()
}

private struct LoopSearch {
  let graph: Graph
  /// What each variable is assigned from: values and the conditions around them.
  var sources: [Int32: [Int32]] = [:]
  /// 0: not visited, 1: on the current path, 2: done.
  var state: [UInt8]
  var words: Int
  /// Inputs each node follows, as bit sets of `words` words.
  var follows: [UInt64]

  init(graph: Graph) {
    self.graph = graph
    state = Array(repeating: 0, count: graph.nodes.count)
    words = (graph.ports.count + 63) / 64
    follows = Array(repeating: 0, count: graph.nodes.count * words)
    collect(graph.body, [])
  }

  private mutating func collect(_ block: Block, _ conditions: [Int32]) {
    for statement in block.statements {
      switch statement {
      case .assign(let assignment):
        if graph.nodes[Int(assignment.target)].operation == .variable {
          sources[assignment.target, default: []] += [assignment.value] + conditions
        }
      case .branch(let branch):
        var seen = conditions
        for arm in branch.arms {
          if let condition = arm.condition { seen.append(condition) }
          collect(arm.block, seen)
        }
      case .match(let match):
        for arm in match.arms { collect(arm.block, conditions + [match.subject]) }
        if let otherwise = match.otherwise { collect(otherwise, conditions + [match.subject]) }
      }
    }
  }

  private func dependencies(of id: Int32) -> [Int32] {
    let node = graph.nodes[Int(id)]
    switch node.operation {
    case .constant, .input, .register, .memoryRead: return []
    case .variable: return sources[id] ?? []
    case .instanceOutput:
      let instance = graph.instances[Int(node.a)]
      return instance.definition.dependencies[Int(node.b)].map { instance.inputs[$0] }.filter { $0 >= 0 }
    default: return graph.operands(of: node)
    }
  }

  mutating func run() {
    for (index, port) in graph.ports.enumerated() where port.isInput {
      follows[Int(graph.signals[port.signal].node) * words + index / 64] |= 1 << UInt64(index % 64)
    }
    for id in graph.nodes.indices { visit(Int32(truncatingIfNeeded: id)) }
    graph.dependencies = graph.ports.map { port in
      if port.isInput { return [] }
      let base = Int(graph.signals[port.signal].node) * words
      return graph.ports.indices.filter { follows[base + $0 / 64] >> UInt64($0 % 64) & 1 == 1 }
    }
  }

  /// Depth first, on an explicit stack: expression chains may be long.
  private mutating func visit(_ root: Int32) {
    if state[Int(root)] != 0 { return }
    var stack: [(id: Int32, pending: [Int32], next: Int)] = [(root, dependencies(of: root), 0)]
    state[Int(root)] = 1
    while let (id, pending, next) = stack.last {
      if next == pending.count {
        for dependency in pending {
          for word in 0..<words { follows[Int(id) * words + word] |= follows[Int(dependency) * words + word] }
        }
        state[Int(id)] = 2
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].next += 1
      let child = pending[next]
      switch state[Int(child)] {
      case 0:
        state[Int(child)] = 1
        stack.append((child, dependencies(of: child), 0))
      case 1: report(stack.map(\.id).drop { $0 != child } + [child])
      default: break
      }
    }
  }

  private func report(_ path: [Int32]) {
    let names = path.compactMap { graph.signal(of: $0)?.name ?? graph.expressionNames[$0] }
    let steps = names.first == names.last && names.count > 1 ? names : names + names.prefix(1)
    let location = path.lazy.compactMap { graph.signal(of: $0)?.location }.first
    graph.report("combinational loop: \(steps.joined(separator: " <- ")); put a Register on this path", at: location)
  }
}
