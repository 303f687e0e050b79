import HDL

/// One cycle of one module, computed from its netlist: whatever comes from elsewhere (inputs, registers, memories,
/// instances) is given, and everything that leads elsewhere is the result.
struct CycleEvaluator {
  let graph: Graph
  /// By signal.
  private let given: [BitVector]
  private var known: [Int32: BitVector] = [:]

  init(_ graph: Graph, given: [BitVector]) {
    self.graph = graph
    self.given = given
  }

  /// The values of outputs, wires and registers' next states, of all that goes into instances and memories, and of properties.
  static func results(_ graph: Graph, given: [BitVector]) -> [String] {
    var evaluator = CycleEvaluator(graph, given: given)
    var results: [String] = []
    func add(_ what: String, _ value: BitVector) { results.append("\(what) = \(value.hexadecimal)") }
    for (index, signal) in graph.signals.enumerated() {
      switch signal.kind {
      case .output, .wire: add(signal.name, evaluator.value(signal.node))
      case .register: add(signal.name, evaluator.assigned(signal.node) ?? given[index])
      default: break
      }
    }
    for instance in graph.instances { for input in instance.inputs where input >= 0 { add(instance.name, evaluator.value(input)) } }
    for memory in graph.memories {
      for write in memory.writes { for id in [write.address, write.data, write.enable, write.lanes] { add(memory.name, id.map { evaluator.value($0) } ?? .bit(true)) } }
      for read in memory.reads { for id in [read.address, read.enable] { add(memory.name, id.map { evaluator.value($0) } ?? .bit(true)) } }
    }
    for property in graph.properties { for id in [property.enable, property.condition] { add(property.message, id.map { evaluator.value($0) } ?? .bit(true)) } }
    return results
  }

  private mutating func value(_ id: Int32) -> BitVector {
    if let hit = known[id] { return hit }
    let node = graph.nodes[Int(id)]
    let result: BitVector
    switch node.operation {
    case .constant: result = graph.constantValue(id) ?? .zero(node.width)
    case .input, .register, .memoryRead, .instanceOutput: result = given[node.immediate]
    case .variable: result = assigned(id) ?? .zero(node.width)
    default:
      let operands = graph.operands(of: node)
      let values = operands.map { (value: value($0), isSigned: graph.nodes[Int($0)].isSigned) }
      result = evaluate(node.operation, node.shape, values, immediate: node.immediate)
    }
    known[id] = result
    return result
  }

  /// What the last assignment that is reached gives `target`.
  private mutating func assigned(_ target: Int32) -> BitVector? { assigned(target, graph.body.statements, nil) }
  /// - Parameter before: what it was given by statements before these.
  private mutating func assigned(_ target: Int32, _ statements: [Statement], _ before: BitVector?) -> BitVector? {
    var result = before
    for statement in statements {
      switch statement {
      case .assign(let assignment):
        if assignment.target != target { continue }
        let value = value(assignment.value), node = graph.nodes[Int(target)]
        let old = result ?? (node.operation == .register ? given[node.immediate] : .zero(node.width))
        switch assignment.place {
        case .whole: result = value
        case .bits(let low): result = old.replacing(low, with: value)
        case .part(let index):
          if let number = self.value(index).unsignedInt, number < node.width / value.width { result = old.replacing(number * value.width, with: value) }
        }
      case .branch(let branch):
        guard mentions(target, branch.arms.map(\.block)) else { continue }
        for arm in branch.arms where arm.condition.map({ !value($0).isZero }) ?? true {
          result = assigned(target, arm.block.statements, result)
          break
        }
      case .match(let match):
        guard mentions(target, match.arms.map(\.block) + (match.otherwise.map { [$0] } ?? [])) else { continue }
        let subject = value(match.subject)
        let arm = match.arms.first { $0.labels.contains { BitVector($0, width: subject.width) == subject } }
        // A complete match without a default takes its last arm for encodings that do not exist.
        guard let block = arm?.block ?? match.otherwise ?? match.arms.last?.block else { continue }
        result = assigned(target, block.statements, result)
      }
    }
    return result
  }

  /// Conditions around other targets may follow this one, and must not be looked at.
  private func mentions(_ target: Int32, _ blocks: [Block]) -> Bool {
    blocks.contains { block in
      block.statements.contains { statement in
        switch statement {
        case .assign(let assignment): assignment.target == target
        case .branch(let branch): mentions(target, branch.arms.map(\.block))
        case .match(let match): mentions(target, match.arms.map(\.block) + (match.otherwise.map { [$0] } ?? []))
        }
      }
    }
  }
}
