import HDL
import Testing

/// How integer literals find their width, seen in the Verilog.
private struct Literals: Module {
  @Input(8) var u: Unsigned
  @Input(6) var s: Signed
  @Output(9) var sum: Unsigned
  @Output(11) var product: Unsigned
  @Output(30) var biased: Signed
  @Output(6) var negative: Signed
  @Output() var test: Bit
  @Output(100) var wide: Unsigned
  func body() {
    sum = u + 200
    product = u * 5
    biased = s.extended(to: 30) &+ (1 << 20)
    negative = select(u[0], -32, s)
    test = (s === -1) ^ (u > Unsigned(0xF0))
    wide = 3
  }
}
@Test func literalsAdapt() throws {
  let text = try VerilogPrinter.text(elaborate(Literals()))
  for line in [
    "assign sum = {1'd0, u} + 9'd200;",
    "assign product = u * 3'd5;",
    "assign biased = {{24{s[5]}}, s} + 30'sh100000;",
    "assign negative = u[0] ? -6'sd32 : s;",
    "assign test = (s == -6'sd1) ^ (u > 8'd240);",
    "assign wide = 100'd3;",
  ] { #expect(text.contains(line), "\(line)\n\(text)") }
}
