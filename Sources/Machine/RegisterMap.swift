// What a host sees: a 28-bit AXI4-Lite address space of control registers and memory windows.
//
// Bits 27...24 of the address choose the region. Region 0 holds the registers below, the others are windows
// on the memories. Windows may be written, and the feature window read, only while the accelerator is idle and inside
// the memory; otherwise the access answers SLVERR and changes nothing. Byte lanes are fixed, as AXI has them: the two low
// address bits say nothing, strobe i writes byte i of the word, in windows as in registers.
//
// This is the one description: the hardware's registers, the driver's header and the reference page are made from
// `RegisterMap.addressMap`.

import HDL

/// The host's view of the accelerator.
public enum RegisterMap {
  /// A hash over registers, windows, instructions and parameter words: another one whenever they change.
  public static let version = Int(MachineVersion.number)
  /// "WEFT", most significant byte first.
  public static let identity: UInt32 = 0x5745_4654
  public static let addressBits = 28

  /// Windows, by the value of address bits 27...24.
  public enum Region: Int, CaseIterable, Sendable {
    case registers = 0, program, weights, parameters, features, scalarTables, byteTables

    /// Bytes from one region to the next.
    public static let windowBytes = 1 << 24
    /// Byte address of the region's first byte.
    public var base: Int { rawValue * Self.windowBytes }
    /// What lies where in it.
    public var summary: String {
      switch self {
      case .registers: "control registers"
      case .program: "program memory: word i at 4·i"
      case .weights: "weight memory: byte j of word i at N·C·i + j"
      case .parameters: "parameter memory: 32-bit word w (0...2) of lane q of entry e at 16·(Q·e + q) + 4·w; the fourth word of each lane does not exist: a write to it comes to nothing"
      case .features: "feature memory: byte i at i; the only window that can be read"
      case .scalarTables: "tables of the scalar unit: word i of table t at 4·(256·t + i)"
      case .byteTables: "byte tables of the post unit: byte i of table t at 256·t + i"
      }
    }
  }

  /// Control registers, 32 bits each, in order of address from 0 in steps of 4.
  public enum Register: Int, CaseIterable, Sendable {
    case identity, version, fingerprint, array
    case control, status, error, interruptEnable
    case interruptStatus, cyclesLow, cyclesHigh, stalls
    case featureBytes, weightBytes, parameterChannels, programWords
    case limit

    /// Byte address.
    public var address: Int { rawValue * 4 }
    /// The word's name in messages and manifests, `CYCLES_LOW`.
    public var name: String { "\(self)".map { $0.isUppercase ? "_\($0)" : $0.uppercased() }.joined() }
    public var summary: String {
      switch self {
      case .identity: "tells that this is a Weft accelerator"
      case .version: "version of registers, windows and instructions"
      case .fingerprint: "a program is for one fingerprint"
      case .array: "the shape of the hardware"
      case .control: "what to do"
      case .status: "what is going on"
      case .error: "why the accelerator stopped"
      case .interruptEnable: "which events raise the interrupt"
      case .interruptStatus: "which events have happened"
      case .cyclesLow: "clock cycles of the last run from start to done"
      case .cyclesHigh: "the same, upper half"
      case .stalls: "cycles of the last run in which the array waited"
      case .featureBytes: "size of the feature memory"
      case .weightBytes: "size of the window on the weight memory"
      case .parameterChannels: "size of the parameter memory"
      case .programWords: "size of the program memory"
      case .limit: "the longest that a program may run"
      }
    }
  }

  // MARK: fields that hardware and host share

