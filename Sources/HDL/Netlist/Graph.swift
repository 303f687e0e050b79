/// One module definition: an arena of nodes, the declared signals, and the statements that assign them.
///
/// Nodes are hash-consed, so equal expressions are one node, and constants are folded as they meet.
/// A graph is built by exactly one elaboration and never changes afterwards.
package final class Graph {
  package internal(set) var name: String
  package let documentation: String
  package internal(set) var nodes: [Node] = []
  package internal(set) var arguments: [Int32] = []
  package internal(set) var signals: [Signal] = []
  package internal(set) var ports: [Port] = []
  package internal(set) var instances: [InstanceRecord] = []
  var instanceNames: Set<String> = []
  package internal(set) var memories: [MemoryRecord] = []
  package internal(set) var properties: [Property] = []
  package internal(set) var prints: [PrintRecord] = []
  /// The clock domains; the first is the default one.
  package internal(set) var domains = [DomainRecord(name: ClockDomain.default.name, clock: .port)]
  /// Set for a module whose body is foreign Verilog.
  package internal(set) var blackBox: BlackBoxRecord?
  /// Names given to expressions with `.named`.
  package internal(set) var expressionNames: [Int32: String] = [:]
  /// Where they were given.
  var expressionLocations: [Int32: SourceLocation] = [:]
  /// The handshakes among the ports of bundles, as indices into `ports`.
  package internal(set) var handshakes: [(valid: Int, ready: Int)] = []
  /// Wires that the language named itself, and that `.named` may name.
  var renamable: Set<Int32> = []
  /// Attributes of declarations and expressions, by node.
  package internal(set) var attributes: [Int32: [Attribute]] = [:]
  /// Constants with a name of their own, which are not shared with others of the same value.
  private var namedConstants: [NamedConstant: Int32] = [:]
  /// Values that may stay unread.
  var ignored: [Int32] = []
  package let body: Block
  private(set) var wide: [BitVector] = []
  private var wideIndex: [BitVector: Int] = [:]
  private var interned: [Node: Int32] = [:]

  var openBlocks: [Block]
  var openLocations: [SourceLocation] = []
  var openArms: [OpenArm] = []
  /// The domain of declarations that name none.
  var openDomain = 0
  private(set) var diagnostics: [Diagnostic] = []
  /// Which inputs each output port depends on without a register between: filled by the loop check.
  package internal(set) var dependencies: [[Int]] = []

  /// Variables that seem to follow themselves, but of which no bit does: filled by the loop check.
  var falseLoops: Set<Int32> = []

  /// Its declarations are wrong, so that its body has not run and nothing else about it is worth saying.
  var isAbandoned = false
  /// The first instance of this definition outside the library.
  var site: SourceLocation?

  /// Which clocks sample its inputs and drive its outputs: filled on demand by the crossing check.
  var clockSummary: ClockSummary?

  /// The ports' names in Verilog.
  private(set) var portNames: [String] = []

  init(name: String, documentation: String) {
    self.name = name
    self.documentation = documentation
    body = Block()
    openBlocks = [body]
  }

  /// The same finished module under another name, with clocks of other properties and instances that have them, too.
  init(_ other: Graph, name: String, _ properties: [ClockProperties], _ instances: [InstanceRecord]) {
    (self.name, documentation, body, openBlocks) = (name, other.documentation, other.body, [other.body])
    (nodes, arguments, signals, ports, memories) = (other.nodes, other.arguments, other.signals, other.ports, other.memories)
    (self.properties, blackBox, handshakes, ignored) = (other.properties, other.blackBox, other.handshakes, other.ignored)
    (expressionNames, expressionLocations, attributes, prints) = (other.expressionNames, other.expressionLocations, other.attributes, other.prints)
    (wide, wideIndex, dependencies, site) = (other.wide, other.wideIndex, other.dependencies, other.site)
    (domains, self.instances) = (other.domains, instances)
    for (index, resolved) in properties.enumerated() { domains[index].properties = resolved }
    portNames = blackBox?.portNames ?? VerilogNames.ports(of: self)
  }

  // MARK: nodes

  func append(_ node: Node) -> Int32 {
    nodes.append(node)
    return Int32(truncatingIfNeeded: nodes.count - 1)
  }
  func intern(_ node: Node) -> Int32 {
    if let simpler = simplify(node) { return simpler }
    if let known = interned[node] { return known }
    let id = append(node)
    interned[node] = id
    return id
  }
  func constant(_ value: BitVector, isSigned: Bool) -> Int32 {
    let shape = Shape(width: value.width, isSigned: isSigned)
    if value.width <= 64 {
      return intern(Node(.constant, shape, immediate: Int(bitPattern: UInt(value.words.first ?? 0))))
    }
    let index = wideIndex[value] ?? wide.count
    if index == wide.count {
      wide.append(value)
      wideIndex[value] = index
    }
    return intern(Node(.constant, shape, immediate: index))
  }
  /// A constant that the Verilog calls by its name.
  func constant(_ value: BitVector, isSigned: Bool, named name: String) -> Int32 {
    let key = NamedConstant(name: name, value: value, isSigned: isSigned)
    if let known = namedConstants[key] { return known }
    // Not interned: others of this value have no name.
    let id = append(nodes[Int(constant(value, isSigned: isSigned))])
    expressionNames[id] = name
    namedConstants[key] = id
    return id
  }
  private struct NamedConstant: Hashable {
    let name: String, value: BitVector, isSigned: Bool
  }
  package func constantValue(_ id: Int32) -> BitVector? {
    let node = nodes[Int(id)]
    guard node.operation == .constant else { return nil }
    if node.width > 64 { return wide[node.immediate] }
    return BitVector(width: node.width, words: [UInt64(UInt(bitPattern: node.immediate))])
  }
  package func operands(of node: Node) -> [Int32] {
    switch node.operation {
    case .concatenate: return Array(arguments[node.immediate..<node.immediate + Int(node.count)])
    case .choose: return [node.a] + arguments[node.immediate..<node.immediate + Int(node.count)]
    default: return [node.a, node.b, node.c].filter { $0 >= 0 }
    }
  }
  func list(_ operation: Operation, _ shape: Shape, a: Int32 = -1, _ parts: [Int32]) -> Int32 {
    let parts = operation == .concatenate ? withoutConstantNeighbours(parts) : parts
    if operation == .concatenate && parts.count == 1 { return intern(Node(.reinterpret, shape, a: parts[0])) }
    let node = Node(operation, shape, a: a, count: Int32(truncatingIfNeeded: parts.count), immediate: arguments.count)
    arguments += parts
    if let folded = fold(node) { return folded }
    if operation == .choose, parts.allSatisfy({ $0 == parts[0] }) { return parts[0] }
    if operation == .choose, let index = constantValue(a) {
      return parts[min(index.unsignedInt ?? .max, parts.count - 1)]
    }
    return append(node)
  }

  /// `{1'b0, 1'b1}` is `2'd1`.
  private func withoutConstantNeighbours(_ parts: [Int32]) -> [Int32] {
    var result: [Int32] = []
    for part in parts {
      guard let high = constantValue(part), let last = result.last, let low = constantValue(last) else {
        result.append(part)
        continue
      }
      result[result.count - 1] = constant(low.concatenated(withHigh: high), isSigned: false)
    }
    return result
  }

  /// Takes other nodes instead of those so far, which nothing is shared with any more.
  func replaceArena(_ nodes: [Node], _ arguments: [Int32]) {
    self.nodes = nodes
    self.arguments = arguments
    interned = [:]
  }

  // MARK: signals

  func declare(
    _ kind: Signal.Kind, _ operation: Operation, name: String, _ shape: Shape, _ location: SourceLocation,
    reset: BitVector? = nil, domain: Int? = nil
  ) -> Int32 {
    let node = append(Node(operation, shape, immediate: signals.count))
    signals.append(Signal(name: name, kind: kind, shape: shape, node: node, location: location, reset: reset, domain: domain))
    return node
  }
  /// The read port whose word `id` is, if it follows its address at once.
  func asynchronousRead(_ id: Int32) -> MemoryRecord.Read? {
    let node = nodes[Int(id)]
    guard node.operation == .memoryRead else { return nil }
    let read = memories[Int(node.a)].reads[Int(node.b)]
    return read.domain == nil ? read : nil
  }
  package func signal(of id: Int32) -> Signal? {
    let node = nodes[Int(id)]
    return node.operation.isSignal ? signals[node.immediate] : nil
  }

  /// Called once the body is complete and all definitions below are.
  func finish() {
    for instance in instances {
      // Never connected: that is reported, once.
      for (port, wire) in instance.readEarly where instance.inputs[port] < 0 { settle(wire, instance.location) }
    }
    bypassMemories()
    markUsedDomains()
    portNames = blackBox?.portNames ?? VerilogNames.ports(of: self)
  }

  // MARK: statements

  func emit(_ statement: Statement) { openBlocks[openBlocks.count - 1].statements.append(statement) }
  /// How many properties and prints there are so far.
  var remarkCount: Int { properties.count + prints.count }
  /// Runs `body` as if it stood in no `When` or `Switch`.
  func outsideOfBlocks(_ body: () -> Void) {
    let (blocks, arms) = (openBlocks, openArms)
    (openBlocks, openArms) = ([self.body], [])
    body()
    (openBlocks, openArms) = (blocks, arms)
  }
  func within(_ block: Block, of arm: OpenArm, at location: SourceLocation, _ body: () -> Void) {
    openBlocks.append(block)
    openLocations.append(location)
    openArms.append(arm)
    body()
    openBlocks.removeLast()
    openLocations.removeLast()
    openArms.removeLast()
  }

  // MARK: diagnostics

  /// Reported at `location`, or else at the innermost `When` or `Switch`, or else at the last declaration.
  func report(_ message: String, at location: SourceLocation? = nil) {
    let found = location ?? openLocations.last ?? signals.last?.location
    let place = found?.isInLibrary == true ? site ?? found : found
    let diagnostic = Diagnostic(module: name, message: message, location: place)
    if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }
}
