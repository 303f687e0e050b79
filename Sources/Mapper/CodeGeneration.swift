// From placed steps to program words.
//
// A step sets the registers whose value is not there already, then runs.

import Machine
import Model

/// A program under construction.
struct CodeGeneration {
  private(set) var program: [ProgramLine] = []
  /// Program words of each step, its `run` included.
  private(set) var stepWords: [Int] = []
  /// The machine's staged registers; all zero at the start.
  private var staged = [Int](repeating: 0, count: LayerRegister.allCases.count)

  /// Adds a step.
  mutating func add(_ registers: RegisterFile, unit: StepUnit, index: Int, comment: String, notes: [LayerRegister: String]) {
    let before = program.count
    for register in LayerRegister.allCases {
      guard let value = registers.assigned(register), value != staged[register.rawValue] else { continue }
      staged[register.rawValue] = value
      program.append(ProgramLine(instruction: .set(register, value), comment: notes[register] ?? ""))
    }
    let instruction: Instruction =
      switch unit {
      case .array: .run(step: index)
      case .softmax: .softmax(step: index)
      case .addition: .add(step: index)
      }
    program.append(ProgramLine(instruction: instruction, comment: comment))
    stepWords.append(program.count - before)
  }

  /// Ends the program with a `halt` that knows its checksum.
  mutating func finish() {
    let checksum = ProgramChecksum(of: program.map(\.instruction.word))
    program.append(ProgramLine(instruction: .halt(checksum: checksum.value), comment: ""))
  }
}
