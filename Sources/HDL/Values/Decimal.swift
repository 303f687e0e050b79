/// Numbers of any width as decimal digits.
extension BitVector {
  /// Long division by 10^9, from the highest half word down; a negative number by its magnitude.
  func decimal(isSigned: Bool) -> String {
    if isSigned && isNegative { return "-" + resized(to: width + 1, isSigned: true).negated.decimal(isSigned: false) }
    var halves = words.flatMap { [UInt32(truncatingIfNeeded: $0), UInt32(truncatingIfNeeded: $0 >> 32)] }
    var groups: [String] = []
    while halves.contains(where: { $0 != 0 }) {
      var rest: UInt64 = 0
      for index in halves.indices.reversed() {
        let dividend = rest << 32 | UInt64(halves[index])
        halves[index] = UInt32(truncatingIfNeeded: dividend / 1_000_000_000)
        rest = dividend % 1_000_000_000
      }
      groups.append(String(rest))
    }
    let padded = groups.dropLast().map { String(repeating: "0", count: 9 - $0.count) + $0 }
    return (groups.last ?? "0") + padded.reversed().joined()
  }
}
