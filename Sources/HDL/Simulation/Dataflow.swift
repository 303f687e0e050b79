/// One definition with its control structure turned into selections: what every wire, output and
/// register becomes, as an expression.
///
/// `When` and `Switch` say under which conditions an assignment happens, and later assignments override
/// earlier ones. A selection says the same from the point of view of one target:
/// `x = 0; When(c) { x = 1 }` is `x = select(c, 1, 0)`. The selections are nodes like any other, appended
/// to a copy of the definition's nodes, so whoever evaluates them needs to know nothing about statements.
struct Dataflow {
  let graph: Graph
  private(set) var nodes: [Node]
  private var arguments: [Int32]
  /// The expression that each assigned target follows, by node; a register follows it one edge later.
  private var drivers: [Int32: Int32] = [:]
  /// What the blocks that are being read have assigned so far, outermost first.
  private var assigned: [[Int32: Int32]] = [[:]]
  /// Bits that the innermost of them has assigned since: where they begin, and their value.
  private var pieces: [Int32: [(low: Int, value: Int32)]] = [:]

  /// Stands for a variable before its first assignment. The checks have made sure that it is never selected.
  private static let nothing: Int32 = -1

  init(_ graph: Graph) {
    self.graph = graph
    nodes = graph.nodes
    arguments = graph.arguments
    read(graph.body)
    drivers = assigned[0]
  }

  /// A register that nothing assigns keeps its value.
  func driver(of target: Int32) -> Int32 { drivers[target] ?? target }

  func operands(of id: Int32) -> [Int32] {
    let node = nodes[Int(id)]
    switch node.operation {
    case .concatenate: return Array(arguments[node.immediate..<node.immediate + Int(node.count)])
    case .choose: return [node.a] + arguments[node.immediate..<node.immediate + Int(node.count)]
    default: return [node.a, node.b, node.c].filter { $0 >= 0 }
    }
  }

  func constant(_ id: Int32) -> BitVector? {
    if Int(id) < graph.nodes.count { return graph.constantValue(id) }
    let node = nodes[Int(id)]
    return node.operation == .constant ? BitVector(node.immediate, width: node.width) : nil
  }

  // MARK: statements

  private mutating func read(_ block: Block) {
    for statement in block.statements {
      switch statement {
      case .assign(let assignment): read(assignment)
      case .branch(let branch):
        settle()
        read(branch)
      case .match(let match):
        settle()
        read(match)
      }
    }
    settle()
  }

  private mutating func read(_ assignment: Assignment) {
    let target = assignment.target
    switch assignment.place {
    case .whole:
      pieces[target] = nil
      assigned[assigned.count - 1][target] = assignment.value
    case .bits(let low): pieces[target, default: []].append((low, assignment.value))
    case .part(let index):
      settle(target)
      let node = Node(.replace, nodes[Int(target)].shape, a: bits(of: target), b: index, c: assignment.value)
      assigned[assigned.count - 1][target] = append(node)
    }
  }

  /// What a target is so far; zeros before its first assignment, as all of them will be assigned.
  private mutating func bits(of target: Int32) -> Int32 {
    let value = value(of: target), node = nodes[Int(target)]
    if value != Dataflow.nothing { return value }
    if node.width <= 64 { return append(Node(.constant, node.shape)) }
    let word = append(Node(.constant, .unsigned(64))), count = (node.width + 63) / 64
    let zeros = list(.concatenate, .unsigned(64 * count), Array(repeating: word, count: count))
    return append(Node(.reinterpret, node.shape, a: append(Node(.slice, .unsigned(node.width), a: zeros))))
  }

  /// Puts the pieces that were assigned one after the other into their targets.
  private mutating func settle() {
    if pieces.isEmpty { return }
    for target in pieces.keys.sorted() { settle(target) }
  }
  private mutating func settle(_ target: Int32) {
    guard let mine = pieces.removeValue(forKey: target) else { return }
    let old = bits(of: target), node = nodes[Int(target)]
    var owner = Array(repeating: -1, count: node.width)
    for (number, piece) in mine.enumerated() {
      for bit in piece.low..<piece.low + nodes[Int(piece.value)].width { owner[bit] = number }
    }
    var parts: [Int32] = [], low = 0
    while low < node.width {
      let high = owner[low...].firstIndex { $0 != owner[low] } ?? node.width
      let (source, offset) = owner[low] < 0 ? (old, 0) : (mine[owner[low]].value, mine[owner[low]].low)
      parts.append(append(Node(.slice, .unsigned(high - low), a: source, immediate: low - offset)))
      low = high
    }
    let bundle = list(.concatenate, .unsigned(node.width), parts)
    assigned[assigned.count - 1][target] = append(Node(.reinterpret, node.shape, a: bundle))
  }

