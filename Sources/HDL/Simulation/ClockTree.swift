/// Which clock, which edge of it and which reset every domain of every instance really has.
///
/// A clock is one of the top's, or a value of the design, as from a divider; so are a reset and an enable. Domains that share
/// a clock have their edges together, whatever they are called on the way.
struct ClockTree {
  enum Source: Hashable {
    /// A domain of the top, which the test drives.
    case top(domain: Int)
    /// A node, in the numbering of all nodes.
    case node(Int)
  }
  /// An edge of a clock, where all of some enables hold: what registers change at. Clocks and enables are positions.
  struct Tick: Hashable {
    let clock: Int
    let isFalling: Bool
    let enables: [Int]
  }
  /// A domain, as positions among `ticks` and `resets`; `Domain.none` if nothing drives it, so that nothing may follow it.
  struct Domain: Hashable {
    let tick: Int
    let reset: Int
    let kind: ClockDomain.Reset
    let hasInitialValues: Bool
    static let none = Domain(tick: -1, reset: -1, kind: .synchronous, hasInitialValues: false)
  }
  private(set) var clocks: [Source] = []
  private(set) var resets: [Source] = []
  private(set) var enables: [Source] = []
  private(set) var ticks: [Tick] = []
  /// The domains of each scope.
  private(set) var domains: [[Domain]] = []

  init(_ hierarchy: Hierarchy) {
    for scope in hierarchy.scopes.indices { add(scope, hierarchy) }
  }

  private mutating func add(_ scope: Int, _ hierarchy: Hierarchy) {
    let graph = hierarchy.graph(of: scope), base = hierarchy.scopes[scope].base
    var own: [Domain] = []
    for (index, domain) in graph.domains.enumerated() {
      let start: Domain
      switch domain.clock {
      case .port: start = inherited(index, scope, hierarchy)
      case .sameAs(let other): start = own[other]
      case .value(let node): start = made(clock: base + Int(node), domain.said)
      }
      own.append(start == .none ? start : changed(start, domain, base))
    }
    domains.append(own)
  }

  private mutating func made(clock node: Int, _ said: DomainRecord.Said) -> Domain {
    let clock = position(of: .node(node), in: \.clocks)
    let tick = position(of: Tick(clock: clock, isFalling: said.edge == .falling, enables: []), in: \.ticks)
    return Domain(tick: tick, reset: -1, kind: .synchronous, hasInitialValues: false)
  }

  /// What a module says itself of a domain that it makes. Of one that comes in, its surroundings have said all.
  private mutating func changed(_ domain: Domain, _ record: DomainRecord, _ base: Int) -> Domain {
    if record.hasPorts { return domain }
    let tick = ticks[domain.tick], enable = record.enable.map { position(of: .node(base + Int($0)), in: \.enables) }
    let changed = Tick(
      clock: tick.clock, isFalling: record.said.edge.map { $0 == .falling } ?? tick.isFalling, enables: tick.enables + (enable.map { [$0] } ?? []))
    return Domain(
      tick: position(of: changed, in: \.ticks), reset: record.reset.map { position(of: .node(base + Int($0)), in: \.resets) } ?? domain.reset,
      kind: record.said.reset ?? domain.kind, hasInitialValues: record.said.hasInitialValues ?? domain.hasInitialValues)
  }

  /// What comes in through the ports of a domain.
  private mutating func inherited(_ domain: Int, _ scope: Int, _ hierarchy: Hierarchy) -> Domain {
    if scope > 0 { return hierarchy.outerDomain(domain, of: scope).map { domains[hierarchy.scopes[scope].parent][$0] } ?? .none }
    let properties = hierarchy.graph(of: 0).domains[domain].properties
    let clock = position(of: .top(domain: domain), in: \.clocks), reset = position(of: .top(domain: domain), in: \.resets)
    let enables = properties.hasEnable ? [position(of: .top(domain: domain), in: \.enables)] : []
    let tick = position(of: Tick(clock: clock, isFalling: properties.edge == .falling, enables: enables), in: \.ticks)
    return Domain(tick: tick, reset: reset, kind: properties.reset, hasInitialValues: properties.hasInitialValues)
  }
  private mutating func position<Element: Equatable>(of element: Element, in list: WritableKeyPath<ClockTree, [Element]>) -> Int {
    if let known = self[keyPath: list].firstIndex(of: element) { return known }
    self[keyPath: list].append(element)
    return self[keyPath: list].count - 1
  }
}
