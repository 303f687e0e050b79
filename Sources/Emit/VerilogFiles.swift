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
  /// Hardware for no network in particular: what the configuration leaves open becomes a middling size, or the largest part of it
  /// that the configuration's device has room for.
  /// - Throws: `ConfigurationError`.
  public init(standalone configuration: Configuration) throws(ConfigurationError) {
    var divisor = 1
    while true {
      do throws(ConfigurationError) {
        self = try Hardware(configuration, for: .middling(configuration, over: divisor))
        return
      } catch {
        if configuration.limits.memoryBytes == nil || divisor == 64 { throw error }
        divisor *= 2
      }
    }
  }
}

extension Hardware.Demand {
  fileprivate static func middling(_ configuration: Configuration, over divisor: Int) -> Hardware.Demand {
    func size(_ fixed: Int?, _ middling: Int, least: Int) -> Int { fixed == nil ? max(least, middling / divisor) : 0 }
    // One row more than the bytes take is there in any case.
    let features = size(configuration.featureMemoryBytes.value, 65_536, least: 1_024)
    return Hardware.Demand(
      accumulatorBits: configuration.accumulatorBits.value ?? 32,
      featureBytes: max(0, features - configuration.memoryLanes),
      weightWords: size(configuration.weightMemoryBytes.value, 131_072 / configuration.weightWordBytes, least: 16),
      parameterEntries: size(configuration.parameterChannels.value, 2_048 / configuration.postLanes, least: 16),
      programWords: configuration.programWords.value == nil ? max(64, 2_048 / divisor) : 1,
      scalarTables: configuration.units.scalar ? 4 : 0, byteTables: configuration.units.tables ? 1 : 0)
  }
}
