/// No value depends on itself without a register or a memory between, not even through instances.
///
/// Definitions are checked leaves first. Each leaves a summary behind: for every output, the inputs it
/// follows at once. A parent looks only at that, so the cost is linear in the netlist.
func checkCombinationalLoops(_ graph: Graph) {
  var search = LoopSearch(graph)
  search.run()
}

private struct LoopSearch {
  enum State: UInt8 { case unvisited, onPath, done }
  let graph: Graph
  let sources: CombinationalSources
  var state: [State]
  /// The inputs each node follows, as bit sets of `words` words.
  var follows: [UInt64]
  let words: Int

  init(_ graph: Graph) {
    self.graph = graph
    sources = CombinationalSources(graph)
    state = Array(repeating: .unvisited, count: graph.nodes.count)
    words = (graph.ports.count + 63) / 64
    follows = Array(repeating: 0, count: graph.nodes.count * words)
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
    if state[Int(root)] != .unvisited { return }
    var stack: [(id: Int32, pending: [Int32], next: Int)] = [(root, sources.of(root), 0)]
    state[Int(root)] = .onPath
    while let (id, pending, next) = stack.last {
      if next == pending.count {
        for source in pending {
          for word in 0..<words { follows[Int(id) * words + word] |= follows[Int(source) * words + word] }
        }
        state[Int(id)] = .done
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].next += 1
      let child = pending[next]
      switch state[Int(child)] {
      case .unvisited:
        state[Int(child)] = .onPath
        stack.append((child, sources.of(child), 0))
      case .onPath: report(stack.map(\.id).drop { $0 != child })
      case .done: break
      }
    }
  }

  /// `path` leads from each value to one that it follows; the text runs the way the signal does.
  private func report(_ path: some Collection<Int32>) {
    var named = Array(path.filter { graph.signal(of: $0) != nil || graph.expressionNames[$0] != nil }.reversed())
    // Start with what was declared first, wherever the search happened to enter the loop.
    if let first = named.indices.min(by: { named[$0] < named[$1] }) { named = Array(named[first...] + named[..<first]) }
    var names = named.map { graph.text(of: $0, depth: 0) }
    names += names.prefix(1)
    let location = named.lazy.compactMap { graph.signal(of: $0)?.location }.first
    graph.report("combinational loop \(names.joined(separator: " -> ")); put a Register on this path", at: location)
  }
}
