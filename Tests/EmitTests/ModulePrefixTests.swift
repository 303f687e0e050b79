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
    func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
    var texts: [String: String] = [:], designs: Set<String> = [], names = 0
    for _ in 0..<60 {
      let post = pick([1, 2])
      let configuration = Configuration(
        name: pick(["a-b", "a_b", "A_B", "other"]), pixels: pick([1, 2]), channels: 2, dotProduct: pick([2, 4]), memoryLanes: pick([4, 8]),
        postLanes: post, patchDepth: pick([16, 32]), accumulatorBits: pick([.auto, .fixed(24), .fixed(25)]),
        featureMemoryBytes: pick([.auto, .fixed(1 << 14), .fixed(10_000)]), weightMemoryBytes: pick([.auto, .fixed(1 << 12), .fixed(5_000)]),
        parameterChannels: pick([.auto, .fixed(64), .fixed(100)]), programWords: pick([.auto, .fixed(256), .fixed(300)]),
        units: OptionalUnits(
          residual: pick([true, false]), maximum: pick([true, false]), scalar: pick([true, false]), tables: pick([true, false])))
      try configuration.validate(source: "random")
      let hardware = try Hardware(
        configuration,
        for: .init(
          accumulatorBits: pick([20, 24]), featureBytes: pick([100, 2_000]), weightWords: pick([10, 100]), parameterEntries: pick([10, 30]),
          programWords: pick([60, 120]), scalarTables: configuration.units.scalar ? pick([0, 2]) : 0,
          byteTables: configuration.units.tables ? pick([0, 2]) : 0))
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
    #expect(topModule(of: verilog) == "npu_top" && verilog.allSatisfy { $0.name.hasPrefix("npu_") })
    #expect(benchModule(for: "npu_top") == "npu_bench")
  }
}
