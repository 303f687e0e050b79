import HDL
import Testing

/// Compares the Verilog of a module, without those below it, word for word.
func expectVerilog(
  _ module: some Module, in domain: ClockDomain = .default, _ expected: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws {
  let text = try VerilogPrinter.files(elaborate(module, in: domain)).last?.text ?? ""
  #expect(text == expected, sourceLocation: sourceLocation)
}
