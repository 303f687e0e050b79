/// The two ends of a bundle, as the body that uses them sees them.
///
/// At an `Initiator` the body drives the forward signals and reads the backward ones; at a `Target` it is
/// the other way round. A module declares its own ends as stored properties. Seen from the module around
/// it the ends change sides: a FIFO's `output` is an `Initiator` inside the FIFO, and a `Target` for
/// whoever instantiates it, who reads what it sends. Driving the wrong direction does not compile, and
/// neither does a misspelt member.

/// The end that starts the conversation.
@dynamicMemberLookup public struct Initiator<Members: PortBundle>: Hashable, ModulePart {
  let end: BundleEnd<Members>

  /// Declares the ports of a module that is the initiator.
  ///
  /// - Parameter domain: the clock that all its signals follow; by default that follows from what samples or drives them.
  public init(_ members: Members, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    end = BundleEnd(members, domain, SourceLocation(file, line))
  }
  /// With the parameters that a property of the module gives: `let link = Initiator(\Self.link16)`.
  public init<M: Module>(_ members: KeyPath<M, Members>, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    end = BundleEnd(members, domain, SourceLocation(file, line))
  }
  init(end: BundleEnd<Members>) { self.end = end }

  public subscript<T>(dynamicMember path: KeyPath<Members, Forward<T>>) -> T {
    get { T(reference: end.read(end.members[keyPath: path].declaration)) }
    nonmutating set { end.drive(end.members[keyPath: path].declaration, newValue.reference) }
  }
  public subscript<T>(dynamicMember path: KeyPath<Members, Backward<T>>) -> T {
    get { T(reference: end.read(end.members[keyPath: path].declaration)) }
    @available(*, unavailable, message: "the initiator reads this signal; the target drives it")
    nonmutating set { fatalError() }
  }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, Inner>) -> Initiator<Inner> {
    Initiator<Inner>(end: end.inner(end.members[keyPath: path]))
  }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, [Inner]>) -> [Initiator<Inner>] {
    end.members[keyPath: path].map { Initiator<Inner>(end: end.inner($0)) }
  }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, Flipped<Inner>>) -> Target<Inner> {
    Target(end: end.inner(end.members[keyPath: path].members))
  }
  /// The bundle with its parameters.
  public var members: Members { end.members }

  var cells: [Cell] { end.cells }
  func resolve(in module: Any) { end.resolve(in: module) }
  func bind(to graph: Graph, name: String) { end.bind(to: graph, name: name, drivesForward: true) }
}

/// The end that answers.
@dynamicMemberLookup public struct Target<Members: PortBundle>: Hashable, ModulePart {
  let end: BundleEnd<Members>

  /// Declares the ports of a module that is the target.
  ///
  /// - Parameter domain: the clock that all its signals follow; by default that follows from what samples or drives them.
  public init(_ members: Members, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    end = BundleEnd(members, domain, SourceLocation(file, line))
  }
  /// With the parameters that a property of the module gives: `let link = Target(\Self.link16)`.
  public init<M: Module>(_ members: KeyPath<M, Members>, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) {
    end = BundleEnd(members, domain, SourceLocation(file, line))
  }
  init(end: BundleEnd<Members>) { self.end = end }

  public subscript<T>(dynamicMember path: KeyPath<Members, Backward<T>>) -> T {
    get { T(reference: end.read(end.members[keyPath: path].declaration)) }
    nonmutating set { end.drive(end.members[keyPath: path].declaration, newValue.reference) }
  }
  public subscript<T>(dynamicMember path: KeyPath<Members, Forward<T>>) -> T {
    get { T(reference: end.read(end.members[keyPath: path].declaration)) }
    @available(*, unavailable, message: "the target reads this signal; the initiator drives it")
    nonmutating set { fatalError() }
  }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, Inner>) -> Target<Inner> {
    Target<Inner>(end: end.inner(end.members[keyPath: path]))
  }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, [Inner]>) -> [Target<Inner>] {
    end.members[keyPath: path].map { Target<Inner>(end: end.inner($0)) }
  }
  public subscript<Inner>(dynamicMember path: KeyPath<Members, Flipped<Inner>>) -> Initiator<Inner> {
    Initiator(end: end.inner(end.members[keyPath: path].members))
  }
  /// The bundle with its parameters.
  public var members: Members { end.members }

  var cells: [Cell] { end.cells }
  func resolve(in module: Any) { end.resolve(in: module) }
  func bind(to graph: Graph, name: String) { end.bind(to: graph, name: name, drivesForward: false) }
}
