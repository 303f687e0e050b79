// What goes beyond a memory, and how several units report it at once.

import HDL
import Machine

/// Something went beyond a memory in this cycle, or in the one before.
struct Fault: PortBundle {
  let happens = Forward<Bit>()
  /// An `ErrorCode`.
  let code = Forward<Unsigned>(8)
  /// What the code says that it counts.
  let place = Forward<Unsigned>(Configuration.addressBits)
}

extension RegisterMap.ErrorCode {
  /// As ports and registers hold it.
  var number: Unsigned { Unsigned(rawValue, width: 8) }
}

extension Initiator where Members == Fault {
  /// The one fault that a unit can report.
  func report(_ code: RegisterMap.ErrorCode, when happens: Bit, at place: Unsigned) {
    (self.happens, self.code, self.place) = (happens, code.number, place)
  }
}

/// All faults as one; of several in one cycle the first in the list.
func report(_ faults: [Target<Fault>], to all: Initiator<Fault>) {
  all.happens = any(faults.map(\.happens))
  all.code = faults.reversed().reduce(RegisterMap.ErrorCode.none.number) { select($1.happens, $1.code, $0) }
  all.place = faults.reversed().reduce(Unsigned(0, width: Configuration.addressBits)) { select($1.happens, $1.place, $0) }
}
