/// A module whose body is foreign Verilog: a vendor's primitive, a PLL, a core written by others.
///
/// It declares its ports as any module does and is instantiated as any module is, but has no body; nothing is
/// printed for it but its instances.
///
///     struct PLL: BlackBox {
///       @Input() var reference: Bit
///       @Output() var fast: Bit
///       var verilogName: String { "SB_PLL40_CORE" }
///       var parameters: KeyValuePairs<String, VerilogParameter> { ["DIVR": .bits(3, width: 4), "FEEDBACK_PATH": "SIMPLE"] }
///       var portNames: [PartialKeyPath<PLL>: String] { [\.$reference: "REFERENCECLK", \.$fast: "PLLOUTCORE"] }
///     }
///
/// Its outputs count as driven, and as not following its inputs within a cycle, unless a `model` says otherwise.
/// Which clock a port belongs to is declared with `in:`; in a box of one clock it need not be.
public protocol BlackBox: Module {
  /// The name of the foreign module, letter for letter.
  var verilogName: String { get }
  /// Its parameters, in the order in which they are printed.
  var parameters: KeyValuePairs<String, VerilogParameter> { get }
  /// The foreign names of ports whose Swift name in snake case is not it.
  var portNames: [PartialKeyPath<Self>: String] { get }
  /// Its clocks and resets.
  var clockPins: [ClockPin] { get }
  /// What stands for it in simulation: a module with the same ports, written in this language. The simulator
  /// runs it in place of the box; it is never printed. Without one, a design with the box cannot be simulated.
  var model: (any Module)? { get }
}

extension BlackBox {
  public func body() {}
  public var verilogName: String { moduleName }
  public var parameters: KeyValuePairs<String, VerilogParameter> { [:] }
  public var portNames: [PartialKeyPath<Self>: String] { [:] }
  public var clockPins: [ClockPin] { [] }
  public var model: (any Module)? { nil }
}

/// The value of a foreign module's parameter.
public enum VerilogParameter: Hashable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  /// A plain number, of 32 bits as Verilog's are.
  case integer(Int)
  /// A number of a given width.
  case bits(Int, width: Int)
  case text(String)

  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(stringLiteral value: String) { self = .text(value) }

  /// What is wrong with it as the value of a parameter, and what to do about it.
  var problem: String? {
    switch self {
    case .integer(let number):
      if Int32(exactly: number) != nil { return nil }
      return "is \(number), which is no integer of 32 bits; use .bits(\(number), width: \(Self.width(of: number)))"
    case .bits(let number, let width):
      let needed = Self.width(of: number)
      if needed <= width { return nil }
      return "cannot hold \(number) in \(width == 1 ? "1 bit" : "\(width) bits"); use .bits(\(number), width: \(needed))"
    case .text: return nil
    }
  }
  /// The bits that a number needs: those of its two's complement if it is negative.
  private static func width(of number: Int) -> Int {
    BitVector(number, width: Int.bitWidth).minimalWidth(isSigned: number < 0)
  }
}

/// The pins of a black box that take a clock and, if it has one, the reset of the same domain.
public struct ClockPin: Hashable, Sendable {
  let clock: String
  let reset: String?
  let resetIsActiveLow: Bool
  let domain: ClockDomain

  public init(_ clock: String, reset: String? = nil, resetIsActiveLow: Bool = false, in domain: ClockDomain = .default) {
    self.clock = clock
    self.reset = reset
    self.resetIsActiveLow = resetIsActiveLow
    self.domain = domain
  }
}

/// A black box in the netlist.
package struct BlackBoxRecord {
  package struct Pin {
    package let clock: String
    package let reset: String?
    package let resetIsActiveLow: Bool
    package let domain: Int
  }
  /// The simulation model, and where its ports and domains are: index `i` is that of the box's port or domain `i`.
  package struct Model {
    package let definition: Graph
    package let ports: [Int]
    /// -1 where the model has no such domain.
    package let domains: [Int]
  }
  let parameters: [(name: String, value: VerilogParameter)]
  let portNames: [String]
  package let pins: [Pin]
  package internal(set) var model: Model?
}

