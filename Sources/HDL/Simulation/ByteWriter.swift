/// Bytes as they become a binary file: numbers of fixed and of variable length, words, and gzip without compression.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ byte: UInt8) { bytes.append(byte) }
  mutating func append(_ other: some Sequence<UInt8>) { bytes += other }
  /// The bytes of a name, and a zero.
  mutating func append(_ name: String) {
    bytes += name.utf8
    bytes.append(0)
  }
  /// The most significant byte first.
  mutating func append(bigEndian number: UInt64) {
    for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
  }
  /// LEB128 (DWARF 5, section 7.6): seven bits a byte, the least significant first; all but the last byte have the eighth bit.
  mutating func append(leb128 number: Int) {
    var rest = UInt64(number)
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
  /// The same for a number of either sign: the seventh bit of the last byte is the sign.
  mutating func append(signedLEB128 number: Int) {
    var rest = number
    while rest < -64 || rest > 63 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest & 0x7F))
  }

  /// A member of a gzip file (RFC 1952) whose deflate blocks are stored (RFC 1951, section 3.2.4).
  mutating func append(gzip content: [UInt8]) {
    // Magic, deflate, no flags, no time, no level, an unknown system: equal contents are equal bytes.
    bytes += [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    let most = 0xFFFF
    var begin = 0
    repeat {
      let end = min(begin + most, content.count), count = UInt16(end - begin)
      bytes.append(end == content.count ? 1 : 0)
      append(littleEndian: UInt64(count), count: 2)
      append(littleEndian: UInt64(~count), count: 2)
      bytes += content[begin..<end]
      begin = end
    } while begin < content.count
    append(littleEndian: UInt64(ByteWriter.checksum(content)), count: 4)
    append(littleEndian: UInt64(UInt32(truncatingIfNeeded: content.count)), count: 4)
  }
  mutating func append(littleEndian number: UInt64, count: Int) {
    for byte in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * byte))) }
  }

  /// CRC-32 as gzip has it: reflected, polynomial 0x04C11DB7, all ones before and after.
  private static func checksum(_ content: [UInt8]) -> UInt32 {
    let table = (0..<256 as Range<UInt32>).map { byte in
      (0..<8).reduce(byte) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
    }
    return ~content.reduce(~0) { rest, byte in rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] }
  }
}
