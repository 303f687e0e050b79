import Machine
import Testing

@testable import Mapper

@Suite struct CodeGenerationTests {
  @Test func onlyChangesAreSet() {
    var code = CodeGeneration()
    var r = LayerFields.start
    r.feed.rows = 3
    #expect(code.words(of: r, .run) == 2)
    code.add(r, .run, index: 0, comment: "a", notes: [:])
    #expect(code.words(of: r, .run) == 1)
    r.array.columns = 4
    code.add(r, .run, index: 1, comment: "b", notes: [.at(\.array.columns): "note"])
    code.add(r, .softmax, index: 2, comment: "c", notes: [:])
    let checksum = ProgramChecksum(of: code.program.map(\.instruction.word))
    code.finish()
    #expect(
      code.program.map(\.instruction) == [
        .set(.at(\.feed.rows), 3), .run(step: 0), .set(.at(\.array.columns), 4), .run(step: 1), .softmax(step: 2), .halt(checksum: checksum.value),
      ])
    #expect(code.program.map(\.comment) == ["", "a", "note", "b", "c", ""])
  }
}
