/// Nothing that follows a clock samples a value of another clock, unless it is a synchronizer.
///
/// Every value belongs to the domains of the registers, memories and declared ports that it follows within a
/// cycle. Definitions are looked at once, leaves first: each leaves a summary behind, saying which clocks sample
/// its inputs and drive its outputs, and a parent looks only at that. A design of one clock pays nothing.
func checkClockCrossings(_ graph: Graph) {
  checkDomainConnections(graph)
  if Set(graph.domains.indices.map(graph.clockSource)).count == 1 { return }
  var search = CrossingSearch(graph)
  search.run()
}

/// Every clock domain of every instance is connected.
private func checkDomainConnections(_ graph: Graph) {
  for instance in graph.instances {
    for (domain, connection) in zip(instance.definition.domains, instance.domains) {
      if !domain.usesClock || !domain.hasPorts || connection >= 0 { continue }
      graph.report("clock domain '\(instance.name).\(domain.name)' is not connected; connect it with \(instance.name).\(domain.name) = …", at: instance.location)
    }
  }
}

/// Which clocks sample each input and drive each output of a definition, as sets of its clocks.
struct ClockSummary {
  var clocks: VisibleClocks
  var sampled: [UInt64]
  var driven: [UInt64]
  /// For each input, the clocks that are made of it.
  var made: [UInt64]
  /// For each port, whether it is an output with logic behind it, which may glitch.
  var mayGlitch: [Bool]
}

extension Graph {
  fileprivate func summarizedClocks() -> ClockSummary {
    if let clockSummary { return clockSummary }
    var flow = ClockFlow(self)
    let driven = ports.map { $0.isInput ? 0 : flow.clocks(of: signals[$0.signal].node) }
    let mayGlitch = ports.map { !$0.isInput && flow.logic(behind: signals[$0.signal].node) != nil }
    let summary = ClockSummary(
      clocks: flow.visible, sampled: flow.samplingClocks(), driven: driven, made: flow.madeClocks(), mayGlitch: mayGlitch)
    clockSummary = summary
    return summary
  }
  fileprivate func bit(_ domain: Int) -> UInt64 { 1 << UInt64(clockSource(of: domain)) }
  fileprivate var asynchronousDomain: Int? { domains.firstIndex { $0.name == ClockDomain.asynchronous.name } }
}

/// The clocks of one module, by their bit in a set: those of its domains, then those that its instances make
/// themselves, which no domain in here stands for.
struct VisibleClocks {
  private(set) var names: [String]
  /// For each instance, the bit in here of each clock of its definition; nil for what is not connected.
  private var bits: [[Int?]] = []

  init(_ graph: Graph) {
    names = graph.domains.map(\.name)
    for instance in graph.instances {
      let inside = instance.definition.summarizedClocks().clocks
      bits.append(inside.names.indices.map { index in
        if !inside.isMade(index, in: instance.definition) {
          return instance.domains[index] >= 0 ? graph.clockSource(of: instance.domains[index]) : nil
        }
        // Too many to tell apart: to all others it is as if there were none.
        if names.count >= Graph.mostDomains { return graph.asynchronousDomain }
        names.append("\(instance.name).\(inside.names[index])")
        return names.count - 1
      })
    }
  }

  /// Whether a clock of `graph` comes from inside: a module around it has no other name for it.
  private func isMade(_ clock: Int, in graph: Graph) -> Bool {
    if clock >= graph.domains.count { return true }
    if case .value = graph.domains[clock].clock { return true }
    return false
  }

  /// A set of clocks of an instance's definition as a set of ours.
  func translated(_ set: UInt64, ofInstance index: Int) -> UInt64 {
    bits[index].enumerated().reduce(0) { result, clock in
      guard let bit = clock.element, set >> UInt64(clock.offset) & 1 == 1 else { return result }
      return result | 1 << UInt64(bit)
    }
  }
}

/// Follows clocks through one module.
private struct ClockFlow {
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
      if !isPlain(graph.nodes[Int(id)], next) { return id }
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

/// A value that a clock is made of.
private struct MadeClock {
  let clock: Int
  let value: Int32
  let location: SourceLocation?

