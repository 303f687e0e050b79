// Aligning buffer: runs of any length go in, C bytes a step come out.
//
// A ring of bytes. The feature memory's rotator already puts each byte into the lane of its ring position, so a
// write is an enable per byte and nothing else; windows begin on a multiple of C, so a read is a small
// multiplexer of whole words. Where r elements share an output, windows begin on a multiple of r·C and a read takes as much.

import HDL
import Machine

struct StreamBuffer: Module {
  let configuration: Configuration
  var positionBits: Int { configuration.streamBufferBytes.log2 }
  var wordWidth: Int { 8 * configuration.dotProduct }
  var wordsWidth: Int { wordWidth * configuration.mergedElements }
  var streamWrite: StreamWrite { StreamWrite(configuration) }
  var streamRead: StreamRead { StreamRead(configuration) }
  @Input() var clear: Bit
  let write = Target(\Self.streamWrite)
  let read = Target(\Self.streamRead)
  /// The C bytes that `read` takes for each part of the elements, all the same where none share an output.
  @Output(\Self.wordsWidth) var words: Unsigned

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
    let merged = MergedChoice(configuration, read.merged.levels.map(\.isAsked)), parts = merged.parts
    let taken = merged.pick { Unsigned($0 * dotProduct, width: positionBits + 1) }.named("taken")
    let removed = select(read.pop, taken, 0).named("removed")
    When(clear) {
      filled.value = 0
      head.value = 0
    }.Else {
      filled.value = filled.value &+ added.extended(to: positionBits + 1) &- removed
      When(read.pop) { head.value = head.value &+ merged.pick { Unsigned($0, width: positionBits - dotProduct.log2) } }
    }
    read.available = filled.value >= taken
    // As many words as elements can share an output lie side by side; what a part takes of them depends on how many do.
    let rows = (0..<size / (dotProduct * parts)).map { row in
      concatenate((0..<dotProduct * parts).map { ring[row * dotProduct * parts + $0].value })
    }
    let row = choose(head.value[parts.log2...], rows).named("row")
    words = concatenate((0..<parts).map { part -> Unsigned in
      if parts == 1 { return row }
      let place = head.value[0..<parts.log2] | merged.pick { Unsigned(part * $0 / parts, width: parts.log2) }
      return choose(place.named("place\(part)"), (0..<parts).map { row[wordWidth * $0..<wordWidth * ($0 + 1)] }).named("word\(part)")
    })
  }
}
