// How layer fields reach the engines: the sequencer broadcasts every `set` on a small bus, and each engine keeps the fields it needs.

import HDL
import Machine

/// What the sequencer tells engines that begin layers together.
struct ConfigurationBus: PortBundle {
  /// Bits of a value: those of an instruction's operand.
  static let valueBits = ProgramChecksum.bits
  /// One cycle: take over the staged registers.
  let launch = Forward<Bit>()
  /// All staged registers hold what a program starts with.
  let clear = Forward<Bit>()
  /// Writes `value` into the staged copy of field `number`.
  let enable = Forward<Bit>()
  let number = Forward<Unsigned>(8)
  let value = Forward<Unsigned>(Self.valueBits)
}

/// A module that listens to the configuration bus.
protocol Engine: Module {
  var settings: Target<ConfigurationBus> { get }
}
