import HDL
import Testing

/// Declarations make sense by themselves.

private struct Declarations: Module, HasBase {
  static let base = #line
  @Input(0) var a: Unsigned
  @Register(3, reset: 9) var r: Unsigned
  @Register(3, reset: -5) var s: Signed
  @Output() var y: Bit
  @Input(2) var b: Bit
  init() {}
  func body() {
    y = a[0] & b
    r = r &+ 1
    s = s &+ 1
  }
}

@Test func declarations() {
  expectFindings(
    Declarations(),
    "+1: 'a' cannot be 0 bits wide; the least is 1",
    "+2: the reset value 9 does not fit 'r' (unsigned 3-bit)",
    "+3: the reset value -5 does not fit 's' (signed 3-bit)",
    "+5: 'b' is a Bit and cannot be 2 bits wide; declare it as Unsigned")
}
