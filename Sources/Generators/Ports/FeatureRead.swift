// Reads of the feature memory by those who want a few bytes.

import HDL
import Machine

/// Some bytes from any address, `Timing.featureRead` cycles after the request.
struct FeatureRead: PortBundle {
  let enable = Forward<Bit>()
  let address = Forward<Unsigned>(Configuration.addressBits)
  /// Bytes that are needed and must exist: 1...V.
  let count: Forward<Unsigned>
  /// The first byte is the lowest.
  let data: Backward<Unsigned>

  /// - Parameters:
  ///   - bytes: the most that are needed, and as many as `data` has.
  ///   - lanes: V, the bytes that the memory reads at once.
  init(bytes: Int, lanes: Int) { (count, data) = (Forward(lanes.log2 + 1), Backward(8 * bytes)) }
}