  static func all(in graph: Graph, _ flow: ClockFlow) -> [MadeClock] {
    var result: [MadeClock] = []
    for (index, domain) in graph.domains.enumerated() {
      guard case .value(let wire) = domain.clock else { continue }
      result.append(.init(clock: index, value: wire, location: graph.signal(of: wire)?.location))
    }
    for (number, instance) in graph.instances.enumerated() {
      let inside = instance.definition.summarizedClocks().made
      for (port, value) in instance.inputs.enumerated() where value >= 0 && inside[port] != 0 {
        let clocks = flow.visible.translated(inside[port], ofInstance: number)
        for clock in flow.visible.names.indices where clocks >> UInt64(clock) & 1 == 1 && clock != graph.asynchronousDomain {
          result.append(.init(clock: clock, value: value, location: instance.location))
        }
      }
    }
    return result
  }
}

/// Something that samples values with one clock or several: a register, a memory port, a port of a known domain.
private struct ClockConsumer {
  let what: String
  let clocks: UInt64
  let sources: [Int32]
  let location: SourceLocation
  var isSynchronizer = false

  static func all(in graph: Graph, _ flow: ClockFlow) -> [ClockConsumer] {
    var result: [ClockConsumer] = []
    let asynchronous = graph.asynchronousDomain, sources = flow.sources
    func add(_ what: String, _ domain: Int, _ values: [Int32], _ location: SourceLocation, isSynchronizer: Bool = false) {
      if domain == asynchronous { return }
      result.append(.init(what: what, clocks: graph.bit(domain), sources: values, location: location, isSynchronizer: isSynchronizer))
    }
    for signal in graph.signals {
      switch signal.kind {
      case .register:
        let values = sources.assigned(to: signal.node)
        add("register '\(signal.name)'", signal.domain ?? 0, values, signal.location, isSynchronizer: signal.isSynchronizer)
      case .output:
        if let domain = signal.domain { add("output '\(signal.name)'", domain, sources.assigned(to: signal.node), signal.location) }
      default: break
      }
    }
    for (index, domain) in graph.domains.enumerated() where domain.usesReset {
      guard let reset = domain.reset, let wire = graph.signal(of: reset) else { continue }
      add("reset '\(wire.name)'", index, [reset], wire.location)
    }
    for memory in graph.memories {
      for write in memory.writes {
        let values = [write.address, write.data] + [write.enable, write.lanes].compactMap { $0 }
        add("the write port of memory '\(memory.name)'", write.domain, values, memory.location)
      }
      for read in memory.reads {
        add("the read port of memory '\(memory.name)'", read.domain, [read.address] + [read.enable].compactMap { $0 }, memory.location)
      }
    }
    for (number, instance) in graph.instances.enumerated() {
      let sampled = instance.definition.summarizedClocks().sampled
      // An asynchronous input expects any clock, or none; a clock that is made inside is one like any other.
      let unclocked = instance.definition.asynchronousDomain.map(instance.definition.bit) ?? 0
      for (index, port) in instance.definition.ports.enumerated() where port.isInput && instance.inputs[index] >= 0 {
        var clocks = flow.visible.translated(sampled[index] & ~unclocked, ofInstance: number)
        if let asynchronous { clocks &= ~graph.bit(asynchronous) }
        if clocks == 0 { continue }
        let name = "\(instance.name).\(instance.definition.signals[port.signal].name)"
        result.append(.init(what: "input '\(name)'", clocks: clocks, sources: [instance.inputs[index]], location: instance.location))
      }
    }
    return result
  }
}

private struct CrossingSearch {
  let graph: Graph
  var flow: ClockFlow

  init(_ graph: Graph) {
    self.graph = graph
    flow = ClockFlow(graph)
  }

  mutating func run() {
    for consumer in ClockConsumer.all(in: graph, flow) {
      if consumer.isSynchronizer { checkSynchronizer(consumer) } else { check(consumer) }
    }
    for made in MadeClock.all(in: graph, flow) { check(made) }
    checkPorts(graph.summarizedClocks())
  }

