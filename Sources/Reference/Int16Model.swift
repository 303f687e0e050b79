// The scalar unit on rows of int16: sums, products and sigmoids.

import Machine
import Model

extension ReferenceMachine {
  mutating func runInt16() throws(MachineFault) {
    let rule = Int16Rule(rawValue: fields.scalar.rule) ?? .sum, scalar = fields.scalar
    try require(scalar.table < hardware.scalarTables, "there is no scalar table \(scalar.table)")
    let lines = rule.isOfTwo ? [] : try scalarTable(scalar.table)
    for row in 0..<fields.feed.rows {
      for column in 0..<fields.array.columns {
        let x1 = try int16(at: fields.feed.base + 2 * row * scalar.firstStep + column, step: scalar.firstStep)
        let x2 = rule.isOfTwo ? try int16(at: fields.addition.base + 2 * row * scalar.secondStep + column, step: scalar.secondStep) : 0
        let value: Int32
        switch rule {
        case .sum: value = rescaled(x1 << 14 &+ term(x2))
        case .product: value = rescaled(x1 &* x2)
        case .logistic, .tangent: value = sigmoid(x1, rule, lines)
        }
        let place = fields.end.base + row * fields.end.columnStep + column
        let y = min(max(Int(value) + (rule == .logistic ? 1 << 14 : fields.addition.zero), fields.end.int16Low), fields.end.int16High)
        guard fields.mode.contains(.int16Output) else {
          try write(place, Int(Int8(truncatingIfNeeded: y)), before: Int(Int8(truncatingIfNeeded: y)))
          continue
        }
        for (address, byte) in [(place, y >> 8), (place + fields.end.int16Step, y & 0xFF ^ 0x80)] {
          try write(address, Int(Int8(truncatingIfNeeded: byte)), before: Int(Int8(truncatingIfNeeded: byte)))
        }
      }
    }
  }

  /// An element, from its high byte and its low one.
  private func int16(at place: Int, step: Int) throws(MachineFault) -> Int32 {
    let high = Int32(Int8(bitPattern: try read(place))), low = Int32(try read(place + step) ^ 0x80)
    return high << 8 | low
  }

  /// The second operand of a sum.
  private func term(_ x: Int32) -> Int32 {
    let multiplier = Int32(truncatingIfNeeded: fields.scalar.secondMultiplier)
    return roundingDivideByPowerOfTwo(saturatingRoundingDoublingHighMultiply(x << 15, multiplier), fields.scalar.secondShift)
  }

  private func rescaled(_ value: Int32) -> Int32 {
    let high = saturatingRoundingDoublingHighMultiply(value, Int32(truncatingIfNeeded: fields.scalar.multiplier))
    return roundingDivideByPowerOfTwo(high, fields.scalar.shift)
  }

  /// A sigmoid less its value at 0: a straight line between the table's entries, mirrored for negative operands.
  /// - Parameter lines: of each entry its start, in Q0.16, and in the upper half how much higher the next one is.
  private func sigmoid(_ x: Int32, _ rule: Int16Rule, _ lines: [UInt32]) -> Int32 {
    let multiplier = Int32(truncatingIfNeeded: fields.scalar.secondMultiplier)
    let steps = saturatingRoundingDoublingHighMultiply(x << (fields.scalar.secondShift & 16), multiplier)
    // An entry is 2^9 of these steps long.
    let distance = (rule == .tangent ? 2 : 1) * abs(Int64(steps)), entry = Int(min(distance >> 9, 255))
    let line = Int64(lines[entry] & 0xFFFF) << 9 + (distance & 511) * Int64(lines[entry] >> 16)
    let height = Int32(truncatingIfNeeded: line - 1 << 24)
    return roundingDivideByPowerOfTwo(steps < 0 ? -height : height, fields.scalar.shift)
  }
}
