// A value for each layer register that a step cares about.

import Machine

/// The layer registers of one step; a register that its engines do not look at has no value.
struct RegisterFile: Sendable, Hashable {
  private var values = [Int?](repeating: nil, count: LayerRegister.allCases.count)

  /// The value of `register`, 0 when it has none.
  subscript(register: LayerRegister) -> Int {
    get { values[register.rawValue] ?? 0 }
    set { values[register.rawValue] = newValue }
  }

  /// The value of `register`; nil when the step does not use it.
  func assigned(_ register: LayerRegister) -> Int? { values[register.rawValue] }

  var mode: LayerMode {
    get { LayerMode(rawValue: self[.mode]) }
    set { self[.mode] = newValue.rawValue }
  }
}

/// ⌈a / b⌉ for a ≥ 0, b > 0.
func dividedUp(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }
