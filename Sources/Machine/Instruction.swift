// The instruction set: fixed 32-bit words, an opcode or register number above a 24-bit operand.
//
//   31      24 23                     0
//   | opcode  | operand                |
//
// Opcodes below 0x80 set the layer register of that number. The rest are commands. Control is data: there is
// no branch, a program is a straight list from the first word to `halt`.

/// One program word.
public enum Instruction: Hashable, Sendable {
  /// Write `value` into the staged copy of a layer register.
  case set(LayerRegister, Int)
  /// Wait until the engines are idle, take over the staged registers, start array, feeder and post unit.
  /// `step` is the number the trace port shows.
  case run(step: Int)
  /// The same for the scalar unit's softmax: `rows` rows of `columns` bytes from `inputBase` to `outputBase`.
  case softmax(step: Int)
  /// The same for the scalar unit's addition: the bytes at `inputBase` and those at `residualBase`, or constants.
  case add(step: Int)
  /// Wait until the engines are idle and raise done, if the checksum is that of all words before (`ProgramChecksum`).
  case halt(checksum: Int)

  public static let runOpcode = 0x80, softmaxOpcode = 0x81, addOpcode = 0x82, haltOpcode = 0x8F
  /// Steps are numbered in 16 bits on the trace port.
  public static let maximumStep = 0xFFFF

  /// The encoded word. A value outside its register's range is a defect of the code generator and is masked
  /// by the encoder only after `isEncodable` was asserted by `Program`.
  public var word: UInt32 {
    switch self {
    case .set(let register, let value):
      UInt32(register.rawValue) << 24 | UInt32(truncatingIfNeeded: value) & ((1 << UInt32(register.width)) - 1)
    case .run(let step): UInt32(Self.runOpcode) << 24 | UInt32(truncatingIfNeeded: step) & 0xFFFF
    case .softmax(let step): UInt32(Self.softmaxOpcode) << 24 | UInt32(truncatingIfNeeded: step) & 0xFFFF
    case .add(let step): UInt32(Self.addOpcode) << 24 | UInt32(truncatingIfNeeded: step) & 0xFFFF
    case .halt(let checksum): UInt32(Self.haltOpcode) << 24 | UInt32(truncatingIfNeeded: checksum) & 0xFF_FFFF
    }
  }

  /// Whether the operand fits its field.
  public var isEncodable: Bool {
    switch self {
    case .set(let register, let value): register.range.contains(value)
    case .run(let step), .softmax(let step), .add(let step): (0...Self.maximumStep).contains(step)
    case .halt(let checksum): (0..<1 << ProgramChecksum.bits).contains(checksum)
    }
  }

  /// Decodes a word; nil when the opcode is unknown or bits outside the operand's field are set.
  public init?(word: UInt32) {
    let opcode = Int(word >> 24), operand = Int(word & 0xFF_FFFF)
    switch opcode {
    case Self.runOpcode where operand <= Self.maximumStep: self = .run(step: operand)
    case Self.softmaxOpcode where operand <= Self.maximumStep: self = .softmax(step: operand)
    case Self.addOpcode where operand <= Self.maximumStep: self = .add(step: operand)
    case Self.haltOpcode: self = .halt(checksum: operand)
    default:
      guard let register = LayerRegister(rawValue: opcode), operand >> register.width == 0 else { return nil }
      let negative = register.isSigned && operand >> (register.width - 1) & 1 == 1
      self = .set(register, negative ? operand - (1 << register.width) : operand)
    }
  }

  /// The line of assembly, `set input.base, 4096` or `run 3`.
  public var assembly: String {
    switch self {
    case .set(let register, let value): "set \(register.assemblyName), \(value)"
    case .run(let step): "run \(step)"
    case .softmax(let step): "softmax \(step)"
    case .add(let step): "add \(step)"
    case .halt(let checksum): "halt \(checksum)"
    }
  }

  /// Reads a line of assembly; `;` starts a comment. Nil when the line is not an instruction that fits.
  public init?(assembly line: String) {
    let code = line.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)[0]
    let words = code.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "\t" }).map(String.init)
    switch (words.first, words.count) {
    case ("set", 3):
      guard let register = LayerRegister(assemblyName: words[1]), let value = Int(words[2]) else { return nil }
      self = .set(register, value)
    case ("run", 2): guard let step = Int(words[1]) else { return nil }; self = .run(step: step)
    case ("softmax", 2): guard let step = Int(words[1]) else { return nil }; self = .softmax(step: step)
    case ("add", 2): guard let step = Int(words[1]) else { return nil }; self = .add(step: step)
    case ("halt", 2): guard let checksum = Int(words[1]) else { return nil }; self = .halt(checksum: checksum)
    default: return nil
    }
    guard isEncodable else { return nil }
  }
}

/// The instruction set as a Markdown page.
public func instructionReference() -> String {
  func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
  var text = """
    # The instruction set
    A program is a list of 32-bit words, executed in order from the first to `halt`: an opcode in bits 31...24, an operand
    below. `docs/core.md` says what the registers steer.

    | Opcode | Assembly | Meaning |
    |---|---|---|
    | `0x00`...`\(hexadecimalByte(LayerRegister.allCases.count - 1))` | `set REGISTER, VALUE` | write the staged copy of the layer register with that number |
    | `\(hexadecimalByte(Instruction.runOpcode))` | `run STEP` | wait for the engines, take over the staged registers, start array, feeder and post unit |
    | `\(hexadecimalByte(Instruction.softmaxOpcode))` | `softmax STEP` | the same for the scalar unit's softmax |
    | `\(hexadecimalByte(Instruction.addOpcode))` | `add STEP` | the same for the scalar unit's addition |
    | `\(hexadecimalByte(Instruction.haltOpcode))` | `halt CHECKSUM` | wait for the engines and raise done; a wrong checksum is an error |

    STEP, 16 bits, is the number that the trace port shows. CHECKSUM is the CRC-24 of all words before: polynomial 0x864CFB,
    initial value 0xB704CE, each word most significant bit first. A word whose operand has bits above its field is no
    instruction, nor is one that sets a flag of `layer.mode` for a unit that the hardware does not have.

    ## Layer registers
    | Number | Name | Bits | Meaning |
    |---|---|---|---|

    """
  for register in LayerRegister.allCases {
    text += "| `\(hexadecimalByte(register.rawValue))` | `\(register.assemblyName)` | \(register.width)\(register.isSigned ? ", signed" : "") | \(cell(register.summary)) |\n"
  }
  return text
}

private func hexadecimalByte(_ value: Int) -> String { (value < 16 ? "0x0" : "0x") + String(value, radix: 16, uppercase: true) }
