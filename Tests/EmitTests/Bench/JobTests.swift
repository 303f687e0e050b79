import Emit
import Machine
import Model
import Testing

/// Carries out the writes and checks of a job on a byte array, as the feature window does.
private func play(_ job: Job, _ memory: inout [UInt8]) -> Int {
  var at = 0, failures = 0
  let words = job.words, base = RegisterMap.Region.features.base
  func read(_ address: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(memory[address - base + $1]) << UInt32(8 * $1) } }
  func write(_ address: Int, _ value: UInt32, _ strobe: UInt32) {
    for lane in 0..<4 where strobe >> UInt32(lane) & 1 == 1 { memory[address - base + lane] = UInt8(truncatingIfNeeded: value >> UInt32(8 * lane)) }
  }
  while at < words.count {
    switch words[at] {
    case 1:
      let address = Int(words[at + 1]), count = Int(words[at + 4])
      for index in 0..<count { write(address + 4 * index, words[at + 5 + index], 15) }
      at += 5 + count
    case 2:
      write(Int(words[at + 1]), words[at + 3], words[at + 2])
      at += 4
    case 4:
      if (read(Int(words[at + 1])) ^ words[at + 3]) & words[at + 2] != 0 { failures += 1 }
      at += 4
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
