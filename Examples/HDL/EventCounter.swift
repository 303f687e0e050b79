// A counter with an enable: counts the cycles in which `event` is true, and starts again after `limit`.

import HDL

public struct EventCounter: Module {
  let limit: Int
  var countBits: Int { indexBits(limit + 1) }
  @Input() public var event: Bit
  @Input() public var clear: Bit
  @Output(\Self.countBits) public var count: Unsigned
  /// True in the cycle in which the count goes back to 0 by itself.
  @Output() public var wraps: Bit

  public init(limit: Int) { self.limit = limit }

  public func body() {
    // Registers may also be declared where they are needed; the name is the one in the Verilog and in waveforms.
    @Register<Unsigned>("held", count.width) var held
    let isLast = (held === Unsigned(limit)).named("isLast")
    When(clear) { held = 0 }
      .ElseWhen(event) { held = select(isLast, 0, held &+ 1) }
    count = held
    wraps = event & isLast & !clear
  }
}
