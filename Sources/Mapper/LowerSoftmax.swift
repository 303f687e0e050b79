// SOFTMAX: an instruction of its own.

import Machine
import Model

extension Softmax: Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    guard lowering.configuration.units.scalar else { throw lowering.missingUnit("scalar", "SOFTMAX") }
    let graph = lowering.graph
    let tensor = graph.tensors[plan.input]
    let length = tensor.shape.last ?? 1
    let table = lowering.scalarTables.add(table(plan.node, in: graph).exponentials.map { UInt32(bitPattern: $0) })
    lowering.ranges[lowering.root(plan.output)] = .all
    let rows = tensor.elementCount / length
    let limit = LayerField.at(\.feed.rows).range.upperBound
    for first in stride(from: 0, to: rows, by: limit) {
      var fields = LayerFields.zero
      fields.feed.rows = min(limit, rows - first)
      fields.array.columns = length
      fields.end.columnStep = length
      fields.scalar.table = table
      fields.addition.zero = graph.tensors[plan.output].zeroPoint
      (fields.addition.low, fields.addition.high) = (-128, 127)
      try lowering.addStep(
        plan,
        StepDraft(
          command: .softmax, fields: fields, layer: lowering.layer,
          input: TensorPlace(tensor: lowering.root(plan.input), offset: first * length),
          output: TensorPlace(tensor: lowering.root(plan.output), offset: first * length), detail: ""))
    }
  }
}
