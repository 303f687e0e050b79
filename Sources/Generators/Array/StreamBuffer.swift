// Aligning buffer: runs of any length go in, C bytes a step come out.
//
// A ring of bytes. The feature memory's rotator already puts each byte into the lane of its ring position, so a
// write is an enable per byte and nothing else; windows begin on a multiple of C, so a read is a small
// multiplexer of whole words.

import HDL
import Machine

struct StreamBuffer: Module {
  let configuration: Configuration
  var positionBits: Int { configuration.streamBufferBytes.log2 }
  var wordWidth: Int { 8 * configuration.dotProduct }
  var streamWrite: StreamWrite { StreamWrite(configuration) }
  @Input() var clear: Bit
  let write = Target(\Self.streamWrite)
  let read = Target(StreamRead())
  /// The C bytes that `read` takes.
  @Output(\Self.wordWidth) var word: Unsigned

  init(_ configuration: Configuration) { self.configuration = configuration }
  var moduleName: String { "stream_buffer" }
  var documentation: String {
    let c = configuration
    return "Aligning buffer: a ring of \(c.streamBufferBytes) bytes, \(c.memoryLanes) in and \(c.dotProduct) out."
  }

  func body() {
    let dotProduct = configuration.dotProduct, size = configuration.streamBufferBytes
    let filled = Register<Unsigned>("filled", positionBits + 1)
    let head = Register<Unsigned>("head", positionBits - dotProduct.log2)
    let ring = (0..<size).map { index -> Register<Unsigned> in
      let byte = Register<Unsigned>("byte\(index)", 8, reset: nil)
      let distance = (Unsigned(index, width: positionBits) &- write.position).named("distance\(index)")
      When(write.enable & (distance < write.count)) { byte.value = write.data.byte(index % configuration.memoryLanes) }
      return byte
    }
    let added = select(write.enable, write.advance, 0).named("added")
    let removed = select(read.pop, Unsigned(dotProduct, width: positionBits + 1), 0).named("removed")
    When(clear) {
      filled.value = 0
      head.value = 0
    }.Else {
      filled.value = filled.value &+ added.extended(to: positionBits + 1) &- removed
      When(read.pop) { head.value = head.value &+ 1 }
    }
    read.available = filled.value >= Unsigned(dotProduct)
    let words = (0..<size / dotProduct).map { index in
      concatenate((0..<dotProduct).map { ring[index * dotProduct + $0].value })
    }
    word = choose(head.value, words)
  }
}
