import Emit
import Machine
import Model
import Testing

/// Carries out the writes and checks of a job on a byte array, as the feature window does.
private func play(_ job: Job, _ memory: inout [UInt8]) -> Int {
  let base = RegisterMap.Region.features.base
  var failures = 0
  func read(_ address: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(memory[address - base + $1]) << UInt32(8 * $1) } }
  func write(_ address: Int, _ value: UInt32, _ strobe: Int) {
    for lane in 0..<4 where strobe >> lane & 1 == 1 { memory[address - base + lane] = UInt8(truncatingIfNeeded: value >> UInt32(8 * lane)) }
  }
  for command in job.commands {
    switch command {
    case .writeBlock(let address, 1, 4, let words):
      for (index, word) in words.enumerated() { write(address + 4 * index, word, 15) }
    case .write(let address, let strobe, let data): write(address, data, strobe)
    case .check(let address, let mask, let data): if (read(address) ^ data) & mask != 0 { failures += 1 }
    default: return -1
    }
  }
  return failures
}

@Suite struct JobTests {
  @Test func bytesAtAnyAddressTouchNothingElse() {
    var random = SplitMix64(seed: 3)
    for address in 0..<9 {
      for count in 0..<20 {
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        var memory = [UInt8](repeating: 0xEE, count: 64)
        var expected = memory
        expected.replaceSubrange(address..<(address + count), with: bytes)
        var job = Job()
        job.writeFeatures(address, bytes)
        #expect(play(job, &memory) == 0)
        #expect(memory == expected)
        var check = Job()
        check.checkFeatures(address, bytes)
        #expect(play(check, &memory) == 0)
        guard count > 0 else { continue }
        memory[address + count / 2] ^= 1
        #expect(play(check, &memory) == 1)
      }
    }
  }

  @Test func aJobEndsWithItsEnd() {
    var job = Job()
    job.start()
    #expect(job.bytes.suffix(4) == [0, 0, 0, 0])
    #expect(job.bytes.count == 16)
  }
}
