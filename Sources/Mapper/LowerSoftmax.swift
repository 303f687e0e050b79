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
    let limit = LayerRegister.rows.range.upperBound
    for first in stride(from: 0, to: rows, by: limit) {
      var registers = RegisterFile()
      registers[.rows] = min(limit, rows - first)
      registers[.columns] = length
      registers[.outputColumnStep] = length
      registers[.scalarTable] = table
      registers[.residualZero] = graph.tensors[plan.output].zeroPoint
      registers[.residualClampLow] = -128
      registers[.residualClampHigh] = 127
      try lowering.addStep(
        plan,
        StepDraft(
          unit: .softmax, registers: registers, layer: lowering.layer,
          input: TensorPlace(tensor: lowering.root(plan.input), offset: first * length),
          output: TensorPlace(tensor: lowering.root(plan.output), offset: first * length), detail: ""))
    }
  }
}
