import Machine
import Testing

@Suite struct ProgramChecksumTests {
  /// The definition in RFC 4880, byte by byte.
  private static func crc24(_ bytes: some Sequence<UInt8>) -> Int {
    var crc = 0xB7_04CE
    for byte in bytes {
      crc ^= Int(byte) << 16
      for _ in 0..<8 {
        crc <<= 1
        if crc & 0x100_0000 != 0 { crc ^= 0x186_4CFB }
      }
    }
    return crc & 0xFF_FFFF
  }

  @Test func isThatOfTheStandard() {
    // The check value that catalogues of checksums list.
    #expect(Self.crc24("123456789".utf8) == 0x21_CF02)
    #expect(ProgramChecksum(of: [] as [UInt32]).value == Self.crc24([]))
    #expect(ProgramChecksum(of: [0x3132_3334, 0x3536_3738] as [UInt32]).value == Self.crc24("12345678".utf8))
  }

  /// What the hardware relies on: bits of checksum and word act independently.
  @Test func isLinear() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<100 {
      let (a, b) = (Int.random(in: 0..<1 << 24, using: &random), Int.random(in: 0..<1 << 24, using: &random))
      let (v, w) = (UInt32.random(in: 0 ... .max, using: &random), UInt32.random(in: 0 ... .max, using: &random))
      #expect(ProgramChecksum.step(a ^ b, v ^ w) == ProgramChecksum.step(a, v) ^ ProgramChecksum.step(b, w), "\(a) \(b) \(v) \(w)")
    }
  }

  /// No flip of one, two or three neighbouring or distant bits goes unnoticed in a program of 100 words.
  @Test func findsFewFlippedBits() {
    let words = (0..<100).map { UInt32(truncatingIfNeeded: $0 &* 0x9E37_79B9) }, right = ProgramChecksum(of: words).value
    for bit in 0..<3200 {
      var damaged = words
      damaged[bit / 32] ^= 1 << UInt32(bit % 32)
      #expect(ProgramChecksum(of: damaged).value != right, "bit \(bit)")
      damaged[bit * 7 % 100] ^= 1 << UInt32(bit * 11 % 32)
      if damaged != words { #expect(ProgramChecksum(of: damaged).value != right, "bits \(bit) and another") }
    }
  }

  @Test func aSealedProgramEndsInItsChecksum() {
    let words = [Instruction.run(step: 3).word]
    #expect(Instruction.sealed(words) == words + [Instruction.halt(checksum: ProgramChecksum(of: words).value).word])
  }
}