/// A port as seen from outside, whatever its type and direction.
protocol PortHandle {
  var cell: Cell { get }
}
extension InputPort: PortHandle {}
extension OutputPort: PortHandle {}

extension BlackBox {
  /// Completes the definition, whose ports are bound already.
  func describe(in graph: Graph, isTop: Bool, _ elaborator: Elaborator) {
    if isTop { graph.report("a black box has no body to elaborate; put it into a module", at: graph.signals.first?.location) }
    var names = graph.ports.map { VerilogNames.legal(snakeCase(graph.signals[$0.signal].name)) }
    for (path, name) in portNames {
      guard let handle = self[keyPath: path] as? any PortHandle, names.indices.contains(handle.cell.port) else { continue }
      names[handle.cell.port] = name
    }
    let pins = clockPins.map { pin in
      BlackBoxRecord.Pin(clock: pin.clock, reset: pin.reset, resetIsActiveLow: pin.resetIsActiveLow, domain: graph.index(of: pin.domain))
    }
    checkNames(names, pins, in: graph)
    for (name, value) in parameters {
      guard let problem = value.problem else { continue }
      graph.report("parameter '\(name)' of the black box '\(verilogName)' \(problem)", at: graph.signals.first?.location)
    }
    graph.blackBox = BlackBoxRecord(parameters: parameters.map { ($0.key, $0.value) }, portNames: names, pins: pins)
    if pins.count == 1 {
      for port in graph.ports where graph.signals[port.signal].domain == nil { graph.signals[port.signal].domain = pins[0].domain }
    }
    if let model { attach(model, to: graph, elaborator) }
  }

  /// Foreign names are printed as they are, so they must be names, and each once.
  private func checkNames(_ ports: [String], _ pins: [BlackBoxRecord.Pin], in graph: Graph) {
    let place = graph.signals.first?.location
    func check(_ what: String, _ names: [String]) {
      var seen: Set<String> = []
      for name in names {
        if !VerilogNames.isIdentifier(name) {
          graph.report("'\(name)' is no Verilog name for \(what) of the black box '\(verilogName)'; use letters, digits, _ and $, and no keyword", at: place)
        } else if !seen.insert(name).inserted {
          graph.report("the black box '\(verilogName)' has \(what) '\(name)' twice; name each once", at: place)
        }
      }
    }
    if !VerilogNames.isIdentifier(verilogName) {
      graph.report("'\(verilogName)' is no Verilog name for a module; use letters, digits, _ and $, and no keyword", at: place)
    }
    check("a parameter", parameters.map(\.key))
    check("a port", ports + pins.flatMap { [$0.clock] + ($0.reset.map { [$0] } ?? []) })
  }

  private func attach(_ model: some Module, to graph: Graph, _ elaborator: Elaborator) {
    guard let (_, definition) = elaborator.definition(of: model, requestedBy: graph) else { return }
    var ports: [Int] = []
    for port in graph.ports {
      let wanted = graph.signals[port.signal]
      let signals = definition.ports.map { definition.signals[$0.signal] }
      let found = signals.firstIndex { $0.name == wanted.name }
      guard let found, definition.ports[found].isInput == port.isInput, signals[found].shape == wanted.shape else {
        let names = signals.map(\.name)
        let hint = found == nil ? didYouMean(wanted.name, among: names) : "; give both the same direction and shape"
        return graph.report("the model '\(definition.name)' has no \(port.isInput ? "input" : "output") '\(wanted.name)' (\(wanted.shape))\(hint)", at: wanted.location)
      }
      ports.append(found)
    }
    let domains = graph.domains.map { domain in definition.domains.firstIndex { $0.name == domain.name } ?? -1 }
    let clocked = Set(graph.blackBox?.pins.map { graph.domains[$0.domain].name } ?? [])
    for domain in definition.domains where domain.usesClock && domain.hasPorts && !clocked.contains(domain.name) {
      graph.report("the model '\(definition.name)' has a clock domain '\(domain.name)' that the black box has no pin for; add a ClockPin", at: graph.signals.first?.location)
    }
    graph.blackBox?.model = .init(definition: definition, ports: ports, domains: domains)
  }
}
