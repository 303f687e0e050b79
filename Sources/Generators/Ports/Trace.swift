// What simulation watches; a synthesis run leaves it open.

import HDL
import Machine

/// Steps as they begin and end to write, from the sequencer.
struct StepTrace: PortBundle {
  /// The post unit or the scalar unit begins a step; ends it, in the cycle after its last write.
  let start = Forward<Bit>(), done = Forward<Bit>()
  /// Its number.
  let step = Forward<Unsigned>(Command.stepBits)
}

/// Steps, and what they write.
public struct Trace: PortBundle {
  public let start = Forward<Bit>(), done = Forward<Bit>()
  public let step = Forward<Unsigned>(Command.stepBits)
  public let write = Forward<Bit>()
  public let address = Forward<Unsigned>(Configuration.addressBits)
  /// Bytes written: 1...Q.
  public let count = Forward<Unsigned>(8)
  public let data: Forward<Unsigned>
  /// The bytes before the fused addition or table.
  public let before: Forward<Unsigned>

  /// - Parameter bytes: Q.
  init(bytes: Int) { (data, before) = (Forward(8 * bytes), Forward(8 * bytes)) }
}
