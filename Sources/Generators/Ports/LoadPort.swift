// How the host fills memories: one write at a time, offered to all of them.

import HDL
import Machine

/// One write, inside the memory of its region, in the cycle in which `write` is set.
struct LoadPort: PortBundle {
  let write = Forward<Bit>()
  /// By `RegisterMap.Region`.
  let region = Forward<Unsigned>(4)
  /// Byte address in the window, a multiple of 4.
  let address = Forward<Unsigned>(Configuration.addressBits)
  let data = Forward<Unsigned>(32)
  /// One bit a byte.
  let strobe = Forward<Unsigned>(4)
}

extension Target where Members == LoadPort {
  /// Whether a region is being written.
  func writes(_ region: RegisterMap.Region) -> Bit {
    (self.write & (self.region === Unsigned(region.rawValue, width: 4))).named("write\(region)".capitalized(after: 5))
  }
}
