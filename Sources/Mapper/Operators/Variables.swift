// ASSIGN_VARIABLE: a copy to where the next inference finds its state.
//
// The next value lies where the present one does, so the copy must come after everything that reads that: assignments are the
// last operators of a network, and their layers stay where they are.

import Model

extension AssignVariable: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let count = network.graph.tensors[node.outputs[0]].elementCount
    func whole(_ tensor: Int) -> Move.Box { Move.Box(tensor: tensor, strides: [1]) }
    var plan = LayerPlan(node, parts: [])
    let bytes = try network.bytes(of: Move(shape: [count], from: whole(node.inputs[0]), to: whole(node.outputs[0])), in: plan)
    plan.parts = [Part(kernel: .bytes(), from: bytes.from, to: bytes.to)]
    plan.isPinned = true
    if network.graph.states.contains(where: { $0.tensor == network.root(node.inputs[0]) }) {
      throw plan.error("assigns the old value of a variable, which is not supported", in: network.graph)
    }
    return [plan]
  }
}
