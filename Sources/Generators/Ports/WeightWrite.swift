// Outputs that go to the weight memory.

import HDL
import Machine

/// The outputs of an engine in one cycle, as bytes of the weight memory. They lie in one word of 32 bits.
struct WeightWrite: PortBundle {
  let enable = Forward<Bit>()
  /// Byte address in the weight memory.
  let address = Forward<Unsigned>(Configuration.addressBits - 1)
  /// Bytes, from the first on.
  let count = Forward<Unsigned>(8)
  let data: Forward<Unsigned>

  /// - Parameter bytes: the most that are written at once.
  init(bytes: Int) { data = Forward(8 * bytes) }
}

/// One, or none where the hardware computes no weights.
struct WeightWrites: PortBundle {
  let ports: [WeightWrite]

  init(_ hardware: Hardware) {
    ports = hardware.extensions.contains(.computedWeights) ? [WeightWrite(bytes: hardware.configuration.postLanes)] : []
  }
}
