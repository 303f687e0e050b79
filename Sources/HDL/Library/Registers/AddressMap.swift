/// What software sees of a piece of hardware: registers with fields, and windows onto memories.
///
/// A map is a plain value. From one map come the registers themselves (`RegisterBlock`), the C header
/// (`cHeader`) and the reference page (`markdown`), so that they cannot disagree:
///
///     enum Timer {
///       static let enable = Field<Bit>("enable", 0, .readWrite, "counts while set")
///       static let limit = Field<Unsigned>("limit", 0..<16, .readWrite, reset: 999, "last value of the count")
///       static let expired = Field<Bit>("expired", 0, .writeOneToClear, "the count reached the limit")
///       static let map = AddressMap("timer", "A timer.", registers: [
///         ControlRegister("control", at: 0x0, "what to do", [enable]),
///         ControlRegister("period", at: 0x4, "how long", [limit]),
///         ControlRegister("status", at: 0x8, "what happened", [expired]),
///       ])
///     }
public struct AddressMap: Hashable, Sendable {
  /// In lower snake or camel case; prefix of everything in the C header.
  public let name: String
  /// One sentence.
  public let summary: String
  /// Bits of a word: 8, 16, 32 or 64.
  public let dataWidth: Int
  public let registers: [ControlRegister]
  public let windows: [AddressWindow]

  public init(_ name: String, _ summary: String, dataWidth: Int = 32, registers: [ControlRegister], windows: [AddressWindow] = []) {
    self.name = name
    self.summary = summary
    self.dataWidth = dataWidth
    self.registers = registers
    self.windows = windows
  }
  /// Bytes of a word.
  public var wordBytes: Int { max(1, dataWidth / 8) }
  /// Bits of a byte address that reach everything in the map: at least one more than number the bytes of a word.
  public var addressWidth: Int {
    let ends = registers.map { $0.address + wordBytes } + windows.map { $0.address + $0.bytes }
    // One word alone has an address, too, so that there is always one to look at.
    return max(indexBits(max(1, ends.max() ?? 1)), wordBytes.trailingZeroBitCount + 1)
  }
}

/// One word of control bits.
public struct ControlRegister: Hashable, Sendable {
  public let name: String
  /// Byte address.
  public let address: Int
  public let summary: String
  public let fields: [FieldDescription]

  public init(_ name: String, at address: Int, _ summary: String, _ fields: [any MapField]) {
    self.name = name
    self.address = address
    self.summary = summary
    self.fields = fields.map(\.description)
  }
}

/// A range of addresses that belongs to something else: a memory, or another map.
public struct AddressWindow: Hashable, Sendable {
  public let name: String
  /// Byte address of the first byte, a multiple of `bytes`.
  public let address: Int
  /// A power of two.
  public let bytes: Int
  public let summary: String

  public init(_ name: String, at address: Int, bytes: Int, _ summary: String) {
    self.name = name
    self.address = address
    self.bytes = bytes
    self.summary = summary
  }
}

/// Who may do what with a field.
public enum FieldAccess: String, Hashable, Sendable, CaseIterable {
  /// Hardware drives it.
  case readOnly = "RO"
  /// Always its reset value: an identity, a version.
  case constant = "constant"
  /// Software writes it and reads it back.
  case readWrite = "RW"
  /// Software writes it; it reads as zero.
  case writeOnly = "WO"
  /// Hardware sets bits; software clears those to which it writes 1. A bit that is set and cleared at once is set.
  case writeOneToClear = "W1C"
  /// Writing 1 gives hardware a pulse of one cycle; it reads as zero.
  case pulse = "W1P"
  /// Counts the cycles in which hardware says so, up to the greatest value; any write clears it.
  case counter = "counter"
}

/// A field without its type, as maps keep it.
public struct FieldDescription: Hashable, Sendable {
  public let name: String
  /// Its place in the register.
  public let bits: Range<Int>
  public let access: FieldAccess
  /// The value after reset, as a bit pattern.
  public let reset: Int
  public let summary: String
  /// Names for some or all values.
  public let values: [NamedValue]
  public let isSigned: Bool

  /// The name of a value of a field.
  public struct NamedValue: Hashable, Sendable {
    public let name: String
    public let value: Int
    public init(_ name: String, _ value: Int) {
      self.name = name
      self.value = value
    }
  }
}

/// A field whatever its type.
public protocol MapField: Sendable {
  var description: FieldDescription { get }
}

/// A field of a register: the handle by which the description and the hardware speak of it.
public struct Field<T: Value>: MapField, Hashable {
  public let description: FieldDescription
}

extension Field where T == Bit {
  /// One bit.
  public init(_ name: String, _ bit: Int, _ access: FieldAccess, reset: Bool = false, _ summary: String) {
    description = FieldDescription(
      name: name, bits: bit..<bit + 1, access: access, reset: reset ? 1 : 0, summary: summary, values: [], isSigned: false)
  }
}

extension Field where T: Number {
  /// Several bits; of a `Signed` field, `reset` and values may be negative.
  public init(_ name: String, _ bits: Range<Int>, _ access: FieldAccess, reset: Int = 0, _ summary: String, values: [FieldDescription.NamedValue] = []) {
    let isSigned = T.shape(1).isSigned
    // A negative number that fits is kept as its pattern.
    func pattern(_ value: Int) -> Int {
      isSigned && !bits.isEmpty && bits.count < Int.bitWidth && value < 0 && value >= -(1 << (bits.count - 1)) ? value + (1 << bits.count) : value
    }
    description = FieldDescription(
      name: name, bits: bits, access: access, reset: pattern(reset), summary: summary,
      values: values.map { .init($0.name, pattern($0.value)) }, isSigned: isSigned)
  }
  /// Several bits whose values are the cases of an enum.
  public init<Values: HardwareState>(_ name: String, _ bits: Range<Int>, _ access: FieldAccess, reset: Values, _ summary: String) {
    let values = Values.allCases.map { FieldDescription.NamedValue("\($0)", $0.rawValue) }
    self.init(name, bits, access, reset: reset.rawValue, summary, values: values)
  }
}
