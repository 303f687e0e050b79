/// The shared cell behind every declared thing: what was declared, and the node it stands for while
/// its module's `body()` runs.
///
/// Equality is that of the declaration, never of identity: two modules with equal parameters and
/// equal ports are equal, and are elaborated once.
final class Cell: Hashable {
  private(set) var shape: Shape
  /// The width as written, which may be impossible; `shape` has at least one bit.
  private var declaredWidth: Int
  /// The parameter of its module that is its width, if it was not written as a number. Until elaboration has read it, the
  /// width is 1.
  private let widthPath: AnyKeyPath?
  private let isBit: Bool
  let reset: Int?
  /// The clock domain that was declared, if any.
  let domain: ClockDomain?
  let location: SourceLocation
  /// What its values are called, if it is an enum's.
  private let caseNames: CaseNames?
  /// How its bits are divided, if it is a vector or a record.
  let layout: Layout?
  /// What a port is, in words.
  private let documentation: String
  /// The node while the body runs; nil before and after.
  var reference: Reference?
  /// The port's position, once the module has been elaborated.
  var port = -1

  convenience init<T: Value>(
    _ type: T.Type, _ width: Int, reset: Int? = nil, domain: ClockDomain? = nil, layout: Layout? = nil, documentation: String = "",
    _ location: SourceLocation
  ) {
    let caseNames = (type as? any EnumeratedValue.Type)?.caseNames
    self.init(
      T.shape(width), isBit: type is Bit.Type, reset: reset, domain: domain, caseNames: caseNames, layout: layout, documentation: documentation, location)
  }
  /// A declaration as wide as a parameter of its module says.
  convenience init<T: Value>(
    _ type: T.Type, _ path: AnyKeyPath, reset: Int? = nil, domain: ClockDomain? = nil, documentation: String = "", _ location: SourceLocation
  ) {
    self.init(T.shape(1), reset: reset, domain: domain, documentation: documentation, widthPath: path, location)
  }
  init(
    _ shape: Shape, isBit: Bool = false, reset: Int? = nil, domain: ClockDomain? = nil, caseNames: CaseNames? = nil, layout: Layout? = nil,
    documentation: String = "", widthPath: AnyKeyPath? = nil, _ location: SourceLocation
  ) {
    self.documentation = documentation
    self.widthPath = widthPath
    self.caseNames = caseNames
    self.layout = layout
    self.isBit = isBit
    self.shape = Shape(width: max(1, shape.width), isSigned: shape.isSigned)
    declaredWidth = shape.width
    self.reset = reset
    self.domain = domain
    self.location = location
  }
  static func == (a: Cell, b: Cell) -> Bool {
    let isSame = a.shape.isSigned == b.shape.isSigned && a.reset == b.reset && a.domain == b.domain && a.layout == b.layout && a.documentation == b.documentation
    // The parameter itself is a stored property of the module, and compared there.
    return isSame && a.widthPath == b.widthPath && (a.widthPath != nil || a.declaredWidth == b.declaredWidth)
  }
  func hash(into hasher: inout Hasher) {
    if widthPath == nil { hasher.combine(declaredWidth) }
    hasher.combine(reset)
  }

  /// Reads the width that a parameter of `module` gives.
  func resolveWidth(in module: Any, _ graph: Graph) {
    guard let widthPath else { return }
    guard let width = module[keyPath: widthPath] as? Int else {
      graph.report("the width of a declaration is a parameter of another type than this module; write \\Self.name", at: location)
      return
    }
    declaredWidth = width
    shape = Shape(width: max(1, width), isSigned: shape.isSigned)
  }

  /// A new cell with the same declaration.
  func copy(in domain: ClockDomain?, at location: SourceLocation) -> Cell {
    Cell(
      Shape(width: declaredWidth, isSigned: shape.isSigned), isBit: isBit, reset: reset, domain: domain, caseNames: caseNames, layout: layout,
      documentation: documentation, location)
  }

  func bindPort(isInput: Bool, to graph: Graph, name: String) {
    port = graph.ports.count
    graph.ports.append(Port(signal: graph.signals.count, isInput: isInput))
    bind(isInput ? .input : .output, isInput ? .input : .variable, to: graph, name: name)
  }
  func bind(_ kind: Signal.Kind, _ operation: Operation, to graph: Graph, name: String) {
    if declaredWidth < 1 { graph.report("'\(name)' cannot be \(declaredWidth) bits wide; the least is 1", at: location) }
    if isBit && declaredWidth != 1 {
      graph.report("'\(name)' is a Bit and cannot be \(declaredWidth) bits wide; declare it as Unsigned", at: location)
    }
    var pattern: BitVector?
    if kind == .register, let reset {
      let exact = BitVector(reset, width: Int.bitWidth)
      let needed = reset < 0 && !shape.isSigned ? Int.max : exact.minimalWidth(isSigned: shape.isSigned)
      if needed > shape.width {
        graph.report("the reset value \(reset) does not fit '\(name)' (\(shape))", at: location)
      }
      pattern = BitVector(reset, width: shape.width)
    }
    let index = kind == .register ? graph.domain(ofClocked: name, domain, at: location) : domain.map { graph.index(of: $0) }
    let node = graph.declare(kind, operation, name: name, shape, location, reset: pattern, domain: index)
    reference = Reference(graph, node, shape).laid(out: layout)
    graph.signals[graph.signals.count - 1].documentation = documentation
    graph.signals[graph.signals.count - 1].layout = layout
    if let caseNames {
      graph.signals[graph.signals.count - 1].labels = caseNames.names
      graph.signals[graph.signals.count - 1].labelType = caseNames.type
    }
  }