  public static let start = Field<Bit>("start", 0, .pulse, "start the program, unless one runs or `reset` is written with it")
  public static let reset = Field<Bit>("reset", 1, .pulse, "stop everything and clear status and error; memories, settings and events that were raised before stay")
  public static let busy = Field<Bit>("busy", 0, .readOnly, "a program runs")
  public static let done = Field<Bit>("done", 1, .readOnly, "the last program has ended")
  public static let failed = Field<Bit>("error", 2, .readOnly, "the last program was stopped by an error")
  public static let programCheck = Field<Bit>("programCheck", 3, .constant, reset: true, "programs are checked against the checksum in their `halt`")
  public static let limit = Field<Unsigned>("cycles", 0..<32, .readWrite, reset: 0xFFFF_FFFF, "clock cycles after which a run ends in an error; 0: never")
  public static let errorCode = Field<Unsigned>("code", 0..<8, .readOnly, "the reason", values: ErrorCode.allCases.map { .init("\($0)", $0.rawValue) })
  public static let errorPlace = Field<Unsigned>("place", 8..<32, .readOnly, "where it happened: `docs/registers.md` says for each code what is counted")
  public static let interruptOnDone = Field<Bit>("done", 0, .readWrite, "interrupt when a program has ended")
  public static let interruptOnError = Field<Bit>("error", 1, .readWrite, "interrupt when an error has stopped a program")
  public static let doneHappened = Field<Bit>("done", 0, .writeOneToClear, "a program has ended")
  public static let errorHappened = Field<Bit>("error", 1, .writeOneToClear, "an error has stopped a program")
  public static let cyclesLow = Field<Unsigned>("count", 0..<32, .readOnly, "bits 31...0")
  public static let cyclesHigh = Field<Unsigned>("count", 0..<32, .readOnly, "bits 63...32")
  public static let stalls = Field<Unsigned>("count", 0..<32, .readOnly, "waits for data or for the post unit")

  /// Bits of the status register, as a host reads them.
  public static let statusBusy = 1, statusDone = 2, statusError = 4, statusProgramCheck = 8
  /// The word that starts a program.
  public static let controlStart = 1, controlReset = 2

  // MARK: the map

  /// The address map of accelerators in general, or with the constants of one.
  public static func addressMap(of hardware: Hardware? = nil) -> AddressMap {
    AddressMap(
      "weft", "Registers and memory windows of a Weft accelerator.",
      registers: Register.allCases.map { $0.definition(of: hardware) },
      windows: Region.allCases.filter { $0 != .registers }.map(window))
  }

  /// The window on a memory.
  public static func window(_ region: Region) -> AddressWindow {
    AddressWindow("\(region)", at: region.base, bytes: Region.windowBytes, region.summary)
  }
}

extension RegisterMap.Register {
  /// The register with its fields, in general or with the constants of one accelerator.
  func definition(of hardware: Hardware?) -> ControlRegister { ControlRegister("\(self)", at: address, summary, fields(of: hardware)) }

  private func fields(of hardware: Hardware?) -> [any MapField] {
    func constant(_ name: String, _ bits: Range<Int>, _ value: Int?, _ summary: String) -> Field<Unsigned> {
      Field(name, bits, value == nil ? .readOnly : .constant, reset: value ?? 0, summary)
    }
    let c = hardware?.configuration
    return switch self {
    case .identity: [constant("magic", 0..<32, Int(RegisterMap.identity), "\"WEFT\"")]
    case .version: [constant("number", 0..<32, RegisterMap.version, "hash over registers, windows, instructions and parameter words")]
    case .fingerprint: [constant("hash", 0..<32, hardware.map { Int($0.fingerprint) }, "of everything in the hardware that a program depends on")]
    case .array:
      [
        constant("pixels", 0..<8, c?.pixels, "P"), constant("channels", 8..<16, c?.channels, "K"),
        constant("dotProduct", 16..<24, c?.dotProduct, "C"), constant("postLanes", 24..<32, c?.postLanes, "Q"),
      ]
    case .control: [RegisterMap.start, RegisterMap.reset]
    case .status: [RegisterMap.busy, RegisterMap.done, RegisterMap.failed, RegisterMap.programCheck]
    case .error: [RegisterMap.errorCode, RegisterMap.errorPlace]
    case .interruptEnable: [RegisterMap.interruptOnDone, RegisterMap.interruptOnError]
    case .interruptStatus: [RegisterMap.doneHappened, RegisterMap.errorHappened]
    case .cyclesLow: [RegisterMap.cyclesLow]
    case .cyclesHigh: [RegisterMap.cyclesHigh]
    case .stalls: [RegisterMap.stalls]
    case .featureBytes: [constant("bytes", 0..<32, hardware?.featureBytes, "bytes")]
    case .weightBytes: [constant("bytes", 0..<32, hardware?.weightWindowBytes, "bytes")]
    case .parameterChannels: [constant("channels", 0..<32, hardware.map { $0.parameterEntries * $0.configuration.postLanes }, "output channels")]
    case .programWords: [constant("words", 0..<32, hardware?.programWords, "words")]
    case .limit: [RegisterMap.limit]
    }
  }
}
