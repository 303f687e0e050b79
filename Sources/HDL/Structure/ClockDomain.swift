/// A clock and its reset, as a value that modules pass around: `ClockDomain("write")`.
///
/// A module that says nothing lives in the default domain, whose ports are `clock` and `reset`. Every other
/// domain that a module uses is a pair of ports named after it, `write_clock` and `write_reset`:
///
///     struct Bridge: Module {
///       let write = ClockDomain("write")
///       @Register var held: Unsigned
///       init() { _held = Register(8, in: write) }
///     }
///
/// Whoever instantiates it says which of its own domains that is: `bridge.write = camera`. A child's default
/// domain is the one in which it is declared, so a module of one clock can be put into any domain.
///
/// Everything that follows a clock takes `in:`; `In(write) { … }` sets it for all declarations of a closure,
/// which also reaches into functions that declare registers and know nothing of domains.
///
/// The edge, the kind of reset, an enable and initial values are properties of the domain. A domain of which nothing is said
/// has those of the domain that it is connected with; that of a top is plain: rising edge, synchronous reset, active high. An
/// asynchronous reset keeps registers out of multipliers and memories, so it is never the default.
public struct ClockDomain: Hashable, Sendable, CustomStringConvertible {
  public let name: String
  /// nil: those of whoever drives the clock.
  let properties: ClockProperties?

  public init(_ name: String) {
    self.name = name
    properties = nil
  }
  /// A domain of which everything is said. What it is connected with must agree.
  ///
  /// - Parameters:
  ///   - enable: whether there is a port `write_clock_enable` beside the clock; registers stand still while it is 0.
  ///   - initialValues: whether registers have their reset values when the power comes on, too.
  public init(_ name: String, edge: Edge = .rising, reset: Reset = .synchronous, enable: Bool = false, initialValues: Bool = false) {
    self.name = name
    properties = ClockProperties(edge: edge, reset: reset, hasEnable: enable, hasInitialValues: initialValues || reset == .powerUp)
  }

  /// The domain of everything that names none.
  public static let `default` = ClockDomain("default")
  /// No clock at all: buttons, serial lines, and whatever else changes when it likes. Only for ports.
  public static let asynchronous = ClockDomain("asynchronous")

  public var description: String { name }
}

// MARK: domains that a module makes itself

extension ClockDomain {
  /// Inside `body()`: a domain whose clock and reset are values, as of a PLL.
  ///
  /// - Parameters:
  ///   - reset: 1 while the domain is held in reset; it must change with `clock`, as any value of the domain.
  ///   - kind: how the reset acts. A value is active high: the active-low kinds are for ports.
  ///   - enable: 1 where an edge of the clock counts; nil for always.
  public init(
    _ name: String, clock: Bit, reset: Bit, kind: Reset = .synchronous, edge: Edge = .rising, enable: Bit? = nil, initialValues: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(name)
    let graph = Scope.required("ClockDomain").graph, location = SourceLocation(file, line)
    let wire = graph.wire("\(name)_clock", clock.reference, at: location)
    let said = DomainRecord.Said(edge: edge, reset: kind, hasInitialValues: initialValues)
    graph.declare(self, .value(wire), reset: reset, enable: enable, said, at: location)
  }
  /// Inside `body()`: a domain with the clock of another. Values pass freely between the two.
  ///
  /// - Parameters:
  ///   - reset: its own reset, as for a soft reset, or for one that came from elsewhere and was synchronized; nil for that of
  ///     `base`.
  ///   - kind: how its own reset acts; nil for synchronous. The reset of `base` acts as it does there.
  ///   - edge: nil for that of `base`.
  ///   - enable: 1 where an edge of the clock counts, if it also does for `base`; nil for always.
  ///   - initialValues: nil for as in `base`.
  public init(
    _ name: String, clockOf base: ClockDomain, reset: Bit? = nil, kind: Reset? = nil, edge: Edge? = nil, enable: Bit? = nil,
    initialValues: Bool? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(name)
    let graph = Scope.required("ClockDomain").graph, location = SourceLocation(file, line)
    if kind != nil && reset == nil {
      graph.report("clock domain '\(name)' has the reset of '\(base)', which acts as it does there; give it a reset of its own, or leave out kind:", at: location)
    }
    let said = DomainRecord.Said(edge: edge, reset: reset == nil ? nil : kind ?? .synchronous, hasInitialValues: initialValues)
    graph.declare(self, .sameAs(graph.index(of: base)), reset: reset, enable: enable, said, at: location)
  }
}

