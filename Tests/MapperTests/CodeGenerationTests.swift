import Machine
import Testing

@testable import Mapper

@Suite struct CodeGenerationTests {
  @Test func onlyChangesAreSet() {
    var code = CodeGeneration()
    var r = RegisterFile()
    r[.rows] = 3
    r[.firstY] = 0
    code.add(r, unit: .array, index: 0, comment: "a", notes: [:])
    r[.columns] = 4
    code.add(r, unit: .array, index: 1, comment: "b", notes: [.columns: "note"])
    code.add(r, unit: .softmax, index: 2, comment: "c", notes: [:])
    let checksum = ProgramChecksum(of: code.program.map(\.instruction.word))
    code.finish()
    #expect(
      code.program.map(\.instruction) == [
        .set(.rows, 3), .run(step: 0), .set(.columns, 4), .run(step: 1), .softmax(step: 2), .halt(checksum: checksum.value),
      ])
    #expect(code.program.map(\.comment) == ["", "a", "note", "b", "c", ""])
    #expect(code.stepWords == [2, 2, 1])
  }
}
