import Machine
import Testing

@Suite struct HardwareTests {
  @Test func autoSizesRoundUpToPowersOfTwo() throws {
    let edge64 = try #require(Configuration.named("edge64"))
    let hardware = try Hardware(
      edge64, for: .init(accumulatorBits: 21, featureBytes: 16_000, weightWords: 300, parameterEntries: 17, programWords: 65))
    #expect(hardware.accumulatorBits == 24)
    #expect(hardware.featureBytes == 16_384)
    #expect(hardware.weightWords == 512)
    #expect(hardware.parameterEntries == 32)
    #expect(hardware.programWords == 128)
  }

  @Test func fixedSizesThatAreTooSmallAreRefusedWithBothFigures() throws {
    var edge64 = try #require(Configuration.named("edge64"))
    edge64.weightMemoryBytes = .fixed(1024)
    #expect(throws: ConfigurationError(
      source: "edge64", message: "\"weightMemoryBytes\" is 1024, the network needs 1088; enlarge it or say \"auto\"")
    ) { try Hardware(edge64, for: .init(weightWords: 17)) }
  }

  @Test func tablesAreThereWhenNeeded() throws {
    var edge64 = try #require(Configuration.named("edge64"))
    let none = try Hardware(edge64, for: .init()), some = try Hardware(edge64, for: .init(scalarTables: 3, byteTables: 3))
    #expect(none.scalarTables == 1 && none.byteTables == 0)
    #expect(some.scalarTables == 4 && some.byteTables == 4)
    #expect(none.fingerprint != some.fingerprint)
    edge64.units.tables = false
    #expect(throws: ConfigurationError(source: "edge64", message: "\"units.tables\" is false, the network needs it; set it to true")) {
      try Hardware(edge64, for: .init(byteTables: 1))
    }
  }

  @Test func fingerprintsTellHardwareApart() throws {
    let edge64 = try #require(Configuration.named("edge64"))
    let a = try Hardware(edge64, for: .init()), b = try Hardware(edge64, for: .init(weightWords: 17))
    #expect(a.fingerprint == (try Hardware(edge64, for: .init())).fingerprint)
    #expect(a.fingerprint != b.fingerprint)
  }
}
