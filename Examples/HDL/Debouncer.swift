// A push button, made fit for logic: it changes when it likes, and bounces.
//
// A signal that follows no clock must not be used as it is: a register that samples it while it changes may hesitate.
// `.asynchronous` says so of a port, and elaboration then insists on a synchronizer.

import HDL

public struct Debouncer: Module {
  /// Cycles for which the button must rest before it is believed.
  let rest: Int
  @Input(in: .asynchronous) public var button: Bit
  @Output() public var isPressed: Bit
  /// One cycle long, when the button goes down.
  @Output() public var pressed: Bit

  public init(rest: Int) { self.rest = rest }

  public func body() {
    let level = synchronized(button, into: .default)
    @Register("believed") var believed: Bit
    @Register<Unsigned>("quiet", indexBits(rest + 1)) var quiet

    let differs = (level !== believed).named("differs")
    let isBelieved = (differs & (quiet === Unsigned(rest))).named("isBelieved")
    // A later assignment overrides an earlier one, so the default comes first.
    quiet = 0
    When(differs & !isBelieved) { quiet = quiet &+ 1 }
    When(isBelieved) { believed = level }

    isPressed = believed
    pressed = isBelieved & level
  }
}
