/// A clock domain as one module sees it: the clock that its registers follow and the reset that clears them.
///
/// Domain 0 is always the default one, with the ports `clock` and `reset`. Any other is a pair of ports
/// named after it, unless the module makes the clock or the reset itself.
package struct DomainRecord {
  package enum Clock {
    /// An input of the module.
    case port
    /// The clock of another domain, which differs in its reset only.
    case sameAs(Int)
    /// A value of the module, such as the output of a PLL.
    case value(Int32)
  }
  package let name: String
  package let clock: Clock
  /// The one-bit value that resets the domain while it is 1; nil for the reset port.
  package let reset: Int32?
  /// Whether anything in here, or below, needs them; known once the body has run.
  package internal(set) var usesClock = false
  package internal(set) var usesReset = false

  var hasPorts: Bool { if case .port = clock { true } else { false } }
}

extension Graph {
  /// The index of `domain`, which becomes one of this module's domains if it is not yet.
  func index(of domain: ClockDomain) -> Int {
    if let known = domains.firstIndex(where: { $0.name == domain.name }) { return known }
    if domains.count == Graph.mostDomains { report("more than \(Graph.mostDomains) clock domains in one module; divide it") }
    domains.append(DomainRecord(name: domain.name, clock: .port, reset: nil))
    return domains.count - 1
  }
  /// Sets of domains are the bits of a word.
  static let mostDomains = 64

  /// The domain whose clock `domain` really follows. Values may pass freely between domains of one clock.
  package func clockSource(of domain: Int) -> Int {
    if case .sameAs(let base) = domains[domain].clock { return clockSource(of: base) }
    return domain
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
      if reset { domains[domain].usesReset = true }
    }
    for signal in signals where signal.kind == .register { use(signal.domain ?? 0, reset: signal.reset != nil) }
    for memory in memories {
      for read in memory.reads { use(read.domain, reset: false) }
      for write in memory.writes { use(write.domain, reset: false) }
    }
    for property in properties { use(property.domain, reset: false) }
    for instance in instances {
      for (child, parent) in zip(instance.definition.domains, instance.domains) where child.hasPorts && child.usesClock && parent >= 0 {
        use(parent, reset: child.usesReset)
      }
    }
    for pin in blackBox?.pins ?? [] { use(pin.domain, reset: pin.reset != nil) }
  }
}
