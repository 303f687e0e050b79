// Which values a tensor can hold, as far as the limits and weights before it tell.

/// The least and greatest stored value of every element: element i has range i modulo the period.
struct ValueRanges: Sendable, Equatable {
  var low: [Int]
  var high: [Int]

  static let all = ValueRanges(low: [-128], high: [127])

  init(low: [Int], high: [Int]) { (self.low, self.high) = (low, high) }
  init(_ range: ClosedRange<Int>) { self.init(low: [range.lowerBound], high: [range.upperBound]) }

  /// The range of all elements together.
  var hull: ClosedRange<Int> { (low.min() ?? -128)...(high.max() ?? 127) }

  /// The ranges of `count` channels when the tensor is read in rows of `count` elements.
  func channels(_ count: Int) -> ValueRanges {
    if count == low.count { return self }
    if count % low.count == 0 {
      return ValueRanges(low: (0..<count).map { low[$0 % low.count] }, high: (0..<count).map { high[$0 % high.count] })
    }
    return ValueRanges(
      low: [Int](repeating: hull.lowerBound, count: count), high: [Int](repeating: hull.upperBound, count: count))
  }

  /// With `value` possible everywhere.
  func including(_ value: Int) -> ValueRanges {
    ValueRanges(low: low.map { min($0, value) }, high: high.map { max($0, value) })
  }

  /// Of `count` channels the only value of each; nil where there are several.
  func constants(_ count: Int) -> [Int8?] {
    let channels = channels(count)
    return zip(channels.low, channels.high).map { $0 == $1 ? Int8($0) : nil }
  }

  /// Every range through a table of the results for −128...127.
  func through(_ table: [Int8]) -> ValueRanges {
    let reached = zip(low, high).map { low, high in table[low + 128...high + 128].map(Int.init) }
    return ValueRanges(low: reached.map { $0.min() ?? -128 }, high: reached.map { $0.max() ?? 127 })
  }

  /// Every range through a function that never decreases.
  func through(_ function: (Int) -> Int) -> ValueRanges {
    ValueRanges(low: low.map(function), high: high.map(function))
  }
}
