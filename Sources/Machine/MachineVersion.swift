// The version of the machine: a hash over everything that programs, drivers and hardware must agree on.
//
// It follows from the tables of registers, windows, commands, fields and parameter words, so no table can change without it.
// What changes in meaning alone, with the same tables, raises `meaning` by hand.

/// What programs and drivers rely on, line by line, and its hash.
enum MachineVersion {
  /// Raised when registers, windows, fields, commands or parameter words mean something else under the same names and in the
  /// same bits.
  static let meaning = 4

  static let contract: [String] = {
    var lines = ["meaning \(meaning)"]
    for register in RegisterMap.Register.allCases {
      // The fields of this one register are the hash itself.
      let fields = register == .version ? [] : register.definition(of: nil).fields.map { "\($0.name) \($0.bits) \($0.access.rawValue)" }
      lines.append("register \(register) at \(register.address): \(fields.joined(separator: ", "))")
    }
    for region in RegisterMap.Region.allCases { lines.append("window \(region) at \(region.base)") }
    for code in RegisterMap.ErrorCode.allCases { lines.append("error \(code.rawValue) \(code)") }
    for command in Command.allCases { lines.append("command \(command.rawValue) \(command.name) \(command.operand.bits) bits") }
    for field in LayerField.all {
      lines.append("field \(field.number) \(field.assemblyName) \(field.width) bits\(field.isSigned ? ", signed" : ""), \(field.start) at the start")
    }
    for flag in LayerMode.Flag.allCases { lines.append("flag \(flag.rawValue) \(flag.name)") }
    let offsets = [
      ParameterWord.multiplierOffset, ParameterWord.shiftOffset, ParameterWord.shiftBits, ParameterWord.doubleRoundingOffset,
      ParameterWord.operandOffset, ParameterWord.bits,
    ]
    lines.append("parameters \(offsets)")
    return lines
  }()

  static func hash(_ lines: [String]) -> UInt32 {
    var hash = FNV1a()
    for line in lines { hash.add(line: line) }
    return hash.value
  }
  static let number = hash(contract)
}
