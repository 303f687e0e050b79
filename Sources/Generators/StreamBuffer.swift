// Aligning buffer: runs of any length go in, C bytes a step come out.
//
// A ring of bytes. The feature memory's rotator already puts each byte into the lane of its ring position, so a
// write is an enable per byte and nothing else; windows begin on a multiple of C, so a read is a small
// multiplexer of whole words.

import HDL
import Machine

struct StreamBuffer: Module {
  let lanes: Int
  let dotProduct: Int
  let size: Int
  @Input var clear: Bit
  @Input var write: Bit
  @Input var writePosition: Unsigned
  /// Bytes that arrive.
  @Input var writeCount: Unsigned
  /// Bytes by which the ring fills: more than arrive at the end of a window.
  @Input var writeAdvance: Unsigned
  @Input var writeData: Unsigned
  @Input var pop: Bit
  @Output var available: Bit
  @Output var word: Unsigned

  init(_ c: Configuration) {
    (lanes, dotProduct, size) = (c.memoryLanes, c.dotProduct, c.streamBufferBytes)
    let lane = log2(lanes)
    _clear = Input(); _write = Input(); _writePosition = Input(log2(size))
    _writeCount = Input(lane + 1); _writeAdvance = Input(lane + 1); _writeData = Input(8 * lanes)
    _pop = Input(); _available = Output(); _word = Output(8 * dotProduct)
  }
  var moduleName: String { "stream_buffer" }
  var documentation: String { "Aligning buffer: a ring of \(size) bytes, \(lanes) in and \(dotProduct) out." }

  func body() {
    let positionBits = log2(size)
    let filled = Register<Unsigned>("filled", positionBits + 1)
    let head = Register<Unsigned>("head", positionBits - log2(dotProduct))
    let ring = (0..<size).map { index -> Register<Unsigned> in
      let byte = Register<Unsigned>("byte\(index)", 8, reset: nil)
      let distance = (constant(index, positionBits) &- writePosition).named("distance\(index)")
      When(write & (distance < writeCount)) { byte.value = writeData.byte(index % lanes) }
      return byte
    }
    let added = select(write, writeAdvance, 0).named("added")
    let removed = select(pop, constant(dotProduct, positionBits + 1), 0).named("removed")
    When(clear) {
      filled.value = 0
      head.value = 0
    }.Else {
      filled.value = filled.value &+ added.extended(to: positionBits + 1) &- removed
      When(pop) { head.value = head.value &+ 1 }
    }
    available = filled.value >= constant(dotProduct, positionBits + 1)
    let words = (0..<size / dotProduct).map { index in
      concatenate((0..<dotProduct).map { ring[index * dotProduct + $0].value })
    }
    word = choose(head.value, words)
  }
}
