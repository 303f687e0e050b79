import HDL
import Testing

/// Every output and wire is driven on every path, and nothing twice.

private struct Undriven: Module, HasBase {
  static let base = #line
  @Input(8) var a: Unsigned
  @Output(8) var y: Unsigned
  @Output() var flag: Bit
  @Wire(4) var inner: Signed
  @Register(3) var count: Unsigned
  let drives: Bool
  init(drives: Bool) { self.drives = drives }
  func body() {
    guard drives else { return }
    y = a
    flag = inner < 0
    inner = -1
    count = a[0..<3]
  }
}

@Test func undriven() {
  expectFindings(Undriven(drives: true))
  expectFindings(
    Undriven(drives: false),
    "+2: output 'y' (unsigned 8-bit) is never driven; assign it in body()",
    "+3: output 'flag' (1-bit) is never driven; assign it in body()",
    "+4: wire 'inner' (signed 4-bit) is never driven; assign it in body()",
    "+5: register 'count' (unsigned 3-bit) is never assigned; assign it or replace it by a constant")
}

private struct Latch: Module, HasBase {
  static let base = #line
  @Input(2) var a: Unsigned
  @Output(2) var y: Unsigned
  @Output(2) var z: Unsigned
  @Output(2) var register: Unsigned
  @Register(2) var held: Unsigned
  let complete: Bool
  init(complete: Bool) { self.complete = complete }
  func body() {
    if complete { y = 0 }
    When(a === 1) { y = 1 }.ElseWhen(a === 2) { y = 2 }
    Switch(a) {
      Case(0) { z = 1 }
      Case(1, 2) { When(a[0]) { z = 2 }.Else { z = 3 } }
      Default { if complete { z = 0 } }
    }
    When(a === 3) { held = a }
    register = held
  }
}

@Test func latch() {
  expectFindings(Latch(complete: true))
  expectFindings(
    Latch(complete: false),
    "+2: output 'y' (unsigned 2-bit) is not assigned on every path, which would need a latch; assign a default before the When",
    "+3: output 'z' (unsigned 2-bit) is not assigned on every path, which would need a latch; assign a default before the When")
}

private struct SeveralDrivers: Module, HasBase {
  static let base = #line
  @Input() var a: Bit
  @Output(2) var y: Unsigned
  @Register(2) var held: Unsigned
  let twice: Bool
  init(twice: Bool) { self.twice = twice }
  func body() {
    y = 0
    When(a) {
      y = 1
      if twice { y = 2 }
    }
    if twice { y = 3 }
    When(a) { held = 1 }
    When(!a) { held = 2 }
    if twice { held = 3 }
    let other = instance("other", Passive())
    other.$x = a
    if twice { other.$x = !a }
    let ram = Memory("ram", depth: 4, width: 2)
    ram.write(at: held, y, when: a)
    ram.write(at: held ^ 1, y, when: a)
    if twice { ram.write(at: held, y, when: !a) }
    let word = ram.read(at: held)
    let sink = instance("sink", Passive())
    sink.$x = word.anyBitSet
  }
}

@Test func severalDrivers() {
  expectFindings(SeveralDrivers(twice: false))
  expectFindings(
    SeveralDrivers(twice: true),
    "+16: input 'other.x' has several drivers; connect it once",
    "+19: memory 'ram' has several drivers: only two write ports are possible; select the address and data before one",
    "+8: 'y' (unsigned 2-bit) has several drivers: an unconditional assignment hides an earlier one; put the default first and exceptions in a When after it",
    "+2: 'y' (unsigned 2-bit) has several drivers: an unconditional assignment hides an earlier one; put the default first and exceptions in a When after it",
    "+3: 'held' (unsigned 2-bit) has several drivers: an unconditional assignment hides an earlier one; put the default first and exceptions in a When after it")
}
