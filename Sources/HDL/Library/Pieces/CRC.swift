/// Cyclic redundancy checks over any number of bits a cycle, with the parameters of the Rocksoft model (R. Williams: A painless
/// guide to CRC error detection algorithms, 1993).
///
///     When(isNew) { state = CRC.crc32.next(state, byte) }
///     checksum = CRC.crc32.result(state)
public struct CRC: Hashable, Sendable {
  /// Bits of the remainder, 1...64.
  public let width: Int
  /// The generator without its highest term.
  public let polynomial: UInt64
  /// What the state begins with, as `reset:` of its register wants it.
  public let initial: UInt64
  /// Whether the lowest bit of the data comes first, and the state is kept and shown the other way round.
  public let isReflected: Bool
  /// What the result is combined with.
  public let final: UInt64

  public init(width: Int, polynomial: UInt64, initial: UInt64, isReflected: Bool, final: UInt64) {
    (self.width, self.polynomial, self.initial, self.isReflected, self.final) = (width, polynomial, initial, isReflected, final)
  }
  /// Ethernet, gzip.
  public static let crc32 = CRC(width: 32, polynomial: 0x04C1_1DB7, initial: 0xFFFF_FFFF, isReflected: true, final: 0xFFFF_FFFF)
  /// XMODEM.
  public static let crc16 = CRC(width: 16, polynomial: 0x1021, initial: 0, isReflected: false, final: 0)
  /// USB data packets.
  public static let crc16USB = CRC(width: 16, polynomial: 0x8005, initial: 0xFFFF, isReflected: true, final: 0xFFFF)
  /// SMBus.
  public static let crc8 = CRC(width: 8, polynomial: 0x07, initial: 0, isReflected: false, final: 0)

  /// The value of the state's register after reset.
  public var reset: Int { Int(truncatingIfNeeded: initial) }

  /// The state after some more bits of data.
  public func next(_ state: Unsigned, _ data: Unsigned) -> Unsigned {
    var bits = (0..<width).map { state[$0] }
    for position in isReflected ? Array(0..<data.width) : (0..<data.width).reversed() {
      if isReflected {
        let feedback = bits[0] ^ data[position]
        bits = (0..<width).map { bit in
          let kept: Bit = bit + 1 < width ? bits[bit + 1] : false
          return polynomial >> UInt64(width - 1 - bit) & 1 == 1 ? kept ^ feedback : kept
        }
      } else {
        let feedback = bits[width - 1] ^ data[position]
        bits = (0..<width).map { bit in
          let kept: Bit = bit > 0 ? bits[bit - 1] : false
          return polynomial >> UInt64(bit) & 1 == 1 ? kept ^ feedback : kept
        }
      }
    }
    return concatenate(bits)
  }
  /// The checksum of what the state has seen.
  public func result(_ state: Unsigned) -> Unsigned { state ^ Unsigned(final, width: width) }
}
