/// Follows clocks through one module.
struct ClockFlow {
  let graph: Graph
  let sources: CombinationalSources
  let visible: VisibleClocks
  private var known: [UInt64?]

  init(_ graph: Graph) {
    self.graph = graph
    visible = VisibleClocks(graph)
    sources = CombinationalSources(graph)
    known = Array(repeating: nil, count: graph.nodes.count)
  }

  /// The clocks that a node belongs to by itself, whatever it follows.
  func ownClocks(of id: Int32) -> UInt64 {
    let node = graph.nodes[Int(id)]
    if node.operation == .instanceOutput {
      let definition = graph.instances[Int(node.a)].definition
      return visible.translated(definition.summarizedClocks().driven[Int(node.b)], ofInstance: Int(node.a))
    }
    // A word that is read at once changes with whatever writes it.
    if graph.asynchronousRead(id) != nil { return graph.memories[Int(node.a)].writes.reduce(0) { $0 | graph.bit($1.domain) } }
    return graph.signal(of: id)?.domain.map(graph.bit) ?? 0
  }
  /// What else it follows; a declared domain is taken at its word.
  func following(_ id: Int32) -> [Int32] { graph.signal(of: id)?.domain == nil ? sources.of(id) : [] }

  /// All clocks that `root` belongs to. Depth first, on an explicit stack.
  mutating func clocks(of root: Int32) -> UInt64 {
    if let hit = known[Int(root)] { return hit }
    var stack = [(id: root, pending: following(root), next: 0)]
    known[Int(root)] = ownClocks(of: root)
    while let (id, pending, next) = stack.last {
      if next == pending.count {
        known[Int(id)] = pending.reduce(known[Int(id)] ?? 0) { $0 | (known[Int($1)] ?? 0) }
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].next += 1
      let child = pending[next]
      if known[Int(child)] == nil {
        known[Int(child)] = ownClocks(of: child)
        stack.append((child, following(child), 0))
      }
    }
    return known[Int(root)] ?? 0
  }

  /// The first declared thing on the way back from `roots` that belongs to one of `clocks` by itself.
  func origin(of clocks: UInt64, behind roots: [Int32]) -> Int32? {
    var seen: Set<Int32> = []
    var pending = roots
    while let id = pending.popLast() {
      if !seen.insert(id).inserted { continue }
      if ownClocks(of: id) & clocks != 0 { return id }
      pending += following(id)
    }
    return nil
  }

  /// The first logic on the way back from `root` to what changes only once at an edge, if there is any.
  func logic(behind root: Int32) -> Int32? {
    var seen: Set<Int32> = []
    var pending = [root]
    while let id = pending.popLast() {
      if !seen.insert(id).inserted { continue }
      // The domain declared for an output says nothing of what drives it.
      let next = graph.signal(of: id)?.kind == .output ? sources.of(id) : following(id)
      if !isPlain(graph.nodes[Int(id)], next) || graph.asynchronousRead(id) != nil { return id }
      pending += next
    }
    return nil
  }
  private func isPlain(_ node: Node, _ next: [Int32]) -> Bool {
    switch node.operation {
    case .input, .register, .memoryRead, .constant, .slice, .reinterpret, .concatenate: true
    case .instanceOutput: !graph.instances[Int(node.a)].definition.summarizedClocks().mayGlitch[Int(node.b)]
    case .variable: next.count <= 1
    default: false
    }
  }

  /// For every port, the clocks that sample it: those of all that follows it, and the one declared for it.
  func samplingClocks() -> [UInt64] {
    let consumers = ClockConsumer.all(in: graph, self)
    let following = clocksOfInputs { clock in consumers.filter { $0.clocks >> UInt64(clock) & 1 == 1 }.flatMap(\.sources) }
    return zip(graph.ports, following).map { port, clocks in
      let declared = port.isInput ? graph.signals[port.signal].domain : nil
      return declared.map(graph.bit) ?? clocks
    }
  }

  /// For every port, the clocks that are made of it, in here or in an instance.
  func madeClocks() -> [UInt64] {
    let made = MadeClock.all(in: graph, self)
    return clocksOfInputs { clock in made.filter { $0.clock == clock }.map(\.value) }
  }

  /// For every input, the clocks of which something in `roots` follows it.
  private func clocksOfInputs(_ roots: (Int) -> [Int32]) -> [UInt64] {
    var result = [UInt64](repeating: 0, count: graph.ports.count)
    for clock in visible.names.indices {
      var seen: Set<Int32> = []
      var pending = roots(clock)
      while let id = pending.popLast() {
        if seen.insert(id).inserted { pending += following(id) }
      }
      for (index, port) in graph.ports.enumerated() where port.isInput && seen.contains(graph.signals[port.signal].node) {
        result[index] |= 1 << UInt64(clock)
      }
    }
    return result
  }
}
