// Merges streams of packets, in turn and packet by packet, into a queue; `user` says where a beat came from.

import HDL

/// A beat of AXI4-Stream.
public struct Beat: Record {
  public let data: Forward<Unsigned>, keep: Forward<Unsigned>, user: Forward<Unsigned>
  public let last = Forward<Bit>()
  public init(bytes: Int, user: Int) { (data, keep, self.user) = (Forward(8 * bytes), Forward(bytes), Forward(user)) }
}

public struct PacketArbiter: Module {
  let beat: Stream<Beat>, depth: Int
  public let inputs: [Target<Stream<Beat>>]
  public let output: Initiator<Stream<Beat>>
  @Output(16, documentation: "Packets that have left.") public var packets: Unsigned
  @Register(16) var count: Unsigned

  public init(ports: Int, bytes: Int, depth: Int) {
    let beat = Stream(Beat(bytes: bytes, user: indexBits(ports)))
    (self.beat, self.depth) = (beat, depth)
    inputs = (0..<ports).map { _ in Target(beat) }
    output = Initiator(beat)
  }
  public func body() {
    let arbiter = instance("arbiter", StreamArbiter(beat, inputs: inputs.count, .roundRobin, until: \.last))
    let fifo = instance("fifo", FIFO(beat, depth: depth))
    for (index, input) in inputs.enumerated() { connect(input, to: arbiter.inputs[index]) }
    var marked = Packed(arbiter.output.payload)
    marked.user = arbiter.$source
    fifo.input.payload.send(marked)
    fifo.input.valid = arbiter.output.valid
    arbiter.output.ready = fifo.input.ready
    connect(fifo.output, to: output)
    When(output.transfers && output.payload.last) { count &+= 1 }
    packets = count
  }
}
