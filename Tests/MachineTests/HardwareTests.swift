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

  /// Enlarging one after the other would take a run each.
  @Test func allSizesThatAreTooSmallAreSaidAtOnce() throws {
    var edge64 = try #require(Configuration.named("edge64"))
    (edge64.featureMemoryBytes, edge64.weightMemoryBytes, edge64.programWords) = (.fixed(1024), .fixed(1024), .fixed(64))
    let sizes = "\"featureMemoryBytes\" is 1024, the network needs 2016, \"weightMemoryBytes\" is 1024, the network needs 1088"
    #expect(throws: ConfigurationError(source: "edge64", message: sizes + "; enlarge them or say \"auto\"")) {
      try Hardware(edge64, for: .init(featureBytes: 2_000, weightWords: 17))
    }
    (edge64.featureMemoryBytes, edge64.weightMemoryBytes) = (.fixed(2016), .fixed(1088))
    _ = try Hardware(edge64, for: .init(featureBytes: 2_000, weightWords: 17))
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

  /// Only networks that multiply tensors pay for it.
  @Test func productsAreThereWhenNeeded() throws {
    var edge64 = try #require(Configuration.named("edge64"))
    let none = try Hardware(edge64, for: .init()), some = try Hardware(edge64, for: .init(extensions: .products))
    #expect(!none.extensions.contains(.products) && some.extensions.contains(.products) && none.fingerprint != some.fingerprint)
    #expect(Timing(some).post == Timing(none).post + Timing.byteProduct)
    #expect(!LayerMode(of: none).contains(.product) && LayerMode(of: some).contains(.product))
    try some.require(.init(extensions: .products))
    #expect(throws: ConfigurationError.self) { try none.require(.init(extensions: .products)) }
    #expect(try Hardware(standalone: edge64).extensions.contains(.products))
    // The scalar unit squares without lanes that add.
    edge64.units.residual = false
    let scalar = try Hardware(edge64, for: .init(scalarTables: 2, extensions: .products))
    #expect(LayerMode(of: scalar).contains(.product) && Timing(scalar).post == Timing(edge64, hasByteTables: false).post)
    edge64.units.scalar = false
    #expect(throws: ConfigurationError(source: "edge64", message: "\"units.residual\" is false, the network needs it; set it to true")) {
      try Hardware(edge64, for: .init(extensions: .products))
    }
    #expect(try !Hardware(standalone: edge64).extensions.contains(.products))
  }

  @Test func fingerprintsTellHardwareApart() throws {
    let edge64 = try #require(Configuration.named("edge64"))
    let a = try Hardware(edge64, for: .init()), b = try Hardware(edge64, for: .init(weightWords: 17))
    #expect(a.fingerprint == (try Hardware(edge64, for: .init())).fingerprint)
    #expect(a.fingerprint != b.fingerprint)
  }

  /// A device has so much memory and no more; both figures are said, and what takes the most.
  @Test func whatDoesNotFitTheDeviceIsRefused() throws {
    var configuration = try #require(Configuration.named("up5k"))
    let small = Hardware.Demand(featureBytes: 1_000, weightWords: 1_000)
    let hardware = try Hardware(configuration, for: small)
    #expect(hardware.memoryBytes == hardware.memories.reduce(0) { $0 + $1.bytes } && hardware.memoryBytes <= 146_432)
    let large = Hardware.Demand(featureBytes: 900_000, weightWords: 1_000_000)
    do throws(ConfigurationError) {
      _ = try Hardware(configuration, for: large)
      Issue.record("5 MiB fit a device of 143 KiB")
    } catch {
      var boundless = configuration
      boundless.limits.memoryBytes = nil
      let needed = try? Hardware(boundless, for: large).memoryBytes
      #expect(error.message.hasPrefix("the network needs \(needed ?? 0) bytes of on-chip memory (weights "), "\(error.message)")
      #expect(error.message.contains("the device has 146432 (\"limits.memoryBytes\")"))
    }
    configuration.limits.memoryBytes = hardware.memoryBytes
    _ = try Hardware(configuration, for: small)
    configuration.limits.memoryBytes = hardware.memoryBytes - 1
    #expect(throws: ConfigurationError.self) { try Hardware(configuration, for: small) }
    configuration.limits.memoryBytes = nil
    _ = try Hardware(configuration, for: large)
  }

  /// Beyond the reach of a window or an address, memories would wrap around.
  @Test func whatAddressesDoNotReachIsRefused() throws {
    let edge64 = try #require(Configuration.named("edge64"))
    let full = try Hardware(edge64, for: .init(weightWords: 1 << 18, parameterEntries: 1 << 18, programWords: 1 << 22))
    for region in [RegisterMap.Region.program, .weights, .parameters] { #expect(full.windowBytes(of: region) == 1 << 24) }
    func refusal(of demand: Hardware.Demand, on configuration: Configuration? = nil) -> String? {
      do throws(ConfigurationError) { _ = try Hardware(configuration ?? edge64, for: demand) } catch { return error.message }
      return nil
    }
    #expect(
      refusal(of: .init(weightWords: (1 << 18) + 1))
        == "the network needs 16793600 bytes for its weights, the host's window has 16777216; use a smaller network")
    #expect(refusal(of: .init(parameterEntries: (1 << 18) + 1))?.contains("bytes for its parameters") == true)
    #expect(refusal(of: .init(programWords: (1 << 22) + 1))?.contains("bytes for its program") == true)
    let narrow = Configuration(name: "narrow", pixels: 1, channels: 2, dotProduct: 2, memoryLanes: 4, postLanes: 1)
    #expect(
      refusal(of: .init(weightWords: (1 << 20) + 1), on: narrow)
        == "the network needs 1048832 weight memory words, addresses reach 1048576; use a smaller network or more MACs")
    #expect(refusal(of: .init(parameterEntries: (1 << 20) + 1), on: narrow)?.contains("parameter memory entries") == true)
  }
}
