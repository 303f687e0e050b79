/// Which clock and which reset every domain of every instance really is.
///
/// A clock is one of the top's, or a value of the design, as from a divider; so is a reset. Domains that share
/// a clock have their edges together, whatever they are called on the way.
struct ClockTree {
  enum Source: Hashable {
    /// A domain of the top, which the test drives.
    case top(domain: Int)
    /// A node, in the numbering of all nodes.
    case node(Int)
  }
  /// A domain, as positions among `clocks` and `resets`; `Domain.none` if nothing drives it, so that nothing may follow it.
  struct Domain: Hashable {
    let clock: Int
    let reset: Int
    static let none = Domain(clock: -1, reset: -1)
  }
  private(set) var clocks: [Source] = []
  private(set) var resets: [Source] = []
  /// The domains of each scope.
  private(set) var domains: [[Domain]] = []

  init(_ hierarchy: Hierarchy) {
    for scope in hierarchy.scopes.indices { add(scope, hierarchy) }
  }

  private mutating func add(_ scope: Int, _ hierarchy: Hierarchy) {
    let graph = hierarchy.graph(of: scope), base = hierarchy.scopes[scope].base
    var own: [Domain] = []
    for (index, domain) in graph.domains.enumerated() {
      let inherited = domain.hasPorts ? inherited(index, scope, hierarchy) : .none
      let clock: Int
      switch domain.clock {
      case .port: clock = inherited.clock
      case .sameAs(let other): clock = own[other].clock
      case .value(let node): clock = position(of: .node(base + Int(node)), in: \.clocks)
      }
      own.append(Domain(clock: clock, reset: domain.reset.map { position(of: .node(base + Int($0)), in: \.resets) } ?? inherited.reset))
    }
    domains.append(own)
  }

  /// What comes in through the ports of a domain.
  private mutating func inherited(_ domain: Int, _ scope: Int, _ hierarchy: Hierarchy) -> Domain {
    if scope == 0 { return Domain(clock: position(of: .top(domain: domain), in: \.clocks), reset: position(of: .top(domain: domain), in: \.resets)) }
    return hierarchy.outerDomain(domain, of: scope).map { domains[hierarchy.scopes[scope].parent][$0] } ?? .none
  }
  private mutating func position(of source: Source, in list: WritableKeyPath<ClockTree, [Source]>) -> Int {
    if let known = self[keyPath: list].firstIndex(of: source) { return known }
    self[keyPath: list].append(source)
    return self[keyPath: list].count - 1
  }
}
