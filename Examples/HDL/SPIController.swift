// The controlling side of SPI, mode 0: a byte goes out, most significant bit first, while another comes in.
//
// A state machine is an enum. `Switch` over it is checked: every case must be there.

import HDL

public struct SPIController: Module {
  enum State: Int, CaseIterable { case idle, low, high, done }

  /// Clock cycles for half a cycle of the serial clock.
  let halfPeriod: Int
  public let send = Target(Stream<Unsigned>(8))
  public let receive = Initiator(Stream<Unsigned>(8))
  @Output() public var select: Bit
  @Output() public var serialClock: Bit
  @Output() public var serialOut: Bit
  @Input() public var serialIn: Bit
  @StateRegister var state: State = .idle

  public init(halfPeriod: Int) { self.halfPeriod = halfPeriod }

  public func body() {
    @Register<Unsigned>("shift", 8) var shift
    @Register<Unsigned>("bits", 3) var bits
    @Register<Unsigned>("phase", indexBits(halfPeriod)) var phase
    let isElapsed = (phase === Unsigned(halfPeriod - 1)).named("isElapsed")
    phase = HDL.select(isElapsed, 0, phase &+ 1)

    send.ready = $state === .idle
    Switch($state) {
      Case(.idle) {
        phase = 0
        When(send.valid) {
          shift = send.payload
          bits = 7
          state = .low
        }
      }
      Case(.low) {
        When(isElapsed) {
          // The serial clock rises: the peripheral's bit is taken, and pushes ours along.
          shift = concatenate([serialIn, shift[0..<7]])
          state = .high
        }
      }
      Case(.high) {
        When(isElapsed) {
          bits = bits &- 1
          state = .low
          When(bits === 0) { state = .done }
        }
      }
      Case(.done) {
        When(receive.ready) { state = .idle }
      }
    }
    select = ($state === .low) | ($state === .high)
    serialClock = $state === .high
    // What leaves may change only when the serial clock falls, and `shift` has moved on when it rose.
    @Register("outgoing") var outgoing: Bit
    When($state !== .high) { outgoing = shift[7] }
    serialOut = HDL.select($state === .high, outgoing, shift[7])
    receive.valid = $state === .done
    receive.payload = shift
  }
}
