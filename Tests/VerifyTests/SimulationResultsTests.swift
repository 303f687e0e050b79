import Machine
import Testing
import Verify

@Suite struct SimulationResultsTests {
  @Test func everyRecordIsUnderstood() throws {
    let status = UInt32(RegisterMap.Register.status.address)
    let features = UInt32(RegisterMap.Region.features.base)
    let words: [UInt32] = [
      1, 0, 1, RegisterMap.identity,  // before the first sample
      3, 7, 4, 0, 5, 6, 0 | 5 << 16, 0x100, 9, 0x0403_0201, 0x05, 0x1413_1211, 0x15, 5, 0, 20,
      2, 1, 30, 0, 1, status, 1, 2, 1, features + 4, 2, 0x0403_0201, 0x0807_0605, 7, 0x1000_0000, 0x102, 0,
    ]
    let results = try SimulationResults(words: words)
    #expect(results.setup.register(.identity) == RegisterMap.identity)
    let run = try #require(results.samples.first)
    #expect(run.sample == 7 && run.finished && run.countedCycles == 30)
    #expect(run.started == [0: 5] && run.ended == [0: 20])
    let write = try #require(run.writes.first)
    #expect((0..<5).map { results.byte(write, $0) } == [1, 2, 3, 4, 5])
    #expect((0..<5).map { results.byteBefore(write, $0) } == [0x11, 0x12, 0x13, 0x14, 0x15])
    #expect(run.features(6, count: 3) == [3, 4, 5])
    #expect(run.features(3, count: 2) == [nil, 1])
    #expect(run.busErrors == [BusError(address: 0x1000_0000, response: 2, isWrite: true)])
    #expect(run.problems == ["write to 0x10000000 answered SLVERR"])
  }

  @Test func anEarlyEndIsAnError() {
    let words: [UInt32] = [3, 7, 6, 5 << 16, 0x100, 9, 1, 2, 3, 4, 0]
    for count in 0..<words.count { #expect(throws: SimulationFailure.self) { try SimulationResults(words: Array(words[..<count])) } }
  }
}
