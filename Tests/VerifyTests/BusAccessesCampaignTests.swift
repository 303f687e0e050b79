import Emit
import Machine
import Testing
@testable import Verify

@Suite(.serialized) struct BusAccessesCampaignTests {
  private func expectNoDifference(_ configuration: String, _ simulator: SimulatorKind, seed: UInt64, accesses: Int) throws {
    let campaign = BusAccessesCampaign(
      try Configuration.load(nameOrPath: configuration), simulator: simulator, seed: seed, accesses: accesses)
    let report = try campaign.run()
    #expect(report.differences == 0, "\(report.failure?.what ?? ""): \(report.failure?.accesses ?? [])")
    #expect(report.accesses >= accesses && report.answers > accesses * report.views)
  }

  @Test(.enabled(if: hasVerilator), arguments: ["edge16", "edge64"]) func verilator(_ configuration: String) throws {
    try expectNoDifference(configuration, .verilator, seed: 11, accesses: 1_500)
  }

  @Test func inProcess() throws { try expectNoDifference("edge16", .inProcess, seed: 12, accesses: 60) }
}