  /// A port that no domain was declared for has one at most.
  private func checkPorts(_ summary: ClockSummary) {
    let asynchronous = graph.asynchronousDomain.map(graph.bit) ?? 0
    for (index, port) in graph.ports.enumerated() {
      let signal = graph.signals[port.signal]
      let clocks = (port.isInput ? summary.sampled[index] : summary.driven[index]) & ~asynchronous
      if signal.domain != nil || clocks.nonzeroBitCount < 2 { continue }
      let all = flow.visible.names
      let names = all.indices.filter { clocks >> UInt64($0) & 1 == 1 }.map { "'\(all[$0])'" }.joined(separator: " and ")
      graph.report(port.isInput
        ? "input '\(signal.name)' is sampled by clock domains \(names); declare with in: to which one it belongs, and synchronize it into the other"
        : "output '\(signal.name)' follows clock domains \(names); synchronize what drives it into one, or declare it in: .asynchronous", at: signal.location)
    }
  }

  /// An edge of a clock must not be the reason for the next one.
  private mutating func check(_ made: MadeClock) {
    let own: UInt64 = 1 << UInt64(made.clock)
    guard flow.clocks(of: made.value) & own != 0, let origin = flow.origin(of: own, behind: [made.value]) else { return }
    graph.report("the clock of clock domain '\(flow.visible.names[made.clock])' follows '\(graph.text(of: origin, depth: 0))', which it clocks itself; make it from a register of another domain", at: made.location)
  }

  private mutating func check(_ consumer: ClockConsumer) {
    let clocks = consumer.sources.reduce(0) { $0 | flow.clocks(of: $1) }
    for clock in flow.visible.names.indices where consumer.clocks >> UInt64(clock) & 1 == 1 {
      let foreign = clocks & ~(1 << UInt64(clock))
      if foreign == 0 { continue }
      guard let origin = flow.origin(of: foreign, behind: consumer.sources) else { continue }
      let from = (flow.ownClocks(of: origin) & foreign).trailingZeroBitCount, names = flow.visible.names
      return graph.report("\(consumer.what) of clock domain '\(names[clock])' follows '\(graph.text(of: origin, depth: 0))' of clock domain '\(names[from])' without a synchronizer; \(remedy(origin, into: clock))", at: consumer.location)
    }
  }

  private func remedy(_ origin: Int32, into clock: Int) -> String {
    if clock >= graph.domains.count {
      return "only the instance has that clock, so declare its input in: .asynchronous and synchronize it inside"
    }
    let into = spelled(clock)
    return graph.nodes[Int(origin)].width == 1
      ? "use synchronized(\(spelled(origin, graph.text(of: origin, depth: 0))), into: \(into))"
      : "use synchronized(gray:into:) for a Gray-coded value, assumeStable(_:into:because:) for one that rests, or an asynchronous FIFO"
  }

  /// A synchronizer may sample any clock, but only straight from what drives it: logic makes glitches.
  private mutating func checkSynchronizer(_ consumer: ClockConsumer) {
    guard let source = consumer.sources.first, flow.clocks(of: source) & ~consumer.clocks != 0 else { return }
    guard let logic = flow.logic(behind: source) else { return }
    let domain = graph.domains[consumer.clocks.trailingZeroBitCount].name
    graph.report("\(consumer.what) of clock domain '\(domain)' samples '\(graph.text(of: logic, depth: 2))', which is logic and may glitch; put a Register before the synchronizer", at: consumer.location)
  }

  // As they are written in Swift.
  private func spelled(_ domain: Int) -> String { domain == 0 ? ".default" : graph.domains[domain].name }
  private func spelled(_ origin: Int32, _ name: String) -> String {
    let parts = name.split(separator: ".")
    return graph.nodes[Int(origin)].operation == .instanceOutput && parts.count == 2 ? "\(parts[0]).$\(parts[1])" : name
  }
}
