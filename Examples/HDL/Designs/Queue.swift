// A queue of numbers: what enters at the tail leaves at the head.

import HDL

public struct Queue: Module {
  let depth: Int
  public let input: Target<Stream<Unsigned>>, output: Initiator<Stream<Unsigned>>
  @Output public var count: Unsigned
  @Register var held: Unsigned
  @Register var slots: Vector<Unsigned>

  public init(depth: Int, width: Int) {
    self.depth = depth
    (input, output) = (Target(Stream(width)), Initiator(Stream(width)))
    (_count, _held) = (Output(indexBits(depth + 1)), Register(indexBits(depth + 1)))
    _slots = Register(count: depth, width: width, isReset: false)
  }
  public func body() {
    let tail = Counter("tail", depth, when: input.transfers), head = Counter("head", depth, when: output.transfers)
    input.ready = held !== depth
    output.valid = held !== 0
    output.payload = slots[head.value]
    When(input.transfers) { slots[tail.value] = input.payload }
    held = held &+ input.transfers.asUnsigned &- output.transfers.asUnsigned
    count = held
  }
}
