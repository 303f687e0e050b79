// The instruction set: fixed 32-bit words, an opcode or field number above a 24-bit operand.
//
//   31      24 23                     0
//   | opcode  | operand                |
//
// Opcodes below 0x80 set the layer field of that number. The rest are commands. Control is data: there is
// no branch, a program is a straight list from the first word to `halt`.

/// One program word.
public enum Instruction: Hashable, Sendable {
  /// Write `value` into the staged copy of a layer field.
  case set(LayerField, Int)
  /// Wait until the engines are idle, then do what the command says.
  case command(Command, Int)

  /// Starts array, feeder and post unit; `step` is the number the trace port shows.
  public static func run(step: Int) -> Instruction { .command(.run, step) }
  /// Starts the scalar unit's softmax: `rows` rows of `columns` bytes.
  public static func softmax(step: Int) -> Instruction { .command(.softmax, step) }
  /// Starts the scalar unit's addition: the bytes at `input.base` and those at `residual.base`, or constants.
  public static func add(step: Int) -> Instruction { .command(.add, step) }
  /// Raises done, if the checksum is that of all words before (`ProgramChecksum`).
  public static func halt(checksum: Int) -> Instruction { .command(.halt, checksum) }

  /// Steps are numbered in as many bits on the trace port.
  public static let maximumStep = 1 << Command.run.operand.bits - 1

  private var opcode: Int {
    switch self {
    case .set(let field, _): field.number
    case .command(let command, _): command.rawValue
    }
  }
  private var operand: (value: Int, bits: Int, range: ClosedRange<Int>) {
    switch self {
    case .set(let field, let value): (value, field.width, field.range)
    case .command(let command, let value): (value, command.operand.bits, 0...1 << command.operand.bits - 1)
    }
  }

  /// The encoded word; a value that does not fit (`isEncodable`) loses its upper bits.
  public var word: UInt32 {
    UInt32(opcode) << 24 | UInt32(truncatingIfNeeded: operand.value) & UInt32(1 << operand.bits - 1)
  }

  /// Whether the operand fits its field.
  public var isEncodable: Bool { operand.range.contains(operand.value) }

  /// Decodes a word; nil when the opcode is unknown or bits outside the operand's field are set.
  public init?(word: UInt32) {
    let opcode = Int(word >> 24), operand = Int(word & 0xFF_FFFF)
    if let field = LayerField(number: opcode) {
      let isNegative = field.isSigned && operand >> (field.width - 1) & 1 == 1
      guard operand >> field.width == 0 else { return nil }
      self = .set(field, isNegative ? operand - 1 << field.width : operand)
    } else if let command = Command(rawValue: opcode), operand >> command.operand.bits == 0 {
      self = .command(command, operand)
    } else {
      return nil
    }
  }

  /// The line of assembly, `set input.base, 4096` or `run 3`.
  public var assembly: String {
    switch self {
    case .set(let field, let value): "set \(field.assemblyName), \(value)"
    case .command(let command, let operand): "\(command.name) \(operand)"
    }
  }

  /// Reads a line of assembly; `;` starts a comment. Nil when the line is not an instruction that fits.
  public init?(assembly line: String) {
    let code = line.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)[0]
    let words = code.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "\t" }).map(String.init)
    if words.count == 3, words[0] == "set", let field = LayerField(assemblyName: words[1]), let value = Int(words[2]) {
      self = .set(field, value)
    } else if words.count == 2, let command = Command(name: words[0]), let operand = Int(words[1]) {
      self = .command(command, operand)
    } else {
      return nil
    }
    guard isEncodable else { return nil }
  }
}
