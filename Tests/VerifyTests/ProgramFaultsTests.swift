import Emit
import Machine
import Testing
@testable import Verify

@Suite struct ProgramFaultsTests {
  private func source(seed: UInt64 = 3) throws -> ProgramFaults {
    let mapping = try Digits.mapping()
    return ProgramFaults(mapping.program.map(\.instruction.word), memoryWords: mapping.hardware.programWords, seed: seed)
  }

  @Test func everyBitIsFlippedOnce() throws {
    let source = try source(), bits = source.bits
    #expect(bits.count == 32 * source.count && Set(bits.map(\.changes)).count == bits.count)
    for fault in bits {
      #expect(fault.changes.count == 1)
      for (place, word) in fault.changes { #expect((word ^ source.memory[place]).nonzeroBitCount == 1) }
    }
  }

  @Test func randomFaultsChangeSomethingAndRepeat() throws {
    let source = try source()
    let faults = (0..<400).map(source.random)
    #expect(faults == (0..<400).map(source.random))
    #expect(Set(faults.map(\.kind)) == Set(ProgramFault.Kind.allCases).subtracting([.bit]))
    for fault in faults {
      #expect(!fault.changes.isEmpty && fault.changes.allSatisfy { source.memory[$0.key] != $0.value })
    }
    #expect(try self.source(seed: 4).random(0) != source.random(0))
  }

  @Test func aSealedFaultHasTheChecksumOfItsWords() throws {
    let source = try source()
    for number in 0..<50 {
      let fault = source.sealed(source.random(number))
      var checksum = ProgramChecksum()
      for (place, word) in source.memory.enumerated() {
        let word = fault.changes[place] ?? word
        if case .command(.halt, let carried, _)? = Instruction(word: word) { #expect(carried == checksum.value) }
        checksum.add(word)
      }
    }
  }
}
