// From placed steps to program words.
//
// A step sets the fields that its engines read, whose value matters and is not there already, then runs.

import Machine
import Model

/// A program under construction.
struct CodeGeneration {
  private(set) var program: [ProgramLine] = []
  /// What the machine's staged registers hold.
  private var staged = LayerFields.start

  /// Adds a step.
  /// - Parameter after: of `run`: how many cycles it waits after the array's last step; 0: for all engines.
  mutating func add(
    _ fields: LayerFields, _ command: Command, index: Int, after: Int = 0, comment: String, notes: [LayerField: String]
  ) {
    for field in changes(fields, command) {
      staged[field] = fields[field]
      program.append(ProgramLine(instruction: .set(field, fields[field]), comment: notes[field] ?? ""))
    }
    program.append(ProgramLine(instruction: .command(command, index, after: after), comment: comment))
  }

  /// Program words that a step will take, its command included.
  func words(of fields: LayerFields, _ command: Command) -> Int { changes(fields, command).count + 1 }

  /// The fields that a step has to set.
  private func changes(_ fields: LayerFields, _ command: Command) -> [LayerField] {
    let idle = command == .run ? fields.idleSteps : []
    return LayerFields.read(by: command, fields.mode).filter { fields[$0] != staged[$0] && !idle.contains($0) }
  }

  /// Ends the program with a `halt` that knows its checksum.
  mutating func finish() {
    let checksum = ProgramChecksum(of: program.map(\.instruction.word))
    program.append(ProgramLine(instruction: .halt(checksum: checksum.value), comment: ""))
  }
}
