/// What a netlist is made of, in bits that a process or an FPGA can weigh: a measure of structure, not of what synthesis makes of it.
public struct Resources: Hashable, Sendable {
  /// Bits of registers. The word that a memory holds for a synchronous read is the memory's.
  public var flipFlopBits = 0
  /// Bits of partial products: a multiplication of w by v bits has w · v. One by a constant is additions.
  public var multiplierBits = 0
  /// Words of memories times their bits, once for each memory, whatever ports it has.
  public var memoryBits = 0
  /// Bits of multiplexers with two inputs; one with n inputs counts n − 1 times. Besides `select` and `choose` these are shifts by
  /// values, one for each bit of the amount that matters, parts at an index, and what `When` and `Switch` decide, a register that
  /// keeps its value included.
  public var multiplexerBits = 0
  /// Bits of sums, differences and negatives, and of the operands of `<`, `<=`, `>` and `>=`; a multiplication by a constant with k
  /// ones counts k − 1 times.
  public var adderBits = 0

  public init() {}

  public static func + (a: Resources, b: Resources) -> Resources { a.combined(b, +) }
  public static func * (a: Resources, count: Int) -> Resources { a.combined(a) { x, _ in x * count } }

  static let columns: [(name: String, path: WritableKeyPath<Resources, Int> & Sendable)] = [
    ("flip-flops", \.flipFlopBits), ("multipliers", \.multiplierBits), ("memories", \.memoryBits), ("multiplexers", \.multiplexerBits),
    ("adders", \.adderBits),
  ]
  private func combined(_ other: Resources, _ combine: (Int, Int) -> Int) -> Resources {
    var result = self
    for (_, path) in Self.columns { result[keyPath: path] = combine(self[keyPath: path], other[keyPath: path]) }
    return result
  }

  /// Those of a module, without its instances.
  init(of graph: Graph) {
    flipFlopBits = graph.signals.reduce(0) { $0 + ($1.kind == .register ? $1.shape.width : 0) }
    memoryBits = graph.memories.reduce(0) { $0 + $1.depth * $1.width }
    let uses = countUses(graph, includingProperties: false)
    for (node, count) in zip(graph.nodes, uses) where count > 0 { add(node, in: graph) }
    multiplexerBits += graph.body.multiplexedBits(in: graph).values.reduce(0, +)
  }

  private mutating func add(_ node: Node, in graph: Graph) {
    func width(_ id: Int32) -> Int { graph.nodes[Int(id)].width }
    switch node.operation {
    case .add, .subtract, .negate: adderBits += node.width
    case .less, .lessOrEqual, .greater, .greaterOrEqual: adderBits += width(node.a)
    case .multiply:
      if let constant = graph.constantValue(node.a) ?? graph.constantValue(node.b) {
        let ones = constant.words.reduce(0) { $0 + $1.nonzeroBitCount }
        adderBits += max(0, ones - 1) * node.width
      } else {
        multiplierBits += width(node.a) * width(node.b)
      }
    case .select: multiplexerBits += node.width
    case .choose: multiplexerBits += (Int(node.count) - 1) * node.width
    case .part: multiplexerBits += (max(1, width(node.a) / node.width) - 1) * node.width
    case .replace: multiplexerBits += node.width
    case .shiftLeft, .shiftRight:
      if graph.constantValue(node.b) == nil { multiplexerBits += min(width(node.b), indexBits(node.width)) * node.width }
    default: break
    }
  }
}

extension Block {
  /// Bits of the multiplexers that decide what each target becomes, by target.
  fileprivate func multiplexedBits(in graph: Graph) -> [Int32: Int] {
    var bits: [Int32: Int] = [:]
    for statement in statements {
      switch statement {
      case .assign(let assignment):
        // A part at an index is one or the other at every place.
        if case .part = assignment.place { bits[assignment.target, default: 0] += graph.nodes[Int(assignment.target)].width }
      case .branch(let branch): add(branch.arms.map(\.block), isComplete: branch.arms.last?.condition == nil, to: &bits, in: graph)
      case .match(let match): add(match.arms.map(\.block) + [match.otherwise].compactMap(\.self), isComplete: true, to: &bits, in: graph)
      }
    }
    return bits
  }

  /// An arm that assigns a target is an input of its multiplexer; all arms that do not are one more, with what it was before.
  private func add(_ arms: [Block], isComplete: Bool, to bits: inout [Int32: Int], in graph: Graph) {
    var inputs: [Int32: [Int]] = [:]
    for arm in arms {
      for (target, count) in arm.assignedBits(in: graph) { inputs[target, default: []].append(count) }
      for (target, count) in arm.multiplexedBits(in: graph) { bits[target, default: 0] += count }
    }
    for (target, counts) in inputs {
      let first = isComplete && counts.count == arms.count ? counts.min() ?? 0 : 0
      bits[target, default: 0] += counts.reduce(0, +) - first
    }
  }

  /// How many bits of each target something in here assigns.
  private func assignedBits(in graph: Graph) -> [Int32: Int] {
    var bits: [Int32: Int] = [:]
    visitAssignments { assignment, _ in
      let target = assignment.target, whole = graph.nodes[Int(target)].width
      var count = whole
      if case .bits = assignment.place { count = graph.nodes[Int(assignment.value)].width }
      bits[target] = min(whole, bits[target, default: 0] + count)
    }
    return bits
  }
}
