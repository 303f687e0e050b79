/// Every wire and register is read by something that matters.
///
/// What matters are outputs, instances, memories and properties, and whatever those follow, over any number of
/// cycles: a counter that only counts itself does not. Inputs and outputs of instances may stay unread, since they
/// belong to an interface that others made; the Verilog gathers them in a wire named `unused`.
func checkUnread(_ graph: Graph) {
  var search = ReadSearch(graph)
  search.run()
  for signal in graph.signals where !search.isRead[Int(signal.node)] {
    let what: String
    switch signal.kind {
    case .wire: what = "wire"
    case .register: what = "register"
    case .input, .output, .instanceOutput, .memoryRead: continue
    }
    let value = signal.labels.isEmpty ? signal.name : "$\(signal.name).asUnsigned"
    graph.report("\(what) '\(signal.name)' (\(signal.shape)) is never read; remove it, or say that this is meant with ignore(\(value))", at: signal.location)
  }
}

private struct ReadSearch {
  let graph: Graph
  let sources: CombinationalSources
  var isRead: [Bool]
  private var pending: [Int32] = []

  init(_ graph: Graph) {
    self.graph = graph
    sources = CombinationalSources(graph)
    isRead = Array(repeating: false, count: graph.nodes.count)
  }

  mutating func run() {
    for signal in graph.signals where signal.kind == .output { read(signal.node) }
    for instance in graph.instances { for input in instance.inputs where input >= 0 { read(input) } }
    for memory in graph.memories {
      for port in memory.reads { read([port.address] + (port.enable.map { [$0] } ?? [])) }
      for port in memory.writes { read([port.address, port.data] + [port.enable, port.lanes].compactMap { $0 }) }
    }
    for domain in graph.domains {
      if case .value(let clock) = domain.clock { read(clock) }
      domain.reset.map { read($0) }
    }
    for property in graph.properties { read([property.condition] + (property.enable.map { [$0] } ?? [])) }
    for id in graph.ignored { read(id) }
    while let id = pending.popLast() { read(graph.nodes[Int(id)].operation == .register ? sources.assigned(to: id) : sources.of(id)) }
  }

  private mutating func read(_ ids: [Int32]) { for id in ids { read(id) } }
  private mutating func read(_ id: Int32) {
    if isRead[Int(id)] { return }
    isRead[Int(id)] = true
    pending.append(id)
  }
}
