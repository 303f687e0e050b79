import Testing

@testable import Mapper

@Suite struct ValueRangesTests {
  private let ranges = ValueRanges(low: [-3, 0, 5], high: [4, 0, 9])

  @Test func hull() {
    #expect(ranges.hull == -3...9 && ValueRanges.all.hull == -128...127 && ValueRanges(7...8).hull == 7...8)
  }

  /// Element i has range i modulo the period; where channels and periods do not fit, only the hull is known.
  @Test func channels() {
    #expect(ranges.channels(3) == ranges)
    #expect(ranges.channels(6) == ValueRanges(low: [-3, 0, 5, -3, 0, 5], high: [4, 0, 9, 4, 0, 9]))
    for count in [1, 2, 4] {
      #expect(ranges.channels(count) == ValueRanges(low: .init(repeating: -3, count: count), high: .init(repeating: 9, count: count)))
    }
    #expect(ValueRanges(1...2).channels(3) == ValueRanges(low: [1, 1, 1], high: [2, 2, 2]))
  }

  @Test func oneMoreValue() {
    #expect(ranges.including(2) == ValueRanges(low: [-3, 0, 2], high: [4, 2, 9]))
    #expect(ranges.constants(3) == [nil, 0, nil] && ranges.constants(2) == [nil, nil])
    #expect(ranges.through((-128...127).map { Int8(abs($0 % 4)) }) == ValueRanges(low: [0, 0, 0], high: [3, 0, 3]))
    #expect(ranges.through { min(max($0, 0), 6) } == ValueRanges(low: [0, 0, 5], high: [4, 0, 6]))
  }
}
