import Emit
import Machine
import Mapper
import Testing

@Suite struct ListingTests {
  @Test func aProgram() {
    let program: [Instruction] = [.set(.at(\.modeBits), 1), .set(.at(\.feed.base), 4096), .run(step: 0)]
    let checksum = ProgramChecksum(of: program.map(\.word)).value
    #expect(
      Listing(Instruction.sealed(program.map(\.word))).text == """
        ; address  word      instruction
          000000   00000001  set layer.mode, 1                   ; columns
          000001   01001000  set input.base, 4096                ; \(LayerField.at(\.feed.base).summary)
          000002   80000000  run 0
          000003   8f\(hexadecimal(UInt32(checksum)).suffix(6))  halt \(checksum)

        """)
    #expect(Listing(program.map(\.word) + [Instruction.halt(checksum: 5).word]).text.contains("; wrong checksum: that of the words above is \(checksum)\n"))
  }

  @Test func theCompilersCommentsStandBesideTheWords() throws {
    let program = try Digits.mapping().program
    let lines = Listing(program).text.split(separator: "\n").dropFirst()
    #expect(lines.count == program.count)
    for (line, entry) in zip(lines, program) {
      #expect(line.contains(hexadecimal(entry.instruction.word)) && line.contains(entry.instruction.assembly))
      #expect(entry.comment.isEmpty || line.contains("; "))
    }
  }

  @Test func everyLineOfADisassemblyAssemblesToItsWord() throws {
    let words = try Digits.mapping().program.map(\.instruction.word)
    for (line, word) in zip(Listing(words).text.split(separator: "\n").dropFirst(), words) {
      #expect(Instruction(assembly: String(line.dropFirst(21)))?.word == word)
    }
  }

  @Test func whatIsNoInstructionIsShown() {
    #expect(Listing([0xFFFF_FFFF]).text.contains(".word 0xffffffff") )
  }

  /// The compiler's comments stand beside its words, and a changed word beside what it means.
  @Test func aChangedWordHasNoComment() throws {
    let program = try Digits.mapping().program
    var words = program.map(\.instruction.word)
    #expect(Listing(words, program: program).text == Listing(program).text)
    words[0] = Instruction.set(.at(\.feed.base), 77).word
    let line = Listing(words, program: program).text.split(separator: "\n")[1]
    #expect(line.contains("set input.base, 77") && line.hasSuffix(LayerField.at(\.feed.base).summary))
  }
}
