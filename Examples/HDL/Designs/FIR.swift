// Filters with a finite impulse response: a weighted sum of the last samples, modulo 2 to the power of the width.

import HDL

/// As many taps as there are coefficients, the first for the newest sample.
public struct FIR: Module {
  let coefficients: [Int], width: Int
  @Input(\Self.width) public var x: Unsigned
  @Output(\Self.width) public var y: Unsigned

  public init(coefficients: [Int], width: Int = 8) { (self.coefficients, self.width) = (coefficients, width) }
  public func body() {
    let past = ShiftRegister("past", of: x, count: coefficients.count - 1)
    y = zip([x] + past.values, coefficients).map { $0 * $1 }.reduce(0, +).truncated(to: width)
  }
}

/// The same with four taps, written out.
public struct FIR4: Module {
  @Input(8) public var x: Unsigned
  @Output(8) public var y: Unsigned
  @Register(8) var x1: Unsigned
  @Register(8) var x2: Unsigned
  @Register(8) var x3: Unsigned

  public init() {}
  public func body() {
    (x1, x2, x3) = (x, x1, x2)
    y = (x * 1 + x1 * 2 + x2 * 3 + x3 * 4).truncated(to: 8)
  }
}
