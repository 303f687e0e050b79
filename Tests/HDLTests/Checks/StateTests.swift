import HDL
import Testing

/// The state of a machine is hardware, not a Swift value.

private struct ReadsState: Module, HasBase {
  enum State: Int, CaseIterable { case idle, run }
  static let base = #line
  @StateRegister var state: State = .idle
  @Output() var y: Bit
  init() {}
  func body() {
    y = Bit(state == .idle)
    state = .run
  }
}

@Test func stateIsNotASwiftValue() {
  expectFindings(ReadsState(), "+2: a state register cannot be read as a Swift value; its hardware value is $state, as in $state === .case, Switch($state), $other = $state")
}

private struct NegativeState: Module, HasBase {
  enum State: Int, CaseIterable { case below = -1, above = 1 }
  static let base = #line
  @StateRegister var state: State = .above
  @Output() var y: Bit
  init() {}
  func body() {
    state = .above
    y = $state === .above
  }
}
@Test func statesHaveAnEncoding() {
  expectFindings(NegativeState(), "+1: 'state' has a case with a negative raw value, which has no encoding")
}
