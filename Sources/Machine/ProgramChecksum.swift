// The checksum of a program: what `halt` carries and the sequencer compares before it says that a program ended well.
//
// CRC-24 with the polynomial 0x864CFB and the initial value 0xB704CE (RFC 4880, section 6.1), over the 32-bit words before
// `halt`, each most significant bit first; nothing is reflected and nothing is added at the end. The polynomial has the
// factor x + 1, so every odd number of flipped bits is found, as are all bursts of up to 24 bits; of other damage one case
// in 2^24 is not.

/// The checksum of the program words seen so far.
public struct ProgramChecksum: Hashable, Sendable {
  /// Bits of the checksum: those of an instruction's operand.
  public static let bits = 24
  /// The checksum of no words at all.
  public static let initial = 0xB7_04CE
  private static let polynomial = 0x86_4CFB

  /// 0 ..< 2^24.
  public private(set) var value = initial

  public init() {}

  /// The checksum of a list of words.
  public init(of words: some Sequence<UInt32>) {
    for word in words { add(word) }
  }

  /// Takes in the next word.
  public mutating func add(_ word: UInt32) { value = Self.step(value, word) }

  /// What a word makes of a checksum. Linear over GF(2) in both together: hardware takes one parity a bit from it.
  /// - Parameter checksum: 0 ..< 2^24.
  public static func step(_ checksum: Int, _ word: UInt32) -> Int {
    var value = checksum
    for bit in (0..<32).reversed() {
      let top = value >> (bits - 1) & 1, next = Int(word >> UInt32(bit)) & 1
      value = value << 1 & (1 << bits - 1) ^ (top == next ? 0 : polynomial)
    }
    return value
  }
}

extension Instruction {
  /// A program with its `halt` behind it, as words.
  public static func sealed(_ words: [UInt32]) -> [UInt32] {
    words + [halt(checksum: ProgramChecksum(of: words).value).word]
  }
}
