// A small hash that is the same everywhere and for ever: 32-bit FNV-1a.

/// The 32-bit FNV-1a hash of the bytes added so far.
struct FNV1a {
  private(set) var value: UInt32 = 2_166_136_261

  mutating func add(_ byte: UInt8) { value = (value ^ UInt32(byte)) &* 16_777_619 }
  /// Adds the low 32 bits of a number, least significant byte first.
  mutating func add(_ number: Int) {
    for shift in stride(from: 0, to: 32, by: 8) { add(UInt8(truncatingIfNeeded: number >> shift)) }
  }
  /// Adds a line of text with its end.
  mutating func add(line: String) {
    for byte in line.utf8 { add(byte) }
    add(UInt8(ascii: "\n"))
  }
}
