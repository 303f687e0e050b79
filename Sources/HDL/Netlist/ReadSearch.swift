/// What is read by something that matters: outputs, instances, memories and properties, and whatever those follow, over
/// any number of cycles. A counter that only counts itself is not.
struct ReadSearch {
  let graph: Graph
  private let sources: CombinationalSources
  /// By node.
  private(set) var isRead: [Bool]
  private var pending: [Int32] = []

  /// Values that are to be ignored count as read, and so do `others`.
  init(_ graph: Graph, includingProperties: Bool, and others: [Int32] = []) {
    self.graph = graph
    sources = CombinationalSources(graph)
    isRead = Array(repeating: false, count: graph.nodes.count)
    for signal in graph.signals where signal.kind == .output { read(signal.node) }
    for instance in graph.instances { for input in instance.inputs where input >= 0 { read(input) } }
    for memory in graph.memories {
      for port in memory.reads { read([port.address] + (port.enable.map { [$0] } ?? [])) }
      for port in memory.writes { read([port.address, port.data] + [port.enable, port.lanes].compactMap { $0 }) }
    }
    for domain in graph.domains {
      if case .value(let clock) = domain.clock { read(clock) }
      domain.reset.map { read($0) }
      domain.enable.map { read($0) }
    }
    for print in graph.prints { read(print.nodes) }
    for id in graph.ignored { read(id) }
    read(others)
    if includingProperties { for property in graph.properties { read([property.condition] + (property.enable.map { [$0] } ?? [])) } }
    while let id = pending.popLast() { read(graph.nodes[Int(id)].operation == .register ? sources.assigned(to: id) : sources.of(id)) }
  }

  private mutating func read(_ ids: [Int32]) { for id in ids { read(id) } }
  private mutating func read(_ id: Int32) {
    if isRead[Int(id)] { return }
    isRead[Int(id)] = true
    pending.append(id)
  }
}

extension Graph {
  /// The wires and registers that properties read, directly or not, and nothing else does.
  var signalsForProperties: Set<Int32> {
    if properties.isEmpty { return [] }
    let all = ReadSearch(self, includingProperties: true)
    // What nothing reads is printed as hardware, and so is what it follows.
    let unread = signals.map(\.node).filter { !all.isRead[Int($0)] }
    let hardware = ReadSearch(self, includingProperties: false, and: unread)
    return Set(signals.lazy.filter { ($0.kind == .wire || $0.kind == .register) && all.isRead[Int($0.node)] && !hardware.isRead[Int($0.node)] }.map(\.node))
  }
}
