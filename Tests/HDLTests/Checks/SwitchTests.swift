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