  func value<T: Value>(_ type: T.Type) -> T {
    if let reference { return T(reference: reference) }
    if let probe = CellProbe.current { return probe.found(self, as: type) }
    reportWithoutGraph("a port or register of another module cannot be read here; use the instance's `$port` (declared at \(location))")
    return T(reference: Reference(.zero(shape.width), isSigned: shape.isSigned, isFlexible: false).laid(out: layout))
  }
  func drive(_ value: some Value) {
    guard let reference, let graph = reference.graph else {
      return reportWithoutGraph("a port or register of another module cannot be driven here; use the instance's `$port` (declared at \(location))")
    }
    graph.assign(reference.node, value.reference, location: nil)
  }
}

/// A stored property of a module that elaboration gives a name and nodes: one for a port or register,
/// several for a bundle.
protocol ModulePart {
  var cells: [Cell] { get }
  /// Reads what it is from the module that stores it, where the declaration does not say it itself.
  func resolve(in module: Any)
  func bind(to graph: Graph, name: String)
}
extension ModulePart {
  func resolve(in module: Any) {}
}

/// A stored property with one node.
protocol ModuleMember: ModulePart {
  var cell: Cell { get }
}
extension ModuleMember {
  var cells: [Cell] { [cell] }
}

/// A list of declarations, numbered from 0.
extension Array: ModulePart where Element: ModulePart {
  var cells: [Cell] { flatMap(\.cells) }
  func bind(to graph: Graph, name: String) {
    for (index, element) in enumerated() { element.bind(to: graph, name: "\(name).\(index)") }
  }
}

extension Graph {
  /// Checks that `value` fits `target` without losing bits, and emits the assignment.
  func assign(_ target: Int32, _ value: Reference, location: SourceLocation?) {
    guard let signal = signal(of: target) else { return }
    if let update = value.update, update.base == target, value.graph === self { return assign(target, update, location: location) }
    // A value that does not fit still counts as an assignment: one mistake is one diagnostic.
    let fitted = fit(value, to: signal.shape, "assigned to", signal.name, at: location ?? openLocations.last ?? signal.location)
    let stored = fitted ?? constant(.zero(signal.shape.width), isSigned: signal.shape.isSigned)
    emit(.assign(Assignment(target: target, value: stored, location: location ?? openLocations.last)))
  }

  /// Assigns the bits that were changed, in the order of the changes.
  private func assign(_ target: Int32, _ update: Update, location: SourceLocation?) {
    let place = location ?? openLocations.last
    for step in update.steps {
      let statement = Statement.assign(Assignment(target: target, place: step.place, value: step.value, location: place))
      guard let condition = step.condition else {
        emit(statement)
        continue
      }
      let block = Block()
      block.statements = [statement]
      emit(.branch(Branch(arms: [.init(condition: condition, block: block)], location: place ?? signals[nodes[Int(target)].immediate].location)))
    }
  }

  /// `value` as a node of exactly `shape`; nil after reporting why that would lose something. The signs agree, or
  /// the Swift types would not.
  func fit(_ value: Reference, to shape: Shape, _ verb: String, _ name: @autoclosure () -> String, at location: SourceLocation?) -> Int32? {
    if value.isFlexible, let literal = value.literal {
      guard let bits = literal.bits(width: shape.width, isSigned: shape.isSigned) else {
        report("the literal \(value.text) does not fit '\(name())' (\(shape))", at: location)
        return nil
      }
      return literal.name.map { constant(bits, isSigned: shape.isSigned, named: $0) } ?? constant(bits, isSigned: shape.isSigned)
    }
    if value.shape.width > shape.width {
      let excess = value.shape.width - shape.width, isOne = excess == 1
      let remedy = remedies(for: value, tooWideBy: excess, named: verb == "assigned to" && !name().contains("[") ? name() : nil, width: shape.width)
      report("\(value.description) cannot be \(verb) '\(name())' (\(shape)): \(isOne ? "1 bit" : "\(excess) bits") would be lost; \(remedy)", at: location)
      return nil
    }
    return value.extended(to: shape.width).id(in: self)
  }

  /// What can be done about a value that is too wide: widen the target if it has a name, and whatever else suits what
  /// the value is made of.
  private func remedies(for value: Reference, tooWideBy excess: Int, named target: String?, width: Int) -> String {
    let operation = value.graph === self ? nodes[Int(value.node)].operation : nil
    let widens = target.map { "widen '\($0)', " } ?? ""
    switch operation {
    case .add where excess == 1: return "\(widens)wrap with &+, or drop it with .truncated(to: \(width))"
    case .subtract where excess == 1: return "\(widens)wrap with &-, or drop it with .truncated(to: \(width))"
    case .concatenate where value.text.hasPrefix("concatenate"): return "\(widens)leave out a part, or take fewer bits of one, as in [0..<n]"
    default: return "\(widens)\(widens.isEmpty ? "" : "or ")drop \(excess == 1 ? "it" : "them") with .truncated(to: \(width))"
    }
  }
}
