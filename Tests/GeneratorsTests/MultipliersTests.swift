import HDL
import Machine
import Testing

@testable import Generators

@Suite struct MultipliersTests {
  private func hardware(
    _ name: String, _ extensions: Extensions = [], _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> Hardware {
    var configuration = try #require(Configuration.named(name))
    change(&configuration)
    let tables = configuration.units.scalar ? 2 : 0
    return try Hardware(configuration, for: .init(featureBytes: 4000, scalarTables: tables, byteTables: 2, extensions: extensions))
  }

  /// The array has its products of two bytes, a lane one of 32 by 24 bits and, where it adds, two of 8 by 24; nothing multiplies elsewhere.
  @Test(arguments: ["up5k", "edge16", "edge64"]) func theUnitsHaveAllOfThem(_ name: String) throws {
    let hardware = try hardware(name), count = try Multipliers(hardware), configuration = hardware.configuration
    #expect(count.array == configuration.macs * 8 * 8)
    #expect(count.post == configuration.postLanes * (32 * 24 + (configuration.units.residual ? 2 * 8 * 24 : 0)))
    #expect((count.scalar > 0) == configuration.units.scalar)
    #expect(try count.total == elaborateAccelerator(hardware).resources.total.multiplierBits)
  }

  @Test func unitsThatAreNotThereHaveNone() throws {
    let all = try Multipliers(hardware("edge16"))
    let few = try Multipliers(hardware("edge16") { ($0.units.scalar, $0.units.residual) = (false, false) })
    #expect(few.scalar == 0 && few.post == 768 && few.array == all.array)
    #expect(try Multipliers(hardware("edge16", .products)).post > all.post)
  }
}
