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

extension [VerilogFile] {
  /// The module that a design instantiates: the last of its files.
  public var topModule: String { last?.name ?? "top" }
}

/// Generates the accelerator: one file per module, the top last.
/// - Parameter prefix: what the names of all modules begin with; by default what `ModulePrefix` makes of the hardware.
/// - Throws: what elaboration finds wrong with the design; that is a defect of the generators.
public func makeVerilog(for hardware: Hardware, prefix: ModulePrefix? = nil) throws -> [VerilogFile] {
  let design = try elaborateAccelerator(hardware, prefix: (prefix ?? ModulePrefix(hardware)).text)
  return VerilogPrinter.files(design).map { VerilogFile(name: $0.name, text: licensed($0.text, comment: "//")) }
}
