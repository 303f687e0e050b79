import HDL
import HDLExamples
import Testing

@Test func processorRunsAProgram() throws {
  let program = [
    0x00A0_0093,  // addi x1, x0, 10
    0x0000_0513,  // addi x10, x0, 0
    0x0015_0533,  // loop: add x10, x10, x1
    0xFFF0_8093,  // addi x1, x1, -1
    0xFE00_9CE3,  // bne x1, x0, loop
    0x00A0_02A3,  // sb x10, 5(x0)
    0xFEDC_C137,  // lui x2, 0xFEDCC
    0xA981_0113,  // addi x2, x2, -0x568
    0x0020_2423,  // sw x2, 8(x0)
    0x00A0_1523,  // sh x10, 10(x0)
    0x0080_2183,  // lw x3, 8(x0)
    0x0090_0203,  // lb x4, 9(x0)
    0x0090_4283,  // lbu x5, 9(x0)
    0x0080_1303,  // lh x6, 8(x0)
    0x0080_5383,  // lhu x7, 8(x0)
    0x0100_046F,  // jal x8, sub
    0x0050_0583,  // lb x11, 5(x0)
    0x0015_8513,  // addi x10, x11, 1
    0x0000_006F,  // stop: jal x0, stop
    0x4041_5493,  // sub: srai x9, x2, 4
    0x0020_3633,  // sltu x12, x0, x2
    0x0004_0067,  // jalr x0, 0(x8)
  ]
  let simulation = try Simulation(RV32I(program: program))
  simulation.reset()
  simulation.step()
  // One cycle for each instruction: 2, ten times 3, 11, the 3 of the subroutine, 2.
  let cycles = try simulation.run(until: { $0.programCounter == 72 }, limit: 100, "the end")
  #expect(cycles == 2 + 30 + 11 + 3 + 2)
  #expect(simulation.x10 == 56 && !simulation.trap)
  let expected = [2: 0xFEDC_BA98, 3: 0x0037_BA98, 4: 0xFFFF_FFBA, 5: 0xBA, 6: 0xFFFF_BA98, 7: 0xBA98, 8: 64, 9: 0xFFED_CBA9, 12: 1]
  for (register, value) in expected { #expect(try simulation.peek("registers[\(register)]").int == value, "x\(register)") }
}

@Test(arguments: [0x0000_0000, 0x0000_0073, 0x0010_2083, 0x0010_11A3, 0x0020_006F, 0x0030_0067])
func processorStopsAtWhatItCannotDo(word: Int) throws {
  let simulation = try Simulation(RV32I(program: [0x0000_0013, word]))
  simulation.reset()
  #expect(!simulation.trap)
  simulation.step(2)
  for _ in 0..<3 {
    #expect(simulation.trap && simulation.programCounter == 4)
    simulation.step()
  }
}

/// The processor and the model agree in every cycle and, in the end, on every register and every word.
@Suite struct RandomInstructionTests {
  static let data = (0..<256).map { $0 * 0x9E37_79B1 & 0xFFFF_FFFF }

  /// Runs both, and returns the instructions that were seen and how many were executed.
  private func compare(_ simulation: Simulation<RV32I>, _ program: [Int], cycles: Int) throws -> (seen: Set<UInt32>, executed: Int) {
    let padded = program + Array(repeating: 0, count: 256 - program.count)
    var model = RISCVModel(program: padded.map { UInt32($0) }, data: Self.data.map { UInt32($0) })
    for (index, word) in padded.enumerated() { try simulation.poke("programMemory[\(index)]", word) }
    simulation.reset()
    simulation.step()
    var executed = 0
    for _ in 0..<cycles {
      let pc = Int(model.pc), x10 = Int(model.registers[10]), runs = model.step()
      let agrees = simulation.programCounter == pc && simulation.x10 == x10 && simulation.trap == !runs
      let word = String(padded[pc / 4 & 255], radix: 16)
      #expect(agrees, "\(word) at \(pc), after \(executed): x10 is \(simulation.x10), expected \(x10)")
      if !agrees || !runs { break }
      executed += 1
      simulation.step()
    }
    for index in 0..<32 { #expect(try simulation.peek("registers[\(index)]").int == Int(model.registers[index]), "x\(index)") }
    for index in 0..<256 { #expect(try simulation.peek("dataMemory[\(index)]").int == Int(model.data[index]), "word \(index)") }
    return (model.seen, executed)
  }

  @Test func programsThatNeverTrap() throws {
    var instructions = RISCVInstructions(random: SplitMix("programs"))
    let compiled = try CompiledDesign(RV32I(program: [0], data: Self.data))
    var seen: Set<UInt32> = []
    for _ in 0..<20 {
      let run = try compare(compiled.simulation(), instructions.program(256), cycles: 400)
      #expect(run.executed == 400)
      seen.formUnion(run.seen)
    }
    // All but FENCE, ECALL and EBREAK.
    #expect(seen.count == 37)
  }
  @Test func instructionsThatMayTrap() throws {
    var instructions = RISCVInstructions(random: SplitMix("instructions"))
    let compiled = try CompiledDesign(RV32I(program: [0], data: Self.data))
    var executed = 0
    for _ in 0..<100 {
      let program = (0..<256).map { _ in instructions.wild() }
      executed += try compare(compiled.simulation(), program, cycles: 50).executed
    }
    #expect(executed > 200)
  }
}
