// The instruction set as a page for people, `docs/instructions.md`, from the tables of commands and fields.

/// The instruction set as a Markdown page.
public func instructionReference() -> String {
  func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
  var text = """
    # The instruction set
    A program is a list of 32-bit words, executed in order from the first to `halt`: an opcode in bits 31...24, an operand
    below. `docs/core.md` says what the registers steer.

    | Opcode | Assembly | Meaning |
    |---|---|---|
    | `0x00`...`\(hexadecimalByte(LayerField.all.count - 1))` | `set REGISTER, VALUE` | write the staged copy of the layer register with that number |

    """
  for command in Command.allCases {
    text += "| `\(hexadecimalByte(command.rawValue))` | `\(command.name) \(command.operand.name)` | \(command.summary) |\n"
  }
  text += """

    STEP, \(Command.stepBits) bits, is the number that the trace port shows. AFTER, the \(Command.afterBits) bits above, may be left out
    where it is 0; what makes it long enough is the compiler's to know (`docs/mapper.md`). CHECKSUM is the CRC-24 of all words before: polynomial 0x864CFB,
    initial value 0xB704CE, each word most significant bit first. A word whose operand has bits above its field is no
    instruction, nor is one that sets a flag of `layer.mode` for a unit that the hardware does not have.

    ## Layer registers
    A program starts with the values in the column Start.

    | Number | Name | Bits | Start | Meaning |
    |---|---|---|---|---|

    """
  for field in LayerField.all {
    text += "| `\(hexadecimalByte(field.number))` | `\(field.assemblyName)` | \(field.width)\(field.isSigned ? ", signed" : "") | \(field.start) | \(cell(field.summary)) |\n"
  }
  text += """

    ## Flags of `layer.mode`
    | Bit | Flag | Meaning |
    |---|---|---|

    """
  for flag in LayerMode.Flag.allCases { text += "| \(flag.rawValue) | \(flag.name) | \(cell(flag.summary)) |\n" }
  return text
}

private func hexadecimalByte(_ value: Int) -> String { (value < 16 ? "0x0" : "0x") + String(value, radix: 16, uppercase: true) }