extension Graph {
  /// Adds a domain that the module makes itself.
  func declare(
    _ domain: ClockDomain, _ clock: DomainRecord.Clock, reset: Bit?, enable: Bit? = nil, _ said: DomainRecord.Said, isResetSynchronizer: Bool = false,
    at location: SourceLocation
  ) {
    if domains.contains(where: { $0.name == domain.name }) {
      report("clock domain '\(domain)' exists already; give this one another name", at: location)
      return
    }
    if let kind = said.reset, kind.isActiveLow || kind == .powerUp {
      report("the reset of clock domain '\(domain)' is a value, which is 1 in reset; use kind: .\(kind == .asynchronousActiveLow ? "asynchronous" : "synchronous")", at: location)
    }
    domains.append(
      DomainRecord(
        name: domain.name, clock: clock, reset: reset.map { wire("\(domain)_reset", $0.reference, at: location) },
        enable: enable.map { wire("\(domain)_enable", $0.reference, at: location) }, said: said, isResetSynchronizer: isResetSynchronizer,
        location: location))
  }
  /// A wire that always follows `value`, wherever the description happens to stand.
  func wire(_ name: String, _ value: Reference, domain: Int? = nil, at location: SourceLocation) -> Int32 {
    let node = declare(.wire, .variable, name: name, value.shape, location, domain: domain)
    body.statements.append(.assign(Assignment(target: node, value: value.id(in: self), location: location)))
    return node
  }
  /// The domain of a declaration that names `domain`, or none.
  func domain(ofClocked name: String, _ domain: ClockDomain?, at location: SourceLocation) -> Int {
    guard let domain else { return openDomain }
    if domain == .asynchronous {
      report("'\(name)' needs a clock, and .asynchronous has none; name another domain", at: location)
      return 0
    }
    return index(of: domain, at: location)
  }
}

/// Declares everything inside, instances included, in `domain`.
@discardableResult
public func In<Result>(_ domain: ClockDomain, file: StaticString = #fileID, line: UInt = #line, _ body: () -> Result) -> Result {
  let graph = Scope.required("In").graph
  let outer = graph.openDomain
  graph.openDomain = graph.domain(ofClocked: "In(\(domain))", domain, at: SourceLocation(file, line))
  defer { graph.openDomain = outer }
  return body()
}

extension Instance {
  /// `bridge.write = camera` connects a clock domain of the instance with one of this module.
  public subscript(dynamicMember path: KeyPath<M, ClockDomain>) -> ClockDomain {
    @available(*, unavailable, message: "an instance's clock domain cannot be read; use the domain it is connected to")
    get { fatalError() }
    nonmutating set { connect(prototype[keyPath: path], to: newValue) }
  }

  private func connect(_ child: ClockDomain, to domain: ClockDomain) {
    guard index >= 0 else { return }
    let record = parent.instances[index]
    let name = "\(record.name).\(child)"
    guard let position = record.definition.domains.firstIndex(where: { $0.name == child.name && $0.hasPorts }) else { return }
    if position > 0 && record.domains[position] >= 0 {
      parent.report("clock domain '\(name)' is connected twice; connect it once", at: record.location)
    }
    parent.instances[index].domains[position] = parent.domain(ofClocked: name, domain, at: record.location)
  }
}
