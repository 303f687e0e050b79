// A serial line, 8N1: a start bit 0, eight data bits, the lowest first, and a stop bit 1, each `divisor` cycles long.

import HDL

public struct UARTTransmitter: Module {
  let divisor: Int
  public let input = Target(Stream<Unsigned>(8))
  @Output() public var line: Bit
  @Register(4) var bitsLeft: Unsigned
  @Register(10, reset: 0x3FF) var shift: Unsigned

  public init(divisor: Int) { self.divisor = divisor }
  public func body() {
    let timer = Counter("timer", divisor, when: bitsLeft !== 0)
    input.ready = bitsLeft === 0
    line = shift[0]
    When(input.transfers) {
      shift = concatenate([Bit(false), input.payload, Bit(true)])
      bitsLeft = 10
    }.ElseWhen(timer.wraps) {
      shift = concatenate([shift[1...], Bit(true)])
      bitsLeft &-= 1
    }
  }
}

public struct UARTReceiver: Module {
  enum State: Int, CaseIterable { case idle, start, data, stop }
  let divisor: Int
  @Input(in: .asynchronous) public var line: Bit
  public let output = Initiator(Stream<Unsigned>(8))
  @Output(documentation: "One cycle long: a stop bit was 0, and the byte is dropped.") public var framingError: Bit
  @Register(3) var place: Unsigned
  @Register(8) var shift: Unsigned
  @Register() var isFull: Bit
  @StateRegister var state: State = .idle

  public init(divisor: Int) { self.divisor = divisor }
  public func body() {
    @Register("timer", indexBits(divisor)) var timer: Unsigned
    let level = synchronized(line, into: .default, reset: 1), isDue = (timer === 0).named("isDue")
    framingError = $state === .stop && isDue && !level
    output.valid = isFull
    output.payload = shift
    When(output.transfers) { isFull = false }
    timer = select(isDue, Unsigned(divisor - 1), timer &- 1)
    Switch($state) {
      Case(.idle) {
        // Half a bit, so that each is looked at in its middle.
        timer = Unsigned(divisor / 2 - 1)
        When(!level && !isFull) { state = .start }
      }
      Case(.start) { When(isDue) { $state = select(level, .idle, .data) } }
      Case(.data) {
        When(isDue) {
          shift[place] = level
          place &+= 1
          When(place.allBitsSet) { state = .stop }
        }
      }
      Case(.stop) { When(isDue) { (isFull, state) = (level, .idle) } }
    }
  }
}
