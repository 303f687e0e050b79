import HDL
import Testing

/// The clock and the reset are there without being declared.
private struct FromVerilog: Module, HasBase {
  static let base = #line
  @Input() var clock: Bit
  @Input() var reset: Bit
  @Output() var y: Bit
  func body() { y = clock ^ reset }
}

@Test func clockAndResetAreImplicit() {
  expectFindings(FromVerilog(),
    "+1: port 'clock' has the name of the clock that every module has without declaring it; remove it, or give it another name",
    "+2: port 'reset' has the name of the reset that every module has without declaring it; remove it, or give it another name")
}

private struct Alike: Module, HasBase {
  static let base = #line
  @Input(4) var dataIn: Unsigned
  @Input(4) var data_in: Unsigned
  @Output(4) var y: Unsigned
  func body() { y = dataIn ^ data_in }
}

@Test func portsThatAreOneInVerilog() {
  expectFindings(Alike(), "+2: ports 'dataIn' and 'data_in' are both 'data_in' in Verilog; give one another name")
}

private struct Turn: Module {
  @Output() var turn: Bit
  @Register() var turns: Bit
  func body() {
    turns = !turns
    turn = turns
  }
}

private struct Turns: Module {
  @Output() var y: Bit
  func body() { y = instance("turn", Turn()).$turn }
}

@Test func aPortMayBeCalledLikeItsModule() throws {
  let text = try VerilogPrinter.text(elaborate(Turns()))
  #expect(text.contains("module turn (") && text.contains("  output wire turn\n") && text.contains("    .turn("))
}
@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersKnowTwoNamespaces() throws {
  let complaints = try lint(elaborate(Turns()))
  #expect(complaints == "")
}
