/// The simulator's machine: what one instruction computes from 64-bit words.
///
/// A hardware value of up to 64 bits is one word in canonical form: extended to 64 bits by zeros if it is
/// unsigned, by its sign if it is signed. So widening costs nothing, and comparisons and products need no
/// preparation; only an operation that may leave the range of its result has to cut it back.
enum Opcode: UInt8, CaseIterable {
  case move
  case add, subtract, multiply
  // The same, cut to a width: the immediate is 64 minus that width.
  case addUnsigned, addSigned, subtractUnsigned, subtractSigned, multiplyUnsigned, multiplySigned
  /// The upper 64 bits of the product.
  case multiplyHighUnsigned, multiplyHighSigned
  case and, or, xor
  case equal, notEqual, lessUnsigned, lessSigned, lessOrEqualUnsigned, lessOrEqualSigned
  /// Bits of `a`: shifted left by `immediate.left`, which drops what is above, then right, which drops what is below.
  case extractUnsigned, extractSigned
  /// Bits of the two-word value `b:a` from bit `immediate.right`, cut to 64 - `immediate.left` bits.
  case funnel
  /// `a` with the extracted bits of `b` added where `a` has zeros.
  case insert
  // By any amount; the left shift is cut as the sums are.
  case shiftLeftUnsigned, shiftLeftSigned, shiftRightUnsigned, shiftRightSigned
  case parity
  /// `a != 0 ? b : c`.
  case select
  /// Entry `a` of the table that begins at `b` and whose last entry is number `c`, which also stands for all beyond.
  case choose
  /// Word number `c` of what memory `b` holds at address `a`.
  case load
}

struct Instruction: Hashable {
  var destination: UInt32
  var a: UInt32
  var b: UInt32
  /// The third operand of `select`, `choose` and `load`; an immediate for everything else.
  var c: UInt32
}

/// Two shift counts in one operand.
struct Shifts {
  let packed: UInt32
  init(packed: UInt32) { self.packed = packed }
  init(left: Int, right: Int) { packed = UInt32(truncatingIfNeeded: left | right << 8) }
  @inline(__always) var left: UInt64 { UInt64(packed & 0xFF) }
  @inline(__always) var right: UInt64 { UInt64(packed >> 8) }
}

extension Opcode {
  /// The result of every operation but `select` and `choose`, which read more than two words, and `load`, which reads a memory.
  ///
  /// Inlined with a constant operation, the switch vanishes: the engine's loops and constant folding
  /// share this one definition.
  @inline(__always) func result(_ a: UInt64, _ b: UInt64, _ immediate: UInt32) -> UInt64 {
    @inline(__always) func signed(_ word: UInt64) -> Int64 { Int64(bitPattern: word) }
    @inline(__always) func cutUnsigned(_ word: UInt64) -> UInt64 { (word &<< UInt64(immediate)) &>> UInt64(immediate) }
    @inline(__always) func cutSigned(_ word: UInt64) -> UInt64 {
      UInt64(bitPattern: signed(word &<< UInt64(immediate)) &>> Int64(immediate))
    }
    let shifts = Shifts(packed: immediate)
    switch self {
    case .move, .select, .choose, .load: return a
    case .add: return a &+ b
    case .subtract: return a &- b
    case .multiply: return a &* b
    case .addUnsigned: return cutUnsigned(a &+ b)
    case .addSigned: return cutSigned(a &+ b)
    case .subtractUnsigned: return cutUnsigned(a &- b)
    case .subtractSigned: return cutSigned(a &- b)
    case .multiplyUnsigned: return cutUnsigned(a &* b)
    case .multiplySigned: return cutSigned(a &* b)
    case .multiplyHighUnsigned: return a.multipliedFullWidth(by: b).high
    case .multiplyHighSigned: return UInt64(bitPattern: signed(a).multipliedFullWidth(by: signed(b)).high)
    case .and: return a & b
    case .or: return a | b
    case .xor: return a ^ b
    case .equal: return a == b ? 1 : 0
    case .notEqual: return a != b ? 1 : 0
    case .lessUnsigned: return a < b ? 1 : 0
    case .lessSigned: return signed(a) < signed(b) ? 1 : 0
    case .lessOrEqualUnsigned: return a <= b ? 1 : 0
    case .lessOrEqualSigned: return signed(a) <= signed(b) ? 1 : 0
    case .extractUnsigned: return (a &<< shifts.left) &>> shifts.right
    case .extractSigned: return UInt64(bitPattern: signed(a &<< shifts.left) &>> Int64(bitPattern: shifts.right))
    case .funnel: return (((a &>> shifts.right) | (b &<< (64 &- shifts.right))) &<< shifts.left) &>> shifts.left
    case .insert: return a | ((b &<< shifts.left) &>> shifts.right)
    case .shiftLeftUnsigned: return b < 64 ? cutUnsigned(a &<< b) : 0
    case .shiftLeftSigned: return b < 64 ? cutSigned(a &<< b) : 0
    case .shiftRightUnsigned: return b < 64 ? a &>> b : 0
    case .shiftRightSigned: return UInt64(bitPattern: signed(a) &>> Int64(bitPattern: b < 64 ? b : 63))
    case .parity: return UInt64(a.nonzeroBitCount & 1)
    }
  }
}
