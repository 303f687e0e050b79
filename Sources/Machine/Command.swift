// The commands: instructions that do something, where the others set a field.
//
// One row each: opcode, word in assembly, what its operand is, and its meaning. Encoder, assembler, disassembler,
// sequencer and the reference page read them here.

/// A command, by its opcode. Opcodes below 0x80 set the layer field of that number.
public enum Command: Int, CaseIterable, Sendable {
  case run = 0x80, softmax, add, int16
  case halt = 0x8F

  /// What the operand says.
  public struct Operand: Sendable, Hashable {
    /// In the reference page's assembly, `STEP`.
    public var name: String
    /// Bits, counted from bit 0 of the word.
    public var bits: Int
  }
  private var row: (name: String, operand: Operand, summary: String) {
    switch self {
    case .run:
      (
        "run", Operand(name: "STEP, AFTER", bits: Self.stepBits + Self.afterBits),
        "wait until AFTER cycles behind the last step of the array, or with 0 for all engines; take over the staged registers, "
          + "start feeder and array, and the post unit once it is done with the layer before"
      )
    case .softmax: ("softmax", Self.step, "wait for the engines, take over the staged registers, start the scalar unit's softmax")
    case .add: ("add", Self.step, "the same for the scalar unit's addition")
    case .int16: ("int16", Self.step, "the same for what the scalar unit does with rows of int16")
    case .halt:
      ("halt", Operand(name: "CHECKSUM", bits: ProgramChecksum.bits), "wait for the engines and raise done; a wrong checksum is an error")
    }
  }
  private static let step = Operand(name: "STEP", bits: stepBits)
  /// Bits of a step's number.
  public static let stepBits = 16
  /// Bits above it in `run`: how many cycles after the last step of the array it may begin; 0: not before all engines are idle.
  public static let afterBits = 8

  /// The word in assembly.
  public var name: String { row.name }
  public var operand: Operand { row.operand }
  /// One line for the reference page.
  public var summary: String { row.summary }
  /// Whether it starts a layer, whose number the operand says.
  public var startsLayer: Bool { self != .halt }
  /// Whether the scalar unit carries it out.
  public var isScalar: Bool { [.softmax, .add, .int16].contains(self) }

  /// The command of a word of assembly, or nil.
  public init?(name: String) {
    guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = match
  }
}
