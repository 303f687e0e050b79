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

/// The module that a design instantiates: the last of its files.
public func topModule(of verilog: [VerilogFile]) -> String { verilog.last?.name ?? "top" }

/// Generates the accelerator: one file per module, the top last.
/// - Parameter prefix: what the names of all modules begin with; by default what `ModulePrefix` makes of the hardware.
/// - Throws: what elaboration finds wrong with the design; that is a defect of the generators.
public func makeVerilog(for hardware: Hardware, prefix: ModulePrefix? = nil) throws -> [VerilogFile] {
  let design = try elaborateAccelerator(hardware, prefix: (prefix ?? ModulePrefix(hardware)).text)
  return VerilogPrinter.files(design).map { VerilogFile(name: $0.name, text: licensed($0.text, comment: "//")) }
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
