// SOFTMAX: an instruction of its own.

import Machine
import Model

extension Softmax: Lowerable {
  func lower(_ plan: LayerPlan, into lowering: inout Lowering) throws {
    guard lowering.configuration.units.softmax else { throw lowering.missingUnit("softmax", "SOFTMAX") }
    let graph = lowering.graph
    let tensor = graph.tensors[plan.input]
    let length = tensor.shape.last ?? 1
    let table = table(plan.node, in: graph).exponentials.map { UInt32(bitPattern: $0) }
    var index = lowering.exponentTables.firstIndex(of: table)
    if index == nil {
      lowering.exponentTables.append(table)
      index = lowering.exponentTables.count - 1
    }
    lowering.ranges[lowering.root(plan.output)] = .all
    let rows = tensor.elementCount / length
    let limit = LayerRegister.rows.range.upperBound
    for first in stride(from: 0, to: rows, by: limit) {
      var registers = RegisterFile()
      registers[.rows] = min(limit, rows - first)
      registers[.columns] = length
      registers[.outputColumnStep] = length
      registers[.exponentTable] = index ?? 0
      try lowering.addStep(
        plan,
        StepDraft(
          isSoftmax: true, registers: registers, layer: lowering.layer,
          input: TensorPlace(tensor: lowering.root(plan.input), offset: first * length),
          output: TensorPlace(tensor: lowering.root(plan.output), offset: first * length), detail: ""))
    }
  }
}
