import HDL
import Testing

/// What the tests of the library expect of a module, word for word.

/// The Verilog of the module itself, without that of what is inside.
func expectVerilog(_ module: some Module, _ expected: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
  let text = try VerilogPrinter.files(elaborate(module)).last?.text
  #expect(text == expected, sourceLocation: sourceLocation)
}

/// Everything that elaboration finds wrong, without places.
func messages(_ module: some Module) -> [String] {
  do {
    _ = try elaborate(module)
    return []
  } catch {
    return error.diagnostics.map(\.message)
  }
}
