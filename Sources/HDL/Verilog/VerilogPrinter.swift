/// Verilog-2005 text, one file per module, written the way a person would: control structure and
/// names are kept, temporaries appear only where Verilog's grammar or a second use asks for them.
///
/// Width and sign never rely on Verilog's implicit rules: every operand is printed at its exact width,
/// and signed operations get operands that are signed as Verilog sees them. So linters have nothing to say.
public enum VerilogPrinter {
  /// One file per module, leaves first; `name` is the module's name, without an extension.
  public static func files(_ design: Design) -> [(name: String, text: String)] { moduleTexts(design, .verilog) }
  /// All modules in one text, leaves first.
  public static func text(_ design: Design) -> String {
    files(design).map(\.text).joined(separator: "\n")
  }
}

/// The text of every module.
func moduleTexts(_ design: Design, _ dialect: VerilogDialect) -> [(name: String, text: String)] {
  design.modules.map { definition in
    var writer = VerilogModule(definition.graph, dialect)
    return (definition.name, writer.text())
  }
}
