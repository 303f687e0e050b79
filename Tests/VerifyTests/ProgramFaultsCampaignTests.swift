import Emit
import Machine
import Testing
@testable import Verify

@Suite(.serialized, .enabled(if: hasVerilator)) struct ProgramFaultsCampaignTests {
  @Test func noFaultIsSilent() throws {
    let mapping = try Digits.mapping()
    var campaign = ProgramFaultsCampaign(mapping, seed: 1, count: 150, bits: true)
    // A quarter of all bits, and of each word some; scripts/fault-campaign tries all of them.
    campaign.stride = 4
    let report = try campaign.run()
    #expect(report.passed, "\(report.failures.prefix(3).map { "\($0.fault.description): \($0.what)" })")
    #expect(report.tested >= 150 + 32 / campaign.stride * mapping.program.count)
    #expect(report.total(.right) == 0 && report.inexactAfterwards == 0)
    #expect(report.outcomes.contains(.error(RegisterMap.ErrorCode.programCorrupt.rawValue)))
  }

  @Test func aProgramThatWasMeantSoStaysInMemory() throws {
    let report = try ProgramFaultsCampaign(try Digits.mapping(), seed: 2, count: 150, bits: false, sealed: true).run()
    #expect(report.passed, "\(report.failures.prefix(3).map { "\($0.fault.description): \($0.what)" })")
    #expect(report.inexactAfterwards == 0)
  }

  /// What the campaign says of runs that no good hardware gives.
  @Test func everyKindOfFailureIsSeen() throws {
    let mapping = try Digits.mapping(), campaign = ProgramFaultsCampaign(mapping, seed: 1, count: 0, bits: false)
    let output = mapping.graph.outputs[0], bytes = [UInt8](repeating: 7, count: mapping.graph.tensors[output].byteCount)
    func run(status: Int, error: Int = 0, byte: UInt8 = 7, finished: Bool = true) throws -> SampleRun {
      let address = try #require(mapping.address(of: output))
      var run = SampleRun(sample: 0)
      run.finished = finished
      run.read[RegisterMap.Register.status.address] = UInt32(status)
      run.read[RegisterMap.Register.error.address] = UInt32(error)
      for at in address / 4...(address + bytes.count) / 4 {
        run.read[RegisterMap.Region.features.base + 4 * at] = UInt32(byte) &* 0x0101_0101
      }
      return run
    }
    #expect(campaign.outcome(try run(status: 2), [bytes]) == .right)
    #expect(campaign.outcome(try run(status: 2, byte: 8), [bytes]) == .silent)
    #expect(campaign.outcome(try run(status: 4, error: 5), [bytes]) == .error(5))
    #expect(campaign.outcome(try run(status: 2, finished: false), [bytes]) == .hang)
    #expect(campaign.outcome(try run(status: 6, error: 5), [bytes]) == .broken("done and error are both set"))
    #expect(campaign.outcome(try run(status: 4), [bytes]) == .broken("an error without a code"))
    #expect(campaign.outcome(try run(status: 3), [bytes]) == .broken("busy after the end"))
    var wild = try run(status: 2)
    wild.writes = [TraceWrite(step: 0, address: mapping.hardware.featureBytes, cycle: 9, data: [0], before: [0])]
    if case .broken = campaign.outcome(wild, [bytes]) {} else { Issue.record("a write beyond the memory is taken for right") }
  }
}
