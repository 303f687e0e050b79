// The hardware as Verilog files.

import Generators
import HDL
import Machine

/// One file of Verilog, holding one module.
public struct VerilogFile: Sendable, Equatable {
  /// Module name; the file is `name.v`.
  public var name: String
  public var text: String
  public init(name: String, text: String) { (self.name, self.text) = (name, text) }
}

/// The module that a design instantiates.
public let topModuleName = "weft_top"

/// Generates the accelerator: one file per module, the top last.
/// - Throws: what elaboration finds wrong with the design; that is a defect of the generators.
public func makeVerilog(for hardware: Hardware) throws -> [VerilogFile] {
  VerilogPrinter.files(try elaborateAccelerator(hardware)).map { VerilogFile(name: $0.name, text: $0.text) }
}

extension Hardware {
  /// Hardware for no network in particular: what the configuration leaves open becomes a middling size.
  /// - Throws: `ConfigurationError`.
  public init(standalone configuration: Configuration) throws(ConfigurationError) {
    let word = configuration.weightWordBytes
    try self.init(
      configuration,
      for: Demand(
        accumulatorBits: configuration.accumulatorBits.value ?? 32,
        featureBytes: configuration.featureMemoryBytes.value == nil ? 65_536 - configuration.memoryLanes : 0,
        weightWords: configuration.weightMemoryBytes.value == nil ? max(16, 131_072 / word) : 0,
        parameterEntries: configuration.parameterChannels.value == nil ? max(16, 2_048 / configuration.postLanes) : 0,
        programWords: configuration.programWords.value == nil ? 2_048 : 1,
        scalarTables: configuration.units.scalar ? 4 : 0, byteTables: configuration.units.tables ? 1 : 0))
  }
}
