// Why the accelerator stopped: one code for every kind of fault that it finds by itself.
//
// A run ends well or in an error, never in both. What a program does beyond a memory is not done, or does not reach the
// memory any more; the table of faults in docs/registers.md is made from here.

extension RegisterMap {
  /// The reason in the `error` register; beside it stands the place.
  public enum ErrorCode: Int, CaseIterable, Sendable {
    case none = 0
    /// The word is no instruction of this hardware, or begins a layer without rows, columns, channels or the like.
    case illegalInstruction
    /// The program ran past its memory without `halt`.
    case programOverrun
    /// A write beyond the feature memory; it was not done.
    case writeOutOfRange
    /// Nothing moved for 65,536 cycles.
    case timeout
    /// The checksum in `halt` is not that of the words before it.
    case programCorrupt
    /// The run took more cycles than the `limit` register allows.
    case runLimit
    /// A read beyond the feature memory, of input or of the second operand.
    case featureReadOutOfRange
    /// A weight word beyond the weight memory.
    case weightOutOfRange
    /// A parameter entry beyond the parameter memory.
    case parameterOutOfRange
    /// A table that the hardware does not have.
    case tableOutOfRange

    public var summary: String {
      switch self {
      case .none: "no error"
      case .illegalInstruction: "illegal program word or empty layer"
      case .programOverrun: "program ended without halt"
      case .writeOutOfRange: "write beyond the feature memory"
      case .timeout: "no progress for 65,536 cycles"
      case .programCorrupt: "the program's checksum is wrong"
      case .runLimit: "the run took longer than its limit"
      case .featureReadOutOfRange: "read beyond the feature memory"
      case .weightOutOfRange: "read beyond the weight memory"
      case .parameterOutOfRange: "read beyond the parameter memory"
      case .tableOutOfRange: "a table that does not exist"
      }
    }

    /// What the place beside the code counts.
    public var place: String {
      switch self {
      case .none: "0"
      case .illegalInstruction: "the program word"
      case .programOverrun: "the last program word"
      case .writeOutOfRange: "the byte address of the write"
      case .timeout, .runLimit: "the program word that waits"
      case .programCorrupt: "the program word, a `halt`"
      case .featureReadOutOfRange: "the byte address of the first byte read"
      case .weightOutOfRange: "the weight word"
      case .parameterOutOfRange: "the entry of Q parameter words"
      case .tableOutOfRange: "the table"
      }
    }
  }
}
