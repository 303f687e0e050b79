/// A clock domain as one module sees it: the clock that its registers follow and the reset that clears them.
///
/// Domain 0 is always the default one, with the ports `clock` and `reset`. Any other is a pair of ports
/// named after it, unless the module makes the clock or the reset itself.
package struct DomainRecord {
  package enum Clock {
    /// An input of the module.
    case port
    /// The clock of another domain, which differs in its reset, its edge or its enable only.
    case sameAs(Int)
    /// A value of the module, such as the output of a PLL.
    case value(Int32)
  }
  /// What the module says of it; nil for what follows from its surroundings, or from the domain whose clock it has.
  struct Said: Hashable {
    var edge: ClockDomain.Edge?
    var reset: ClockDomain.Reset?
    var hasEnable: Bool?
    var hasInitialValues: Bool?
  }
  package let name: String
  package let clock: Clock
  /// The one-bit value that resets the domain while it is 1; nil for the reset port, or for the reset of the domain whose clock
  /// it has.
  package let reset: Int32?
  /// The one-bit value without which an edge does not count; nil for none but the port's.
  package let enable: Int32?
  let said: Said
  /// It is there to release an asynchronous reset with the clock: the reset itself may come at any time.
  var isResetSynchronizer = false
  let location: SourceLocation?
  /// What it is in this design: known once the modules around are.
  package internal(set) var properties = ClockProperties()
  /// Whether anything in here, or below, needs them; known once the body has run.
  package internal(set) var usesClock = false
  package internal(set) var usesReset = false

  init(
    name: String, clock: Clock, reset: Int32? = nil, enable: Int32? = nil, said: Said = Said(), isResetSynchronizer: Bool = false,
    location: SourceLocation? = nil
  ) {
    (self.name, self.clock, self.reset, self.enable, self.said) = (name, clock, reset, enable, said)
    (self.isResetSynchronizer, self.location) = (isResetSynchronizer, location)
  }

  var hasPorts: Bool { if case .port = clock { true } else { false } }
  /// Whether a port of the module brings each of the three.
  var hasClockPort: Bool { hasPorts && usesClock }
  var hasResetPort: Bool { hasPorts && usesReset && properties.reset != .powerUp }
  var hasEnablePort: Bool { hasPorts && usesClock && properties.hasEnable }

  /// The same domain, of a graph whose nodes have other numbers.
  func renumbered(_ new: (Int32) -> Int32) -> DomainRecord {
    let source: Clock = if case .value(let id) = clock { .value(new(id)) } else { clock }
    var copy = DomainRecord(
      name: name, clock: source, reset: reset.map(new), enable: enable.map(new), said: said, isResetSynchronizer: isResetSynchronizer, location: location)
    (copy.properties, copy.usesClock, copy.usesReset) = (properties, usesClock, usesReset)
    return copy
  }
}

extension Graph {
  /// The index of `domain`, which becomes one of this module's domains if it is not yet.
  func index(of domain: ClockDomain, at location: SourceLocation? = nil) -> Int {
    let said = domain.properties.map {
      DomainRecord.Said(edge: $0.edge, reset: $0.reset, hasEnable: $0.hasEnable, hasInitialValues: $0.hasInitialValues)
    }
    if let known = domains.firstIndex(where: { $0.name == domain.name }) {
      if let said, said != domains[known].said, known > 0 || domains[known].said != DomainRecord.Said() {
        report("clock domain '\(domain)' is described twice, and differently; store it once, and use that", at: location)
      }
      return known
    }
    if domains.count == Graph.mostDomains { report("more than \(Graph.mostDomains) clock domains in one module; divide it") }
    domains.append(DomainRecord(name: domain.name, clock: .port, said: said ?? DomainRecord.Said(), location: location))
    return domains.count - 1
  }
  /// Sets of domains are the bits of a word.
  static let mostDomains = 64

  /// The domain whose clock `domain` really follows. Values may pass freely between domains of one clock.
  package func clockSource(of domain: Int) -> Int {
    if case .sameAs(let base) = domains[domain].clock { return clockSource(of: base) }
    return domain
  }
  /// The domain whose reset `domain` really has.
  package func resetSource(of domain: Int) -> Int {
    if domains[domain].reset == nil, case .sameAs(let base) = domains[domain].clock { return resetSource(of: base) }
    return domain
  }
  /// The domains whose enables must all hold for an edge of `domain` to count, itself first.
  package func enableSources(of domain: Int) -> [Int] {
    let own = domains[domain].enable != nil || domains[domain].hasPorts && domains[domain].properties.hasEnable ? [domain] : []
    if case .sameAs(let base) = domains[domain].clock { return own + enableSources(of: base) }
    return own
  }

  /// What each domain is like, given what those with ports are.
  func resolvedProperties(_ outside: [ClockProperties]) -> [ClockProperties] {
    var result: [ClockProperties] = []
    for (index, domain) in domains.enumerated() {
      var properties = ClockProperties()
      switch domain.clock {
      case .port: properties = outside[index]
      case .sameAs(let base): properties = result[base]
      case .value: break
      }
      if !domain.hasPorts {
        properties.edge = domain.said.edge ?? properties.edge
        properties.reset = domain.said.reset ?? properties.reset
        properties.hasEnable = properties.hasEnable || domain.enable != nil
        properties.hasInitialValues = domain.said.hasInitialValues ?? properties.hasInitialValues
      }
      result.append(properties)
    }
    return result
  }

  /// What each domain of `definition` is in here, before anything is connected: the default one follows
  /// the surroundings; what has no clock of ours is asynchronous to all of them.
  func connections(of definition: Graph, defaultDomain: Int) -> [Int] {
    definition.domains.enumerated().map { index, domain in
      if index == 0 { return defaultDomain }
      if domain.name == ClockDomain.asynchronous.name { return self.index(of: .asynchronous) }
      switch domain.clock {
      case .port: return -1
      case .sameAs, .value: return self.index(of: .asynchronous)
      }
    }
  }

  /// Marks the domains that something needs, once the body has run and all definitions below are complete.
  func markUsedDomains() {
    func use(_ domain: Int, reset: Bool) {
      domains[clockSource(of: domain)].usesClock = true
      domains[domain].usesClock = true
      // The enable of a base is needed, too.
      if case .sameAs(let base) = domains[domain].clock { use(base, reset: false) }
      if reset {
        domains[resetSource(of: domain)].usesReset = true
        domains[domain].usesReset = true
      }
    }
    for signal in signals where signal.kind == .register { use(signal.domain ?? 0, reset: signal.reset != nil) }
    for memory in memories {
      for domain in memory.reads.compactMap(\.domain) { use(domain, reset: false) }
      for write in memory.writes { use(write.domain, reset: false) }
    }
    for domain in properties.map(\.domain) + prints.map(\.domain) { use(domain, reset: false) }
    for instance in instances {
      for (child, parent) in zip(instance.definition.domains, instance.domains) where child.hasPorts && child.usesClock && parent >= 0 {
        use(parent, reset: child.usesReset)
      }
    }
    for pin in blackBox?.pins ?? [] { use(pin.domain, reset: pin.reset != nil) }
  }
}