  private mutating func list(_ operation: Operation, _ shape: Shape, _ parts: [Int32]) -> Int32 {
    let node = Node(operation, shape, count: Int32(truncatingIfNeeded: parts.count), immediate: arguments.count)
    arguments += parts
    return append(node)
  }

  /// What one arm assigns.
  private mutating func changes(of block: Block) -> [Int32: Int32] {
    assigned.append([:])
    read(block)
    return assigned.removeLast()
  }

  private func value(of target: Int32) -> Int32 {
    for block in assigned.reversed() { if let value = block[target] { return value } }
    return nodes[Int(target)].operation == .register ? target : Dataflow.nothing
  }

  private mutating func read(_ branch: Branch) {
    let arms = branch.arms.map { (condition: $0.condition, changes: changes(of: $0.block)) }
    for target in Dataflow.targets(arms.map(\.changes)) {
      let before = value(of: target)
      var value = before
      for arm in arms.reversed() {
        let taken = arm.changes[target] ?? before
        value = arm.condition.map { select($0, taken, value) } ?? taken
      }
      assigned[assigned.count - 1][target] = value
    }
  }

  /// A value that no label covers takes the last arm, as in Verilog, where that is the default.
  private mutating func read(_ match: Match) {
    let arms = match.arms.map { (labels: $0.labels, changes: changes(of: $0.block)) }
    let otherwise = match.otherwise.map { changes(of: $0) } ?? arms.last?.changes ?? [:]
    for target in Dataflow.targets(arms.map(\.changes) + [otherwise]) {
      let before = value(of: target)
      let cases = arms.map { ($0.labels, $0.changes[target] ?? before) }
      assigned[assigned.count - 1][target] = choice(match.subject, cases, otherwise: otherwise[target] ?? before)
    }
  }

  private static func targets(_ changes: [[Int32: Int32]]) -> [Int32] {
    changes.reduce(into: Set<Int32>()) { $0.formUnion($1.keys) }.sorted()
  }

  // MARK: selections

  private mutating func append(_ node: Node) -> Int32 {
    nodes.append(node)
    return Int32(truncatingIfNeeded: nodes.count - 1)
  }

  private mutating func select(_ condition: Int32, _ a: Int32, _ b: Int32) -> Int32 {
    if a == b || b == Dataflow.nothing { return a }
    if a == Dataflow.nothing { return b }
    return append(Node(.select, nodes[Int(a)].shape, a: condition, b: a, c: b))
  }

  /// A table where the labels are dense enough, else comparisons one after the other.
  private mutating func choice(_ subject: Int32, _ cases: [(labels: [Int], value: Int32)], otherwise: Int32) -> Int32 {
    let width = nodes[Int(subject)].width
    let labels = cases.reduce(0) { $0 + $1.labels.count }
    if width <= 12 && 1 << width <= max(16, 8 * labels) { return table(subject, cases, otherwise, size: 1 << width) }
    var value = otherwise
    for (labels, taken) in cases.reversed() {
      for label in labels {
        let code = append(Node(.constant, .unsigned(width), immediate: label))
        value = select(append(Node(.equal, .bit, a: subject, b: code)), taken, value)
      }
    }
    return value
  }

  private mutating func table(_ subject: Int32, _ cases: [(labels: [Int], value: Int32)], _ otherwise: Int32, size: Int) -> Int32 {
    var entries = [Int32](repeating: otherwise, count: size)
    for (labels, value) in cases { for label in labels where label < size { entries[label] = value } }
    let anything = entries.first { $0 != Dataflow.nothing } ?? otherwise
    entries = entries.map { $0 == Dataflow.nothing ? anything : $0 }
    // An index beyond the last entry gives the last entry.
    while entries.count > 1 && entries[entries.count - 1] == entries[entries.count - 2] { entries.removeLast() }
    if entries.count == 1 { return entries[0] }
    let node = Node(.choose, nodes[Int(anything)].shape, a: subject, count: Int32(truncatingIfNeeded: entries.count), immediate: arguments.count)
    arguments += entries
    return append(node)
  }
}
