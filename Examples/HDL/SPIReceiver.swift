// The other side of SPI: collects bytes from a serial clock that is not ours.
//
// Our clock is fast enough to watch the serial clock as if it were data: at least four of its cycles for one of that.

import HDL

public struct SPIReceiver: Module {
  @Input(in: .asynchronous) public var select: Bit
  @Input(in: .asynchronous) public var serialClock: Bit
  @Input(in: .asynchronous) public var serialIn: Bit
  @Output(8) public var byte: Unsigned
  /// One cycle long, when `byte` is complete.
  @Output() public var hasArrived: Bit

  public init() {}

  public func body() {
    let isSelected = synchronized(select, into: .default)
    let clockLevel = synchronized(serialClock, into: .default)
    let data = synchronized(serialIn, into: .default)

    @Register("lastClockLevel") var lastClockLevel: Bit
    lastClockLevel = clockLevel
    let rises = (isSelected & clockLevel & !lastClockLevel).named("rises")

    @Register<Unsigned>("shift", 8) var shift
    @Register<Unsigned>("bits", 3) var bits
    @Register("isComplete") var isComplete: Bit
    isComplete = rises & bits.allBitsSet
    When(!isSelected) { bits = 0 }
      .ElseWhen(rises) {
        shift = concatenate([data, shift[0..<7]])
        bits = bits &+ 1
      }
    byte = shift
    hasArrived = isComplete
  }
}
