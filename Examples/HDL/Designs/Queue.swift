// A queue: numbers leave in the order in which they came.
//
// Two counters go round a memory, one where numbers enter and one where they leave. The memory is read without a
// clock, so that the first number stands at the output by itself.

import HDL

public struct Queue: Module {
  let depth: Int, width: Int
  public let input: Target<Stream<Unsigned>>, output: Initiator<Stream<Unsigned>>
  @Output public var count: Unsigned

  public init(depth: Int, width: Int) {
    (self.depth, self.width, input, output) = (depth, width, Target(Stream(width)), Initiator(Stream(width)))
    _count = Output(indexBits(depth + 1))
  }
  public func body() {
    let tail = Counter("tail", depth, when: input.transfers), head = Counter("head", depth, when: output.transfers)
    let slots = Memory("slots", depth: depth, width: width)
    slots.write(at: tail.value, input.payload, when: input.transfers)
    @Register("held", count.width) var held: Unsigned
    held = held &+ input.transfers.asUnsigned &- output.transfers.asUnsigned
    (input.ready, output.valid) = (held !== depth, held !== 0)
    (output.payload, count) = (slots[head.value], held)
  }
}
