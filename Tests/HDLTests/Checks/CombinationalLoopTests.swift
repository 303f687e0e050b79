import HDL
import Testing

/// No value follows itself within a cycle.

private struct Loops: Module, HasBase {
  static let base = #line
  @Input(8) var a: Unsigned
  @Output(8) var y: Unsigned
  @Wire(8) var first: Unsigned
  @Wire(8) var second: Unsigned
  @Register(8) var held: Unsigned
  let broken: Bool
  init(broken: Bool) { self.broken = broken }
  func body() {
    first = second &+ 1
    second = held
    When(a[0]) { second = broken ? ~first : ~held }
    held = first
    let adder = instance("adder", Adder())
    let delay = instance("delay", Delay())
    adder.$a = a
    adder.$b = broken ? (adder.$sum ^ a) : delay.$q
    delay.$d = adder.$sum
    y = adder.$sum
  }
}

@Test func combinationalLoops() {
  expectFindings(Loops(broken: false))
  expectFindings(
    Loops(broken: true),
    "+13: combinational loop adder.sum -> adder.sum; put a Register on this path",
    "+3: combinational loop first -> second -> first; put a Register on this path")
}

/// A wire that follows itself through the condition around its assignment.
private struct ConditionLoop: Module, HasBase {
  static let base = #line
  @Input() var a: Bit
  @Output() var y: Bit
  func body() {
    y = 0
    When(y ^ a) { y = 1 }
  }
}

@Test func loopThroughACondition() {
  expectFindings(ConditionLoop(), "+2: combinational loop y -> y; put a Register on this path")
}
