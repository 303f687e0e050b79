// The first design: a light that changes every so many clock cycles.
//
// A module is a struct. Its stored properties are parameters, ports and registers; `body()` says what is between them.

import HDL

public struct Blinker: Module {
  /// Cycles for which the light is on, and then off.
  let halfPeriod: Int
  /// Widths are numbers that Swift computes: here just enough bits to count to halfPeriod - 1.
  var countBits: Int { indexBits(halfPeriod) }
  @Output() public var light: Bit
  @Register() var isOn: Bit
  @Register(\Self.countBits) var count: Unsigned

  public init(halfPeriod: Int) { self.halfPeriod = halfPeriod }

  public func body() {
    // `=` says what a register becomes at the next clock edge; where nothing is said, it keeps its value.
    When(count === Unsigned(halfPeriod - 1)) {
      count = 0
      isOn = !isOn
    }.Else {
      // `&+` wraps at its width, as in Swift; `+` would be one bit wider, and would not fit.
      count = count &+ 1
    }
    light = isOn
  }
}
