import HDL
import Testing

/// Every input of every instance is connected, once, and fits.

private struct Connections: Module, HasBase {
  static let base = #line
  @Input(9) var a: Unsigned
  @Output(8) var y: Unsigned
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    let adder = instance("adder", Adder())
    if !wrong { adder.$b = 1 }
    adder.$a = wrong ? a : a[0..<8]
    y = adder.$sum
    if wrong {
      When(a[0]) { adder.$b = 2 }
      _ = instance("lonely", Adder())
    }
  }
}

@Test func connections() {
  expectFindings(Connections(wrong: false))
  expectFindings(
    Connections(wrong: true),
    "+6: 'a' (unsigned 9-bit) cannot be connected to 'adder.a' (unsigned 8-bit): 1 bit would be lost; drop it with .truncated(to: 8)",
    "+11: input 'adder.b' is driven inside a When or Switch; drive a Wire there and connect that",
    "+12: input 'lonely.a' (unsigned 8-bit) is not connected; drive it with lonely.$a = …",
    "+12: input 'lonely.b' (unsigned 8-bit) is not connected; drive it with lonely.$b = …")
}
