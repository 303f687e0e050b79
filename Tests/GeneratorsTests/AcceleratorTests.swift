import Foundation
import Generators
import HDL
import Machine
import Testing

@Suite struct AcceleratorTests {
  private func hardware(_ configuration: Configuration, _ extensions: Extensions = []) throws -> Hardware {
    try Hardware(
      configuration,
      for: .init(featureBytes: 30_000, weightWords: 2000, parameterEntries: 500, programWords: 1000,
        scalarTables: configuration.units.scalar ? 1 : 0, byteTables: configuration.units.tables ? 2 : 0,
        extensions: extensions.union(configuration.units.residual ? .products : [])))
  }

  private func lint(_ configuration: Configuration, _ extensions: Extensions = []) throws {
    try withVerilog(of: elaborateAccelerator(hardware(configuration, extensions))) { directory in
      let commands = [
        ("verilator", "verilator --lint-only -Wall --top-module weft_top -y . weft_top.v"),
        ("iverilog", "iverilog -g2005 -Wall -t null -s weft_top *.v"),
        ("yosys", "yosys -q -p 'read_verilog *.v; hierarchy -check -top weft_top; proc; check -assert'"),
      ]
      for (tool, command) in commands where isInstalled(tool) {
        let result = try run(command, in: directory)
        #expect(result.status == 0 && result.output.isEmpty, "\(configuration.name), \(tool): \(result.output.prefix(2000))")
      }
    }
  }

  @Test(arguments: Configuration.named) func toolsHaveNothingToSay(_ configuration: Configuration) throws {
    try lint(configuration)
  }

  /// Also of what few networks need, in accumulators on both sides of a bias's width.
  @Test(arguments: [24, Configuration.int16AccumulatorBits]) func toolsHaveNothingToSayOfExtensions(_ accumulatorBits: Int) throws {
    var configuration = Configuration.edge16
    configuration.accumulatorBits = .fixed(accumulatorBits)
    try lint(configuration, .all)
  }

  @Test func unitsCanBeLeftOut() throws {
    var small = try #require(Configuration.named("edge16"))
    small.units = OptionalUnits(residual: false, maximum: false, scalar: false, tables: false)
    try withVerilog(of: elaborateAccelerator(Hardware(small, for: .init()))) { directory in
      let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
      #expect(!files.contains("weft_product_lane.v"))
      #expect(!files.contains("weft_scalar_unit.v") && !files.contains("weft_addition_lane.v") && !files.contains("weft_table_lane.v"))
    }
    try lint(Configuration(
      name: "bare", pixels: 1, channels: 2, dotProduct: 2, memoryLanes: 4, postLanes: 2, patchDepth: 8,
      units: OptionalUnits(residual: false, maximum: false, scalar: false, tables: false)))
  }

  @Test func elaborationIsDeterministic() throws {
    let edge64 = try hardware(#require(Configuration.named("edge64")))
    #expect(try VerilogPrinter.text(elaborateAccelerator(edge64)) == VerilogPrinter.text(elaborateAccelerator(edge64)))
  }

  @Test func identicalElementsAreOneModule() throws {
    let files = try VerilogPrinter.files(elaborateAccelerator(hardware(#require(Configuration.named("edge64")))))
    #expect(files.filter { $0.name.hasPrefix("weft_processing_element") }.count == 1)
    #expect(files.filter { $0.name.hasPrefix("weft_feature_lane") }.count == 1)
  }
}
