/// SystemVerilog text, one file per module: what `VerilogPrinter` prints, with the types and processes of IEEE 1800.
///
/// It is the common part of what Verilator, Icarus and Yosys read; `docs/hdl/verilog.md` says what that leaves out.
public enum SystemVerilogPrinter {
  /// One file per module, leaves first; `name` is the module's name, without an extension.
  public static func files(_ design: Design) -> [(name: String, text: String)] { moduleTexts(design, .systemVerilog) }
  /// All modules in one text, leaves first.
  public static func text(_ design: Design) -> String {
    files(design).map(\.text).joined(separator: "\n")
  }
  /// JSON for each module, leaves first; `name` is the module's name. To be written as `name.map.json` beside `name.sv`.
  public static func positions(_ design: Design) -> [(name: String, text: String)] { modulePositions(design, .systemVerilog) }
  /// The files that memories with `Memory.Contents.file` are read from, by name: a word on each line, in hexadecimal.
  public static func memoryFiles(_ design: Design) -> [(name: String, text: String)] { VerilogPrinter.memoryFiles(design) }
}
