// What a host sees: a 28-bit AXI4-Lite address space of control registers and memory windows.
//
// Bits 27...24 of the address choose the region. Region 0 holds the registers below, the others are windows
// on the memories. Windows may be written, and the feature window read, only while the accelerator is idle;
// otherwise the access answers SLVERR.

/// The host's view of the accelerator.
public enum RegisterMap {
  /// Raised whenever registers, windows, instructions or parameter words change meaning.
  public static let version = 2
  /// "WEFT", most significant byte first.
  public static let identity: UInt32 = 0x5745_4654
  public static let addressBits = 28

  /// Windows, by the value of address bits 27...24.
  public enum Region: Int, CaseIterable, Sendable {
    /// Control registers.
    case registers = 0
    /// Program memory: word i at 4·i.
    case program = 1
    /// Weight memory: byte j of word i at N·C·i + j; 32-bit accesses.
    case weights = 2
    /// Parameter memory: 32-bit word w (0...2) of lane q of entry e at 16·(Q·e + q) + 4·w.
    case parameters = 3
    /// Feature memory, byte addressed.
    case features = 4
    /// Tables of the scalar unit: word i of table t at 4·(256·t + i).
    case scalarTables = 5
    /// Byte tables of the post unit: byte i of table t at 256·t + i; 32-bit accesses.
    case byteTables = 6
    /// Byte address of the region's first byte.
    public var base: Int { rawValue << 24 }
    /// C name.
    public var cName: String { upperSnakeCase("\(self)") }
  }

  /// How a register may be used.
  public enum Access: String, Sendable { case readOnly = "RO", writeOnly = "WO", readWrite = "RW", writeOneToClear = "W1C" }

  /// Control registers, 32 bits each, in order of address from 0 in steps of 4.
  public enum Register: Int, CaseIterable, Sendable {
    case identity, version, fingerprint, array
    case control, status, error, interruptEnable
    case interruptStatus, cyclesLow, cyclesHigh, stalls
    case featureBytes, weightBytes, parameterChannels, programWords

    /// Byte address.
    public var address: Int { rawValue * 4 }
    public var access: Access {
      switch self {
      case .control: .writeOnly
      case .interruptEnable: .readWrite
      case .interruptStatus: .writeOneToClear
      default: .readOnly
      }
    }
    /// C and assembly name.
    public var cName: String { upperSnakeCase("\(self)") }
    public var summary: String {
      switch self {
      case .identity: "\"WEFT\", 0x57454654"
      case .version: "version of registers, windows and instructions"
      case .fingerprint: "hash of the hardware configuration; a program is for one fingerprint"
      case .array: "P in bits 7...0, K in 15...8, C in 23...16, Q in 31...24"
      case .control: "bit 0: start the program; bit 1: reset (stops everything, keeps the memories)"
      case .status: "bit 0: busy; bit 1: done; bit 2: error"
      case .error: "bits 7...0: `ErrorCode`; bits 31...8: program word or byte address where it happened"
      case .interruptEnable: "bit 0: interrupt on done; bit 1: interrupt on error"
      case .interruptStatus: "bit 0: done; bit 1: error; write 1 to clear"
      case .cyclesLow: "clock cycles of the last run from start to done, bits 31...0"
      case .cyclesHigh: "the same, bits 63...32"
      case .stalls: "cycles of the last run in which the array waited for data or for the post unit"
      case .featureBytes: "size of the feature memory in bytes"
      case .weightBytes: "size of the weight memory in bytes"
      case .parameterChannels: "size of the parameter memory in output channels"
      case .programWords: "size of the program memory in words"
      }
    }
  }

  /// Bits of `Register.control`.
  public static let controlStart = 1, controlReset = 2
  /// Bits of `Register.status`.
  public static let statusBusy = 1, statusDone = 2, statusError = 4

  /// Why the accelerator stopped.
  public enum ErrorCode: Int, CaseIterable, Sendable {
    case none = 0
    /// The program word at the given address is no instruction of this hardware, or begins a layer without
    /// rows, columns, channels or the like.
    case illegalInstruction = 1
    /// The program ran past its memory without `halt`.
    case programOverrun = 2
    /// A write beyond the feature memory, at the given byte address, was not done.
    case addressOutOfRange = 3
    /// Nothing moved for 65,536 cycles.
    case timeout = 4

    public var summary: String {
      switch self {
      case .none: "no error"
      case .illegalInstruction: "illegal program word or empty layer"
      case .programOverrun: "program ended without halt"
      case .addressOutOfRange: "write beyond the feature memory"
      case .timeout: "no progress for 65,536 cycles"
      }
    }
  }
}

/// `cyclesLow` -> `CYCLES_LOW`.
private func upperSnakeCase(_ name: String) -> String {
  name.map { $0.isUppercase ? "_\($0)" : $0.uppercased() }.joined()
}
