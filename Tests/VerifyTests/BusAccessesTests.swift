import Machine
import Testing
@testable import Verify

@Suite struct BusAccessesTests {
  private func hardware() throws -> Hardware { try BusAccessesCampaign.hardware(try #require(Configuration.named("edge16"))) }

  @Test func theSameSeedGivesTheSameAccesses() throws {
    var one = BusAccesses(try hardware(), seed: 5), same = BusAccesses(try hardware(), seed: 5), other = BusAccesses(try hardware(), seed: 6)
    let sequence = one.sequence(300), again = same.sequence(300), different = other.sequence(300)
    #expect(sequence == again && sequence != different)
    #expect((300..<320).contains(sequence.reduce(0) { $0 + $1.count }))
  }

  /// Everything that the campaign claims to try is tried.
  @Test func edgesAndStrobesAreMet() throws {
    let hardware = try hardware()
    var source = BusAccesses(hardware, seed: 1)
    let accesses = source.sequence(20_000)
    var strobes = Set<Int>(), alignments = Set<Int>(), last = Set<Int>(), beyond = Set<Int>(), regions = Set<Int>(), registers = Set<Int>()
    for case .write(let address, _, let strobe) in accesses {
      strobes.insert(strobe)
      alignments.insert(address % 4)
      regions.insert(address >> 24)
      if address >> 24 == 0 { registers.insert(address / 4) }
      guard let region = RegisterMap.Region(rawValue: address >> 24) else { continue }
      let size = hardware.windowBytes(of: region)
      if address & 0xFF_FFFC == size - 4 { last.insert(region.rawValue) }
      if address & 0xFF_FFFC == size { beyond.insert(region.rawValue) }
    }
    #expect(strobes == Set(0...15) && alignments == Set(0...3) && regions == Set(0...15))
    #expect(last == Set(0...6) && beyond == Set(0...6))
    #expect(registers.isSuperset(of: RegisterMap.Register.allCases.map(\.rawValue)))
    for ending in [BusAccess.Ending.reset, .resetWithStart, .limit] {
      #expect(accesses.contains { if case .run(_, ending) = $0 { true } else { false } })
    }
    #expect(accesses.contains(.reset))
  }

  /// A program memory written with any strobes holds instructions that set registers, so that its runs can be foretold.
  @Test func wordsMeanSomething() throws {
    let hardware = try hardware()
    var source = BusAccesses(hardware, seed: 2)
    var model = BusModel(hardware, contents: source.contents())
    for access in source.sequence(5_000) {
      if case .write(let address, let data, let strobe) = access { _ = model.write(address, data, strobe: strobe) }
      #expect(!model.isBusy)
    }
    for word in 0..<hardware.programWords { #expect(LayerField(number: Int(model.word(.program, 4 * word) >> 24)) != nil) }
    for lane in 0..<hardware.parameterEntries * hardware.configuration.postLanes {
      #expect(model.word(.parameters, 16 * lane + 4) >> 31 == 0)
      #expect((1...62).contains(model.word(.parameters, 16 * lane + 8) & 63))
    }
  }
}
