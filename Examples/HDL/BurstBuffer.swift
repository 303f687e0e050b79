// Samples that trickle in leave in bursts: a queue, and a decision when to open it.
//
// A `Stream` is a payload with `valid` and `ready`; it is transferred in the cycles in which both are true. This
// module is the target of one stream and the initiator of another.

import HDL

public struct BurstBuffer: Module {
  /// Samples of a burst.
  let burst: Int
  public let input: Target<Stream<Unsigned>>
  public let output: Initiator<Stream<Unsigned>>

  public init(width: Int, burst: Int) {
    self.burst = burst
    input = Target(Stream(width))
    output = Initiator(Stream(width))
  }

  public func body() {
    let queue = instance("queue", FIFO(Stream<Unsigned>(input.payload.width), depth: 2 * burst))
    // All signals of a bundle in one statement, both ways.
    connect(input, to: queue.input)

    // Samples of the burst that have still to leave.
    @Register<Unsigned>("rest", queue.$level.width) var rest
    let isOpen = (rest !== 0).named("isOpen")
    output.payload = queue.output.payload
    output.valid = queue.output.valid & isOpen
    queue.output.ready = output.ready & isOpen
    When(!isOpen) {
      When(queue.$level >= Unsigned(burst)) { rest = Unsigned(burst) }
    }.ElseWhen(output.valid & output.ready) {
      rest = rest &- 1
    }
  }
}
