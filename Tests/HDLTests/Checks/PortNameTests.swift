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
