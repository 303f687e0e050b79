// A read of a memory of words.

import HDL
import Machine

/// One word, `Timing.memoryRead` cycles after its address.
struct MemoryRead: PortBundle {
  /// Without it the last word stays.
  let enable = Forward<Bit>()
  let address: Forward<Unsigned>
  let data: Backward<Unsigned>

  /// - Parameters:
  ///   - depth: words of the memory.
  ///   - width: bits of a word.
  init(depth: Int, width: Int) { (address, data) = (Forward(indexBits(depth)), Backward(width)) }
}
