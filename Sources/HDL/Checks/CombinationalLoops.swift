/// No value depends on itself without a register or a memory between, not even through instances.
///
/// Definitions are checked leaves first. Each leaves a summary behind: for every output, the inputs it
/// follows at once. A parent looks only at that, so the cost is linear in the netlist. What looks like a loop of words is
/// decided by bits; the variables of one that is none are taken apart later, so that nobody else has to care.
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
  private var bitLoops: BitLoops?

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
    if !graph.falseLoops.isEmpty { followLoops() }
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
      case .onPath: decide(Array(stack.map(\.id).drop { $0 != child }))
      case .done: break
      }
    }
  }

  private mutating func decide(_ path: [Int32]) {
    var search = bitLoops ?? BitLoops(graph)
    defer { bitLoops = search }
    if let loop = search.loop(through: path[0]) { return report(loop) }
    graph.falseLoops.formUnion(path.filter { graph.nodes[Int($0)].operation == .variable })
  }

  /// Where words form loops, what one follows all follow, so that one visit is not enough.
  private mutating func followLoops() {
    var isStable = false
    while !isStable {
      isStable = true
      for id in graph.nodes.indices {
        for source in sources.of(Int32(truncatingIfNeeded: id)) {
          for word in 0..<words {
            let more = follows[id * words + word] | follows[Int(source) * words + word]
            if more != follows[id * words + word] {
              follows[id * words + word] = more
              isStable = false
            }
          }
        }
      }
    }
  }

  /// `path` leads from each value to one that it follows; the text runs the way the signal does.
  private func report(_ path: some Collection<Int32>) {
    var named = Array(path.filter { graph.signal(of: $0) != nil || graph.expressionNames[$0] != nil }.reversed())
    // Start with what was declared first, wherever the search happened to enter the loop.
    if let first = named.indices.min(by: { named[$0] < named[$1] }) { named = Array(named[first...] + named[..<first]) }
    let all = named.map { graph.text(of: $0, depth: 0) }
    // Several bits of one word are one name.
    var names = all.indices.filter { $0 == 0 || all[$0] != all[$0 - 1] }.map { all[$0] }
    if names.count == 1 || names.first != names.last { names += names.prefix(1) }
    let location = named.lazy.compactMap { graph.signal(of: $0)?.location }.first
    graph.report("combinational loop \(names.joined(separator: " -> ")); put a Register on this path", at: location)
  }
}
