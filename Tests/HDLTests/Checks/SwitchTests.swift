import HDL
import Testing

/// Every value has one case.

private struct Switches: Module, HasBase {
  enum State: Int, CaseIterable { case idle, run, done }
  static let base = #line
  @Input(2) var a: Unsigned
  @Output(2) var y: Unsigned
  @StateRegister var state: State = .idle
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    y = 0
    Switch($state) {
      Case(.idle) { state = .run }
      Case(wrong ? .idle : .run) { state = .done }
      if !wrong { Case(.done) { state = .idle } }
    }
    Switch(a) {
      Case(0) { y = 1 }
      Case(1, wrong ? 1 : 2) { y = 2 }
      Case(wrong ? 4 : 3) { y = 3 }
    }
    Switch(a) {
      Default { y = 1 }
      if wrong { Case(2) { y = 0 } }
      if wrong { Default { y = 3 } }
    }
    let wide = concatenate([a, a, a, a, a, a, a])
    Switch(wide) {
      Case(9) { y = 3 }
      if !wrong { Default {} }
    }
  }
}

@Test func switches() {
  expectFindings(Switches(wrong: false))
  expectFindings(
    Switches(wrong: true),
    "+10: Case(.idle) appears twice in the Switch over 'state'; merge the two",
    "+8: the Switch over 'state' misses .run, .done; add the Case or a Default",
    "+15: Case(1) appears twice in the Switch over 'a'; merge the two",
    "+16: Case(4) can never match 'a' (unsigned 2-bit)",
    "+13: the Switch over 'a' misses 2, 3; add the Case or a Default",
    "+20: a Case after Default is confusing; put Default last",
    "+21: the Switch over 'a' has two Defaults; keep one",
    "+24: the Switch over 'concatenate(…)' (unsigned 14-bit) has no Default; add Default { }")
}

private struct Kinds: Module {
  @Input(5) var a: Unsigned
  @Input(3) var s: Signed
  @Input() var p: Bit
  @Output(3) var range: Unsigned
  @Output(2) var pattern: Unsigned
  @Output(2) var sign: Unsigned
  @Output() var bit: Bit
  func body() {
    range = 0
    Switch(a) {
      Case(0..<4) { range = 1 }
      Case(8...15, body: { range = 2 })
      Case(31) { range = 3 }
      Default {}
    }
    Switch(a) {
      Case(bits: "1_??_00") { pattern = 1 }
      Case(bits: "0???1") { pattern = 2 }
      Default { pattern = 0 }
    }
    Switch(s) {
      Case(-4 ... -1) { sign = 2 }
      Case(0) { sign = 0 }
      Case(1, 2, 3) { sign = 1 }
    }
    Switch(p) {
      Case(true) { bit = a[0] }
      Case(false) { bit = s[0] }
    }
  }
}

@Test func rangesPatternsSignsAndBits() throws {
  let simulation = try Simulation(Kinds())
  for a in 0..<32 {
    for s in -4..<4 {
      (simulation.a, simulation.s, simulation.p) = (a, s, a & 4 != 0)
      #expect(simulation.range == (a < 4 ? 1 : 8...15 ~= a ? 2 : a == 31 ? 3 : 0))
      #expect(simulation.pattern == (a & 19 == 16 ? 1 : a & 17 == 1 ? 2 : 0))
      #expect(simulation.sign == (s < 0 ? 2 : s > 0 ? 1 : 0) && simulation.bit == ((a & 4 != 0 ? a : s) & 1 == 1))
    }
  }
}

private struct WrongLabels: Module, HasBase {
  static let base = #line
  @Input(4) var a: Unsigned
  @Input(2) var s: Signed
  @Output(4) var y: Unsigned
  func body() {
    Switch(a) {
      Case() { y = 3 }
      Case(bits: "1x") { y = 1 }
      Default { y = 2 }
    }
    When(a === 1) {
      Switch(s) {
        Case(2) { y = 1 }
        Default {}
      }
    }
  }
}

@Test func labelsThatSayNothing() {
  expectFindings(
    WrongLabels(), "+6: a Case without values never applies; name some, or write Default",
    "+7: Case(bits: \"1x\") is no pattern: write 0, 1 and at most 12 question marks",
    "+12: Case(2) can never match 's' (signed 2-bit)")
}
