// An addition whose operand is made for it alone moves into the layer that makes it. The layer runs where the other operand
// is there: at its own place if possible, else at the addition's.

extension Network {
  mutating func fuseAdditions() {
    let privateTensors = privateTensors
    var writers = writers
    for position in plans.indices {
      // The adding operator's own layer, and not one that it was moved into.
      guard let sum = plans[position], let addition = sum.ending.addition, let operand = sum.input, sum.function == nil,
        sum.nodes.first?.outputs == addition.node.outputs,
        case .bytes(nil) = sum.parts[0].kernel, case .unchanged = sum.parts[0].rescaling, !sum.repeatsOperand(in: graph)
      else { continue }
      var candidates: [(source: Int, plan: LayerPlan, addition: Added)] = []
      func consider(_ tensor: Int, _ addition: Added) {
        guard let (source, plan) = onlySource(of: tensor, writers, privateTensors), plan.isOpen else { return }
        switch addition.other {
        case .tensor(let other): if root(other) == root(tensor) { return }
        case .constant(let values):
          let channels = graph.tensors[plan.output].shape.last ?? 1
          guard values.count == 1 || values.count == channels, plan.parts.allSatisfy({ $0.kernel.weightedWindow != nil }) else { return }
        }
        candidates.append((source, plan, addition))
      }
      consider(operand, addition)
      if let other = addition.otherTensor { consider(other, addition.swapped(first: operand)) }
      guard let best = candidates.max(by: { $0.source < $1.source }) else { continue }
      var (plan, place) = (best.plan, best.source)
      if let other = best.addition.otherTensor, let ready = writers[root(other)], ready > best.source { place = position }
      plan.ending.tail = .addition(best.addition)
      plan.function = nil
      plan.output = sum.output
      plan.nodes += sum.nodes
      plans[best.source] = nil
      plans[position] = nil
      plans[place] = plan
      writers[root(plan.output)] = place
    }
  }
}
