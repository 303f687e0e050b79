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
  /// Wait, then do what the command says. The number is that of a step, or the checksum of `halt`; what follows it in `run` is 0
  /// everywhere else.
  case command(Command, Int, after: Int = 0)

  /// Starts feeder and array, and the post unit once it is done with the layer before.
  /// - Parameters:
  ///   - step: the number that the trace port shows.
  ///   - after: not before so many cycles after the array's last step, 1...`maximumAfter`; 0: once all engines are idle.
  public static func run(step: Int, after: Int = 0) -> Instruction { .command(.run, step, after: after) }
  /// Starts the scalar unit's softmax: `rows` rows of `columns` bytes.
  public static func softmax(step: Int) -> Instruction { .command(.softmax, step) }
  /// Starts the scalar unit's addition: the bytes at `input.base` and those at `residual.base`, or constants.
  public static func add(step: Int) -> Instruction { .command(.add, step) }
  /// Starts the scalar unit's operation on int16: the rows at `input.base` and, for a sum or a product, those at `residual.base`.
  public static func int16(step: Int) -> Instruction { .command(.int16, step) }
  /// Raises done, if the checksum is that of all words before (`ProgramChecksum`).
  public static func halt(checksum: Int) -> Instruction { .command(.halt, checksum) }

  /// Steps are numbered in as many bits on the trace port.
  public static let maximumStep = 1 << Command.stepBits - 1
  /// The most cycles that `run` can say; whoever would need more waits for all engines.
  public static let maximumAfter = 1 << Command.afterBits - 1

  private var opcode: Int {
    switch self {
    case .set(let field, _): field.number
    case .command(let command, _, _): command.rawValue
    }
  }
  private var operand: (value: Int, bits: Int, fits: Bool) {
    switch self {
    case .set(let field, let value): (value, field.width, field.range.contains(value))
    case .command(.run, let step, let after):
      (
        after << Command.stepBits | step, Command.run.operand.bits,
        (0...Self.maximumStep).contains(step) && (0...Self.maximumAfter).contains(after)
      )
    case .command(let command, let number, let after):
      (number, command.operand.bits, (0...1 << command.operand.bits - 1).contains(number) && after == 0)
    }
  }

  /// The encoded word; a value that does not fit (`isEncodable`) loses its upper bits.
  public var word: UInt32 {
    UInt32(opcode) << 24 | UInt32(truncatingIfNeeded: operand.value) & UInt32(1 << operand.bits - 1)
  }

  /// Whether the operand fits its field.
  public var isEncodable: Bool { operand.fits }

  /// Decodes a word; nil when the opcode is unknown or bits outside the operand's field are set.
  public init?(word: UInt32) {
    let opcode = Int(word >> 24), operand = Int(word & 0xFF_FFFF)
    if let field = LayerField(number: opcode) {
      let isNegative = field.isSigned && operand >> (field.width - 1) & 1 == 1
      guard operand >> field.width == 0 else { return nil }
      self = .set(field, isNegative ? operand - 1 << field.width : operand)
    } else if let command = Command(rawValue: opcode), operand >> command.operand.bits == 0 {
      self = command == .run
        ? .run(step: operand & Self.maximumStep, after: operand >> Command.stepBits) : .command(command, operand)
    } else {
      return nil
    }
  }

  /// The line of assembly, `set input.base, 4096`, `run 3` or, with what it waits for, `run 3, 8`.
  public var assembly: String {
    switch self {
    case .set(let field, let value): "set \(field.assemblyName), \(value)"
    case .command(let command, let number, let after): "\(command.name) \(number)" + (after == 0 ? "" : ", \(after)")
    }
  }

  /// Reads a line of assembly; `;` starts a comment. Nil when the line is not an instruction that fits.
  public init?(assembly line: String) {
    let code = line.split(separator: ";", maxSplits: 1, omittingEmptySubsequences: false)[0]
    let words = code.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "\t" }).map(String.init)
    if words.count == 3, words[0] == "set", let field = LayerField(assemblyName: words[1]), let value = Int(words[2]) {
      self = .set(field, value)
    } else if let command = words.first.flatMap(Command.init(name:)), let numbers = Self.numbers(words.dropFirst()),
      numbers.count == 1 || (numbers.count == 2 && command == .run)
    {
      self = .command(command, numbers[0], after: numbers.dropFirst().first ?? 0)
    } else {
      return nil
    }
    guard isEncodable else { return nil }
  }

  private static func numbers(_ words: some Sequence<String>) -> [Int]? {
    var numbers: [Int] = []
    for word in words {
      guard let number = Int(word) else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}
