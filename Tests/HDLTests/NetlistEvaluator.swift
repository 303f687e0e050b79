import HDL

/// Computes the outputs of a combinational design from its netlist, instances included.
final class NetlistEvaluator {
  let graph: Graph
  private var known: [Int32: BitVector] = [:]
  private var inputs: [BitVector] = []
  private var assigned: [Int32: Int32] = [:]
  private var children: [Int: NetlistEvaluator] = [:]

  init(_ graph: Graph) {
    self.graph = graph
    for statement in graph.body.statements {
      if case .assign(let assignment) = statement { assigned[assignment.target] = assignment.value }
    }
  }

  func outputs(_ inputs: [BitVector]) -> [BitVector] {
    known = [:]
    self.inputs = inputs
    return graph.ports.filter { !$0.isInput }.map { value(graph.signals[$0.signal].node) }
  }

  private func value(_ id: Int32) -> BitVector {
    if let hit = known[id] { return hit }
    let node = graph.nodes[Int(id)]
    let result: BitVector
    switch node.operation {
    case .constant: result = graph.constantValue(id) ?? .zero(node.width)
    case .input:
      let number = graph.ports.filter(\.isInput).firstIndex { graph.signals[$0.signal].node == id } ?? 0
      result = inputs[number]
    case .variable: result = assigned[id].map(value) ?? .zero(node.width)
    case .instanceOutput:
      let instance = graph.instances[Int(node.a)]
      let child = children[Int(node.a)] ?? NetlistEvaluator(instance.definition)
      children[Int(node.a)] = child
      let arguments = zip(instance.definition.ports, instance.inputs).filter { $0.0.isInput }.map { value($0.1) }
      let number = instance.definition.ports[..<Int(node.b)].filter { !$0.isInput }.count
      result = child.outputs(arguments)[number]
    default:
      let operands = graph.operands(of: node)
      let values = operands.map { (value: value($0), isSigned: graph.nodes[Int($0)].isSigned) }
      result = evaluate(node.operation, node.shape, values, immediate: node.immediate)
    }
    known[id] = result
    return result
  }
}
