// The scalar unit: softmax over rows, and the reference's own addition and squared difference.

import Machine
import Model

extension ReferenceMachine {
  mutating func runSoftmax() throws(MachineFault) {
    let table = try scalarTable(fields.scalar.table).map { Int32(bitPattern: $0) }
    for row in 0..<fields.feed.rows {
      let start = row * fields.end.columnStep
      var values: [Int] = []
      for column in 0..<fields.array.columns {
        values.append(Int(Int8(bitPattern: try read(fields.feed.base + start + column))))
      }
      let maximum = values.max() ?? 0
      var sum: Int32 = 0
      for value in values { sum = sum &+ roundingDivideByPowerOfTwo(table[maximum - value], 12) }
      let reciprocal = SoftmaxReciprocal(sum: sum)
      for (column, value) in values.enumerated() {
        let product = saturatingRoundingDoublingHighMultiply(reciprocal.mantissa, table[maximum - value])
        try finish(reciprocal.shift > 31 ? 0 : roundingDivideByPowerOfTwo(product, reciprocal.shift), at: start + column)
      }
    }
  }

  mutating func runAddition() throws(MachineFault) {
    let isConstant = fields.mode.contains(.residualConstant), isSquare = fields.mode.contains(.product)
    let first = try scalarTable(fields.scalar.table), second = try scalarTable(fields.scalar.secondTable)
    let multiplier = Int32(truncatingIfNeeded: fields.scalar.multiplier)
    for row in 0..<fields.feed.rows {
      for column in 0..<fields.array.columns {
        let place = row * fields.end.columnStep + column
        let x1 = try read(fields.feed.base + place)
        let entry = isConstant ? column & 0xFF : Int(try read(fields.addition.base + place))
        try require(entry < second.count, "entry \(entry) of a table of \(second.count)")
        let sum = Int32(bitPattern: first[Int(x1)]) &+ Int32(bitPattern: second[entry])
        if isSquare { try require(abs(Int(sum)) < 1 << 15, "the square of a sum of more than 16 bits") }
        let high = saturatingRoundingDoublingHighMultiply(isSquare ? sum &* sum : sum, multiplier)
        try finish(roundingDivideByPowerOfTwo(high, fields.scalar.shift), at: place)
      }
    }
  }

  func scalarTable(_ number: Int) throws(MachineFault) -> [UInt32] {
    try require(number < scalarTables.count, "there is no scalar table \(number)")
    return scalarTables[number]
  }

  /// Zero point and limits of both operations.
  private mutating func finish(_ value: Int32, at place: Int) throws(MachineFault) {
    let output = min(max(Int(value) + fields.addition.zero, fields.addition.low), fields.addition.high)
    try write(fields.end.base + place, output, before: output)
  }
}
