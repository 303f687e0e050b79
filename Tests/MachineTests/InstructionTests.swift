import Machine
import Testing

@Suite struct InstructionTests {
  /// Values at both ends of every register, and the commands.
  static let samples: [Instruction] =
    LayerField.all.flatMap { register in
      Set([register.range.lowerBound, 0, 1, register.range.upperBound]).filter(register.range.contains).sorted()
        .map { Instruction.set(register, $0) }
    } + [.run(step: 0), .run(step: 65535), .run(step: 65535, after: 255), .run(step: 3, after: 1), .softmax(step: 7), .add(step: 9), .int16(step: 11), .halt(checksum: 0), .halt(checksum: 0xFF_FFFF)]

  @Test(arguments: samples) func encodingRoundTrips(_ instruction: Instruction) {
    #expect(instruction.isEncodable)
    #expect(Instruction(word: instruction.word) == instruction)
  }

  @Test(arguments: samples) func assemblyRoundTrips(_ instruction: Instruction) {
    #expect(Instruction(assembly: instruction.assembly) == instruction)
    #expect(Instruction(assembly: "  " + instruction.assembly + " ; a comment") == instruction)
  }

  @Test func wordsAreAsDocumented() {
    #expect(Instruction.set(.at(\.feed.base), 0x1234).word == 0x0100_1234)
    #expect(Instruction.set(.at(\.feed.firstX), -1).word == UInt32(LayerField.at(\.feed.firstX).number) << 24 | 0xFF_FFFF)
    #expect(Instruction.set(.at(\.feed.firstY), -2).word & 0xFF_FFFF == 0xFFFE)
    #expect(Instruction.run(step: 5).word == 0x8000_0005)
    #expect(Instruction.run(step: 5, after: 9).word == 0x8009_0005)
    #expect(Instruction.run(step: 5, after: 9).assembly == "run 5, 9")
    #expect(Instruction.halt(checksum: 0xABCDEF).word == 0x8FAB_CDEF)
  }

  @Test func whatIsNoInstructionIsRefused() {
    #expect(Instruction(word: 0x7F00_0000) == nil)  // no such register
    #expect(Instruction(word: 0x9000_0000) == nil)  // no such command
    #expect(Instruction(word: 0x8101_0000) == nil)  // step beyond 16 bits
    #expect(Instruction(word: UInt32(LayerField.at(\.modeBits).number) << 24 | 0x800) == nil)  // field of 11 bits
    for line in ["", "set", "set input.base", "set input.bsae, 1", "set input.base, x", "set layer.mode, 2048", "run", "run 65536", "run 1, 256", "run 1, -1", "run 1, 2, 3", "run 1, x", "add 1, 2", "stop", "halt", "halt 16777216", "halt -1"] {
      #expect(Instruction(assembly: line) == nil, "\(line)")
    }
  }

  @Test func registersFitTheInstructionWord() {
    #expect(LayerField.all.count <= Command.run.rawValue)
    #expect(LayerField.all.allSatisfy { (1...24).contains($0.width) })
    #expect(Set(LayerField.all.map(\.assemblyName)).count == LayerField.all.count)
  }
}
