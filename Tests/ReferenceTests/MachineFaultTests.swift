import Machine
import Reference
import Testing

/// What the reference machine refuses, without a network.
@Suite struct MachineFaultTests {
  private let hardware = Hardware(
    configuration: Configuration(name: "bench", pixels: 1, channels: 4, dotProduct: 4, memoryLanes: 8, postLanes: 1),
    accumulatorBits: 24, featureRows: 64, weightWords: 16, parameterEntries: 16, programWords: 64,
    scalarTables: 1, byteTables: 1)

  private func fault(_ program: [Instruction]) -> String? {
    var machine = ReferenceMachine(hardware, weights: [], parameters: [])
    do throws(MachineFault) {
      _ = try machine.run(program)
      return nil
    } catch {
      return error.description
    }
  }
  private func sealed(_ program: [Instruction]) -> [Instruction] {
    program + [.halt(checksum: ProgramChecksum(of: program.map(\.word)).value)]
  }

  @Test func programsEndWithTheirChecksum() {
    #expect(fault([]) == "step 0: the program ends without halt")
    #expect(fault(sealed([])) == nil)
    #expect(fault(sealed([.set(.at(\.feed.base), 5)])) == nil)
    #expect(fault([.halt(checksum: 1)]) == "step 0: the program's checksum is \(ProgramChecksum().value), its halt says 1")
  }

  @Test func whatDoesNotFitIsRefused() {
    #expect(fault([.set(.at(\.end.low), 128)]) == "step 0: output.low cannot hold 128")
    #expect(fault(sealed([.run(step: 3)])) == "step 3: loop.run_bytes is 0")
    #expect(fault(sealed([.softmax(step: 4)])) == "step 4: there is no scalar table 0")
    #expect(fault(sealed([.add(step: 5)])) == "step 5: there is no scalar table 0")
  }
}
