import HDL
import Testing

/// Every When does something.

private struct Idle: Module, HasBase {
  static let base = #line
  @Input(8) var a: Unsigned
  @Input() var invert: Bit
  @Output(8) var y: Unsigned
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    var value = a
    if wrong {
      // Swift's own variable: assigned whatever `invert` is.
      When(invert) { value = ~a }
      When(a[0]) { When(a[1]) {}.ElseWhen(a[2]) {}.Else {} }
      Switch(a[0..<1]) {
        Case(0) { value = a }
        Default { value = a &+ 1 }
      }
    }
    // These do something: an arm may be empty, a property is enough, and so is one further in.
    y = value
    When(a[3]) {}.Else { y = 0 }
    When(a[4]) { Assert(a[5], "five follows four") }
    When(a[6]) { When(a[7]) { Cover(invert, "sometimes") } }
    Switch(a[0..<1]) {
      Case(0) { Assert(a[1] | !a[1], "always") }
      Default {}
    }
  }
}

@Test func emptyWhens() {
  expectFindings(Idle(wrong: false))
  let text = "assigns no hardware; assign a port, Wire or Register in it (a Swift variable changes whatever the condition is), or leave it out"
  expectFindings(Idle(wrong: true), "+10: this When \(text)", "+11: this When \(text)", "+12: this Switch \(text)")
}
