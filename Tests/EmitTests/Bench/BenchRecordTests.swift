import Emit
import Testing

@Suite struct BenchRecordTests {
  private static let trace = TraceWrite(
    step: 2, address: 0x100, cycle: 9, data: [1, 2, 3, 4, 5], before: [0x11, 0x12, 0x13, 0x14, 0x15])
  private static let all: [(BenchRecord, [UInt32])] = [
    (.end, [0]), (.read(address: 8, words: [3, .max]), [1, 8, 2, 3, .max]), (.run(finished: true, cycles: 1 << 32 + 5), [2, 1, 5, 1]),
    (.sample(7), [3, 7]), (.stepStarted(1, cycle: 6), [4, 1, 6]), (.stepDone(1, cycle: 8), [5, 1, 8]),
    (.traceWrite(trace), [6, 2 | 5 << 16, 0x100, 9, 0x0403_0201, 0x05, 0x1413_1211, 0x15]),
    (.busError(BusError(address: 4, response: 2, isWrite: true)), [7, 4, 0x102]),
    (.busError(BusError(address: 4, response: 3, isWrite: false)), [7, 4, 3]),
    (.checkFailed(address: 4, got: 1, expected: 2, mask: 3), [8, 4, 1, 2, 3]), (.unknownBits(step: 1, address: 2, cycle: 3), [9, 1, 2, 3]),
    (.noAnswer(address: 4), [10, 4]),
  ]

  private func bytes(_ words: [UInt32]) -> [UInt8] { words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } } }

  @Test func everyRecordIsUnderstood() {
    for (record, words) in Self.all {
      var file = bytes(words + [77])[...]
      #expect(BenchRecord(&file) == record)
      #expect(file == bytes([77])[...], "what follows is left")
    }
    #expect(Set(Self.all.map(\.1[0])) == Set(BenchRecord.Code.allCases.map(\.rawValue)))
  }

  @Test func aRecordThatIsCutIsNone() {
    for (_, words) in Self.all {
      for count in 0..<4 * words.count {
        var file = bytes(words).prefix(count)
        #expect(BenchRecord(&file) == nil, "\(words) cut to \(count) bytes")
      }
    }
    var unknown = bytes([11, 0, 0])[...]
    #expect(BenchRecord(&unknown) == nil)
  }
}
