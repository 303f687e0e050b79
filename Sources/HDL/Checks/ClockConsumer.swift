/// Something that samples values with one clock or several: a register, a memory port, a port of a known domain.
struct ClockConsumer {
  let what: String
  let clocks: UInt64
  let sources: [Int32]
  let location: SourceLocation
  var isSynchronizer = false
  /// A property or a print, which belongs to the clock that it names, whatever it looks at.
  var isRemark = false

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
    for (index, domain) in graph.domains.enumerated() {
      if let reset = domain.reset, domain.usesReset, !domain.isResetSynchronizer, let wire = graph.signal(of: reset) {
        add("reset '\(wire.name)'", index, [reset], wire.location)
      }
      if let enable = domain.enable, domain.usesClock, let wire = graph.signal(of: enable) { add("enable '\(wire.name)'", index, [enable], wire.location) }
    }
    func remark(_ what: String, _ domain: Int, _ values: [Int32], _ location: SourceLocation) {
      result.append(.init(what: what, clocks: graph.bit(domain), sources: values, location: location, isRemark: true))
    }
    for property in graph.properties {
      remark("the property '\(property.message)'", property.domain, [property.condition] + (property.enable.map { [$0] } ?? []), property.location)
    }
    for print in graph.prints { remark("a Print", print.domain, print.nodes, print.location) }
    for memory in graph.memories {
      for write in memory.writes {
        let values = [write.address, write.data] + [write.enable, write.lanes].compactMap { $0 }
        add("the write port of memory '\(memory.name)'", write.domain, values, memory.location)
      }
      for read in memory.reads {
        guard let domain = read.domain else { continue }
        add("the read port of memory '\(memory.name)'", domain, [read.address] + [read.enable].compactMap { $0 }, memory.location)
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

/// A value that a clock is made of.
struct MadeClock {
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
