// Queue of finished tiles: sums that wait for the post unit while the array works on.
//
// A tile of few steps takes longer to drain than to compute, and one of many far less. The queue lets the array run ahead by
// as many tiles as it holds, also into the next layer. It is a memory with a word for a tile; the word at the head is always being read, so that
// it is there when the shadow registers are free.

import HDL
import Machine

struct TileQueue: Module {
  let tiles: Int
  let width: Int
  var addressBits: Int { indexBits(tiles) }
  /// A tile is finished. Whoever finishes one knows that there is room.
  @Input() var capture: Bit
  @Input(\Self.width) var tile: Unsigned
  /// The shadow registers can take a tile at the end of this cycle.
  @Input() var ready: Bit
  /// Everything was stopped: what is here and what comes now counts no more.
  @Input() var discards: Bit
  /// The tile at the head leaves.
  @Output() var leaves: Bit
  @Output(\Self.width) var head: Unsigned

  init(tiles: Int, width: Int) { (self.tiles, self.width) = (tiles, width) }
  var moduleName: String { "tile_queue" }
  var documentation: String { "\(tiles) finished tiles that wait for the post unit." }

  func body() {
    precondition(Timing.tileQueue == Timing.memoryRead + 1, "a tile is read in the cycle after its write")
    let first = Register<Unsigned>("first", addressBits), next = Register<Unsigned>("next", addressBits)
    // Tiles whose word has been read at least once since it was written.
    let waiting = Register<Unsigned>("waiting", addressBits + 1)
    let written = Register<Bit>("written")
    let taken = (ready & (waiting.value !== 0)).named("taken")
    let following = select(taken, first.value &+ 1, first.value).named("following")
    When(discards) {
      first.value = 0; next.value = 0; waiting.value = 0; written.value = false
    }.Else {
      first.value = following
      When(capture) { next.value = next.value &+ 1 }
      written.value = capture
      waiting.value = waiting.value &+ written.value.asUnsigned.extended(to: addressBits + 1) &- taken.asUnsigned.extended(to: addressBits + 1)
    }
    let words = Memory("words", depth: tiles, width: width)
    words.write(at: next.value, tile, when: capture)
    head = words.read(at: following, when: true)
    leaves = taken
  }
}
