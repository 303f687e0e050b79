// How the host starts and stops programs, and what it learns of them.

import HDL
import Machine

/// From the host port to the sequencer.
struct RunControl: PortBundle {
  let start = Forward<Bit>()
  /// Stop everything.
  let abort = Forward<Bit>()
  /// The run has taken as many cycles as the host allows.
  let limitReached = Forward<Bit>()
  let busy = Backward<Bit>()
  /// The program ends well, or in an error, in this cycle.
  let done = Backward<Bit>()
  let failed = Backward<Bit>()
  /// Of the last error; 0 after none.
  let errorCode = Backward<Unsigned>(8)
  let errorPlace = Backward<Unsigned>(Configuration.addressBits)
}
