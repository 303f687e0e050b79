import Emit
import Machine
import Mapper
import Testing

@Suite struct ListingTests {
  @Test func aProgram() {
    let program: [Instruction] = [.set(.at(\.modeBits), 1), .set(.at(\.feed.base), 4096), .run(step: 0)]
    let checksum = ProgramChecksum(of: program.map(\.word)).value
    #expect(
      disassembly(Instruction.sealed(program.map(\.word))) == """
        ; address  word      instruction
          000000   00000001  set layer.mode, 1                   ; columns
          000001   01001000  set input.base, 4096                ; \(LayerField.at(\.feed.base).summary)
          000002   80000000  run 0
          000003   8f\(hexadecimal(UInt32(checksum)).suffix(6))  halt \(checksum)

        """)
    #expect(disassembly(program.map(\.word) + [Instruction.halt(checksum: 5).word]).contains("; wrong checksum: that of the words above is \(checksum)\n"))
  }

  @Test func theCompilersCommentsStandBesideTheWords() throws {
    let program = try Digits.mapping().program
    let lines = listing(program).split(separator: "\n").dropFirst()
    #expect(lines.count == program.count)
    for (line, entry) in zip(lines, program) {
      #expect(line.contains(hexadecimal(entry.instruction.word)) && line.contains(entry.instruction.assembly))
      #expect(entry.comment.isEmpty || line.contains("; "))
    }
  }

  @Test func everyLineOfADisassemblyAssemblesToItsWord() throws {
    let words = try Digits.mapping().program.map(\.instruction.word)
    for (line, word) in zip(disassembly(words).split(separator: "\n").dropFirst(), words) {
      #expect(Instruction(assembly: String(line.dropFirst(21)))?.word == word)
    }
  }

  @Test func whatIsNoInstructionIsShown() {
    #expect(disassembly([0xFFFF_FFFF]).contains(".word 0xffffffff") )
  }
}
