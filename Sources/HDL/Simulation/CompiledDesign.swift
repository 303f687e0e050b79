/// A design that is ready to be simulated, any number of times and from any number of tasks at once.
///
/// Elaboration and compilation happen here, once; `simulation()` then costs no more than allocating and
/// filling the memory of one simulation. Tests of one module share one compiled design:
/// ```swift
/// let counter = try CompiledDesign(Counter(width: 8))
/// let simulation = counter.simulation()
/// ```
public struct CompiledDesign<Top: Module>: @unchecked Sendable {
  // The module value is only read, for the declarations that key paths lead to; everything else is immutable.
  /// The module that was compiled.
  public let top: Top
  /// What was elaborated, for printing as Verilog.
  public let design: Design
  let program: Program
  let signals: SignalTable
  /// The top's declared signals by the declaration that a key path leads to.
  private let declared: [ObjectIdentifier: SignalHandle]

  /// Elaborates and compiles `top`. Nothing need be read: a simulation may be all there is to watch it.
  ///
  /// - Parameters:
  ///   - domain: what the top's default clock domain is like.
  ///   - domains: the same for domains that the top stores, by their names.
  /// - Throws: `ElaborationFailure` with every diagnostic, or with the black boxes that have no model, or a memory that is too large.
  public init(_ top: Top, in domain: ClockDomain = .default, and domains: [ClockDomain] = []) throws(ElaborationFailure) {
    self.top = top
    design = try elaborate(top, in: domain, and: domains, allowingUnread: true)
    let hierarchy = try Hierarchy(design)
    try MemoryLimit.check(hierarchy)
    let lowering = Lowering(hierarchy)
    program = Program(lowering)
    signals = SignalTable(lowering, program)
    var declared: [ObjectIdentifier: SignalHandle] = [:]
    // The signals of the stored declarations are the first, in the same order.
    for (cell, entry) in zip(parts(of: top).flatMap(\.part.cells), signals.entries(of: 0)) {
      declared[ObjectIdentifier(cell)] = signals.handle(entry, in: 0)
    }
    self.declared = declared
  }

  /// A simulation from power-up, independent of all others.
  public func simulation(_ powerUp: PowerUp = .zeros, engine: SimulationEngine = .automatic) -> Simulation<Top> {
    Simulation(self, powerUp, engine)
  }

  func handle(_ path: PartialKeyPath<Top>) -> SignalHandle {
    guard let cell = CellProbe.cell(at: path, in: top), let handle = declared[ObjectIdentifier(cell)] else {
      fatalError("\(top.moduleName): the key path \(path) does not lead to a port, wire or register of this module")
    }
    return handle
  }
  /// The signal of a declaration of the top.
  func handle(of cell: Cell) -> SignalHandle {
    guard let handle = declared[ObjectIdentifier(cell)] else { fatalError("\(top.moduleName): a member that is no port of this module") }
    return handle
  }
}

/// What registers and memories hold before anything has happened.
public enum PowerUp: Hashable, Sendable {
  case zeros
  /// Noise, the same for equal seeds: as real hardware, so that a missing reset shows.
  case random(seed: UInt64)
}
