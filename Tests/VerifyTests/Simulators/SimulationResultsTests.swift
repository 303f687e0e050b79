import Emit
import Machine
import Testing
@testable import Verify

@Suite struct SimulationResultsTests {
  @Test func recordsBelongToTheSampleBeforeThem() throws {
    let features = RegisterMap.Region.features.base
    let write = TraceWrite(step: 0, address: 0x100, cycle: 9, data: [1], before: [2])
    let error = BusError(address: 0x1000_0000, response: 2, isWrite: true)
    var results = SimulationResults()
    for record in [
      .read(address: 0, words: [RegisterMap.identity]), .sample(7), .stepStarted(0, cycle: 5), .traceWrite(write), .stepDone(0, cycle: 20),
      .run(finished: true, cycles: 30), .read(address: features + 4, words: [0x0403_0201, 0x0807_0605]), .busError(error),
      .checkFailed(address: 4, got: 1, expected: 2, mask: 15), .unknownBits(step: 3, address: 4, cycle: 5), .noAnswer(address: 8),
      .sample(9),
    ] as [BenchRecord] { results.add(record) }
    #expect(results.setup.register(.identity) == RegisterMap.identity)
    #expect(results.samples.map(\.sample) == [7, 9])
    let run = results.samples[0]
    #expect(run.finished && run.countedCycles == 30 && run.started == [0: 5] && run.ended == [0: 20] && run.writes == [write])
    #expect(run.features(6, count: 3) == [3, 4, 5])
    #expect(run.features(3, count: 2) == [nil, 1])
    #expect(run.busErrors == [error])
    #expect(
      run.problems == [
        "write to 0x10000000 answered SLVERR", "0x4 reads 0x1, expected 0x2 (mask 0xf)",
        "unknown bits on the trace port in step 3 at cycle 5, address 4", "the bus does not answer at 0x8",
      ])
  }

  @Test func anEarlyEndIsAnError() throws {
    let words: [UInt32] = [3, 7, 6, 5 << 16, 0x100, 9, 1, 2, 3, 4, 0]
    let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    #expect(try SimulationResults(bytes: bytes).samples.map(\.writes.count) == [1])
    for count in 0..<bytes.count { #expect(throws: SimulationFailure.self) { try SimulationResults(bytes: Array(bytes[..<count])) } }
  }
}
