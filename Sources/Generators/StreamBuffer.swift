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
  var positionBits: Int { log2(size) }
  var countBits: Int { log2(lanes) + 1 }
  var arrivalWidth: Int { 8 * lanes }
  var wordWidth: Int { 8 * dotProduct }
  @Input() var clear: Bit
  @Input() var write: Bit
  @Input(\Self.positionBits) var writePosition: Unsigned
  /// Bytes that arrive.
  @Input(\Self.countBits) var writeCount: Unsigned
  /// Bytes by which the ring fills: more than arrive at the end of a window.
  @Input(\Self.countBits) var writeAdvance: Unsigned
  @Input(\Self.arrivalWidth) var writeData: Unsigned
  @Input() var pop: Bit
  @Output() var available: Bit
  @Output(\Self.wordWidth) var word: Unsigned

  init(_ c: Configuration) {
    (lanes, dotProduct, size) = (c.memoryLanes, c.dotProduct, c.streamBufferBytes)
  }
  var moduleName: String { "stream_buffer" }
  var documentation: String { "Aligning buffer: a ring of \(size) bytes, \(lanes) in and \(dotProduct) out." }

  func body() {
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
