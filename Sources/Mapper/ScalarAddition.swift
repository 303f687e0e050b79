// ADD in the scalar unit: the reference's own arithmetic, for additions that the post unit's affine lanes cannot do.
//
//   y = clamp(zy + MBQM(a1 + a2, m, e)),   a_i = MBQM((x_i − z_i) << 20, QM(s_i/t))
//
// Each a_i depends on one byte, so it comes from a table of 256 words: by the byte of a tensor, or by the column of a
// constant that repeats along rows. It takes two cycles an element, where the lanes take none.

import Machine
import Model

/// An addition that the scalar unit does.
struct ScalarAddition: Sendable {
  var addition: PlannedAddition
  var rescaling: Addition.Rescaling
  var zero: Int

  /// - Parameter isAffine: the addition has an affine form; only the lanes for it are missing.
  init(_ addition: PlannedAddition, isAffine: Bool, in lowering: Lowering) throws {
    let graph = lowering.graph, node = addition.node
    guard lowering.configuration.units.scalar, let operation = node.operation as? Addition else {
      throw lowering.missingUnit(isAffine ? "residual" : "scalar", isAffine ? "ADD" : "ADD with scales that only the scalar unit can add")
    }
    self.addition = addition
    rescaling = operation.rescaling(node, in: graph)
    zero = graph.tensors[node.outputs[0]].zeroPoint
    guard rescaling.output.exponent < 0 else {
      throw MappingError(
        source: graph.name,
        message: "operator \(node.index) ADD, \(graph.label(node.outputs[0])): its output scale is less than 1/2^18 of the input scales, "
          + "which the hardware cannot do; choose a larger output scale")
    }
  }
}

extension Lowering {
  /// Adds the steps of an addition: the plan's result and the other operand become its output.
  mutating func addSteps(_ plan: LayerPlan, _ sum: ScalarAddition) throws {
    let count = graph.tensors[plan.output].elementCount
    let first = sum.rescaling.table(sum.addition.firstOperand), second = sum.rescaling.table(1 - sum.addition.firstOperand)
    var fields = LayerFields.zero
    fields.scalar = ScalarFields(
      table: scalarTables.add(byBits(first)), secondTable: 0, multiplier: Int(sum.rescaling.output.multiplier),
      shift: -sum.rescaling.output.exponent)
    fields.addition.zero = sum.zero
    (fields.addition.low, fields.addition.high) = (sum.addition.clamp.lowerBound, sum.addition.clamp.upperBound)
    /// Rows of `columns` bytes from byte `start` on, `step` bytes apart.
    func add(start: Int, rows: Int, columns: Int, step: Int, other: Int?) throws {
      let limit = LayerField.at(\.feed.rows).range.upperBound
      for row in stride(from: 0, to: rows, by: limit) {
        let offset = start + row * step
        fields.feed.rows = min(limit, rows - row)
        fields.array.columns = columns
        fields.end.columnStep = step
        try addStep(
          plan,
          StepDraft(
            command: .add, fields: fields, layer: layer, input: TensorPlace(tensor: root(plan.result), offset: offset),
            output: TensorPlace(tensor: root(plan.output), offset: offset),
            residual: other.map { TensorPlace(tensor: root($0), offset: offset) }, detail: "no affine form"))
      }
    }
    switch sum.addition.other {
    case .tensor(let other):
      fields.scalar.secondTable = scalarTables.add(byBits(second))
      let columns = min(count, 1 << 12)
      try add(start: 0, rows: count / columns, columns: columns, step: columns, other: other)
      let done = count / columns * columns
      if done < count { try add(start: done, rows: 1, columns: count - done, step: 0, other: other) }
    case .constant(let values):
      fields.mode = .residualConstant
      // A table holds the terms of 256 columns.
      for start in stride(from: 0, to: values.count, by: 256) {
        let part = values[start..<min(start + 256, values.count)]
        fields.scalar.secondTable = scalarTables.add(part.map { UInt32(bitPattern: second[Int($0) + 128]) })
        try add(start: start, rows: count / values.count, columns: part.count, step: values.count, other: nil)
      }
    }
  }

  /// Terms ordered by the operand's bits, from those by its value −128...127.
  private func byBits(_ terms: [Int32]) -> [UInt32] { orderedByBits(terms).map { UInt32(bitPattern: $0) } }
}

/// A table over −128...127 in the order of the bits: 0...127, then −128...−1.
func orderedByBits<Entry>(_ table: [Entry]) -> [Entry] { Array(table[128...] + table[..<128]) }
