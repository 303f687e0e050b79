import Emit
import Machine
import Model
import Testing

@Suite struct ModulePrefixTests {
  private func hardware(_ name: String) throws -> Hardware {
    var configuration = try #require(Configuration.named("edge16"))
    configuration.name = name
    return try Hardware(configuration, for: .init())
  }

  @Test func theDefaultHoldsNameAndFingerprint() throws {
    let fingerprint = hexadecimal(try hardware("a").fingerprint)
    #expect(ModulePrefix(try hardware("edge16")).text == "weft_edge16_\(fingerprint)_")
    #expect(ModulePrefix(try hardware("3-Big")).text == "weft_n3_big_\(fingerprint)_")
    #expect(ModulePrefix(try hardware(String(repeating: "x", count: 64))).text.count == ModulePrefix.greatestLength)
  }

  @Test(arguments: ["a", "_", "npu_", "N0_", String(repeating: "x", count: 40)]) func whatBeginsANameIsTaken(_ text: String) throws {
    #expect(try ModulePrefix(text).text == text)
  }

  @Test(arguments: ["", "0a", "a-b", "a b", "a$", "é", "a\n", "\\a", "../a", String(repeating: "x", count: 41)])
  func whatDoesNotIsRefused(_ text: String) throws {
    #expect(throws: ModulePrefixError.self) { try ModulePrefix(text) }
  }

  /// Random hardware, near relations among it: whatever two of them are put into one design, no name has two texts.
  @Test func equalNamesMeanEqualText() throws {
    var random = SplitMix64(seed: 7)
    func number(_ values: Int...) -> Int { values[Int.random(in: 0..<values.count, using: &random)] }
    func size(_ values: Int...) -> AutoSize {
      let index = Int.random(in: 0...values.count, using: &random)
      return index == values.count ? .auto : .fixed(values[index])
    }
    func flag() -> Bool { Bool.random(using: &random) }
    let configurationNames = ["a-b", "a_b", "A_B", "other"]
    var texts: [String: String] = [:], designs: Set<String> = [], names = 0
    for _ in 0..<60 {
      var configuration = Configuration(
        name: configurationNames[number(0, 1, 2, 3)], pixels: number(1, 2), channels: 2, dotProduct: number(2, 4),
        memoryLanes: number(4, 8), postLanes: number(1, 2), patchDepth: number(16, 32))
      configuration.accumulatorBits = size(24, 25)
      configuration.featureMemoryBytes = size(1 << 14, 10_000)
      configuration.weightMemoryBytes = size(1 << 12, 5_000)
      configuration.parameterChannels = size(64, 100)
      configuration.programWords = size(256, 300)
      configuration.units = OptionalUnits(residual: flag(), maximum: flag(), scalar: flag(), tables: flag())
      try configuration.validate(source: "random")
      var demand = Hardware.Demand(accumulatorBits: number(20, 24), featureBytes: number(100, 2_000), weightWords: number(10, 100))
      demand.parameterEntries = number(10, 30)
      demand.programWords = number(60, 120)
      demand.scalarTables = configuration.units.scalar ? number(0, 2) : 0
      demand.byteTables = configuration.units.tables ? number(0, 2) : 0
      if configuration.units.residual && flag() { demand.extensions.insert(.products) }
      if flag() { demand.extensions.formUnion([.digits, .computedWeights]) }
      let hardware = try Hardware(configuration, for: demand)
      let verilog = try makeVerilog(for: hardware)
      let prefix = ModulePrefix(hardware).text
      designs.insert(prefix)
      for file in verilog {
        names += 1
        #expect(file.name.hasPrefix(prefix), "\(file.name) has no prefix")
        if let other = texts[file.name] { #expect(other == file.text, "two texts of \(file.name)") }
        texts[file.name] = file.text
      }
    }
    #expect(designs.count > 20 && names > texts.count / 2)
  }

  /// The text follows from the sizes: a name for them changes no word of it but the prefix.
  @Test func theConfigurationsNameIsNotInTheText() throws {
    func text(_ name: String) throws -> String {
      try makeVerilog(for: try hardware(name), prefix: try ModulePrefix("x_")).map(\.text).joined()
    }
    #expect(try text("one") == text("two"))
  }

  @Test func theTopIsLast() throws {
    let verilog = try makeVerilog(for: try hardware("edge16"), prefix: try ModulePrefix("npu_"))
    #expect(verilog.topModule == "npu_top" && verilog.allSatisfy { $0.name.hasPrefix("npu_") })
    #expect(benchModule(for: "npu_top") == "npu_bench")
  }
}
