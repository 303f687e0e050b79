/// Takes variables apart into bits where the word follows itself but no bit does.
///
/// Simulators and linters look at words: to them a carry chain in one word is a loop. After this it is a chain of wires, and
/// the word their bundle.
func splitFalseLoops(_ graph: Graph) {
  for variable in graph.falseLoops.sorted() { split(variable, graph) }
  graph.falseLoops = []
}

private func split(_ variable: Int32, _ graph: Graph) {
  guard let signal = graph.signal(of: variable) else { return }
  let bits = (0..<signal.shape.width).map { bit in
    graph.declare(.wire, .variable, name: "\(signal.name)_\(bit)", .bit, signal.location, domain: signal.domain)
  }
  var splitter = Splitter(graph: graph, variable: variable, bits: bits)
  splitter.rewrite(graph.body)
  let word = graph.intern(Node(.reinterpret, signal.shape, a: graph.list(.concatenate, .unsigned(bits.count), bits)))
  // Some bits of the bundle are a bundle of some bits: a slice of all would follow all.
  var rewriter = Rewriter(graph, replacing: [variable: word]) { _, node in
    guard node.operation == .slice, node.a == word else { return nil }
    let some = bits[node.immediate..<node.immediate + node.width]
    return graph.intern(Node(.reinterpret, node.shape, a: graph.list(.concatenate, .unsigned(some.count), Array(some))))
  }
  rewriter.run()
  graph.body.statements.append(.assign(Assignment(target: variable, value: word, location: signal.location)))
}

private struct Splitter {
  let graph: Graph
  let variable: Int32
  let bits: [Int32]
  private var known: [Int32: [Int: Int32]] = [:]

  init(graph: Graph, variable: Int32, bits: [Int32]) { (self.graph, self.variable, self.bits) = (graph, variable, bits) }

  mutating func rewrite(_ block: Block) {
    var statements: [Statement] = []
    for statement in block.statements {
      switch statement {
      case .assign(let assignment) where assignment.target == variable: statements += split(assignment)
      case .assign: statements.append(statement)
      case .branch(let branch):
        for arm in branch.arms { rewrite(arm.block) }
        statements.append(statement)
      case .match(let match):
        for arm in match.arms { rewrite(arm.block) }
        if let otherwise = match.otherwise { rewrite(otherwise) }
        statements.append(statement)
      }
    }
    block.statements = statements
  }

  private mutating func split(_ assignment: Assignment) -> [Statement] {
    let size = graph.nodes[Int(assignment.value)].width
    func assign(_ bit: Int, _ value: Int32) -> Statement { .assign(Assignment(target: bits[bit], value: value, location: assignment.location)) }
    switch assignment.place {
    case .whole: return bits.indices.map { assign($0, bit($0, of: assignment.value)) }
    case .bits(let low): return (0..<size).map { assign(low + $0, bit($0, of: assignment.value)) }
    case .part(let index):
      let width = graph.nodes[Int(index)].width
      return (0..<bits.count / size).map { number in
        let block = Block()
        block.statements = (0..<size).map { assign(number * size + $0, bit($0, of: assignment.value)) }
        let isHere = graph.intern(Node(.equal, .bit, a: index, b: graph.constant(BitVector(number, width: width), isSigned: false)))
        let location = assignment.location ?? graph.signals[graph.nodes[Int(variable)].immediate].location
        return .branch(Branch(arms: [.init(condition: isHere, block: block)], location: location))
      }
    }
  }

  /// One bit of an expression, from inside it where its bits pass one by one.
  private mutating func bit(_ bit: Int, of id: Int32) -> Int32 {
    if let hit = known[id]?[bit] { return hit }
    let node = graph.nodes[Int(id)]
    let found: Int32
    switch node.operation {
    case .variable where id == variable: found = bits[bit]
    case .and, .or, .xor: found = graph.intern(Node(node.operation, .bit, a: self.bit(bit, of: node.a), b: self.bit(bit, of: node.b)))
    case .not: found = graph.intern(Node(.not, .bit, a: self.bit(bit, of: node.a)))
    case .reinterpret: found = self.bit(bit, of: node.a)
    case .select: found = graph.intern(Node(.select, .bit, a: node.a, b: self.bit(bit, of: node.b), c: self.bit(bit, of: node.c)))
    case .slice: found = self.bit(bit + node.immediate, of: node.a)
    case .extend where bit < graph.nodes[Int(node.a)].width: found = self.bit(bit, of: node.a)
    case .extend:
      let inner = graph.nodes[Int(node.a)]
      found = inner.isSigned ? self.bit(inner.width - 1, of: node.a) : graph.constant(.zero(1), isSigned: false)
    case .choose:
      let entries = graph.operands(of: node).dropFirst().map { self.bit(bit, of: $0) }
      found = graph.list(.choose, .bit, a: node.a, entries)
    case .replicate: found = self.bit(bit % graph.nodes[Int(node.a)].width, of: node.a)
    case .concatenate:
      var low = 0, part = Int32(-1)
      for operand in graph.operands(of: node) {
        part = operand
        if bit < low + graph.nodes[Int(operand)].width { break }
        low += graph.nodes[Int(operand)].width
      }
      found = self.bit(bit - low, of: part)
    default: found = node.width == 1 && !node.isSigned ? id : graph.intern(Node(.slice, .bit, a: id, immediate: bit))
    }
    known[id, default: [:]][bit] = found
    return found
  }
}
