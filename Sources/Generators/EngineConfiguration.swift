// How an engine holds the layer registers that concern it.
//
// The sequencer broadcasts every `set` on a small bus. Each engine keeps a staged and an active copy of just
// the fields it needs, under their own names, so that no wide bundle of unrelated fields crosses the
// design. `launch` copies staged to active in all engines at once; those that
// work on the layer get `begin` in the next cycle.

import HDL
import Machine

/// What the sequencer tells all engines.
struct ConfigurationBus: PortBundle {
  /// One cycle: take over the staged registers.
  let launch = Forward<Bit>()
  /// Clears all staged registers.
  let clear = Forward<Bit>()
  /// Writes `value` into the staged copy of field `number`.
  let enable = Forward<Bit>()
  let number = Forward<Unsigned>(8)
  let value = Forward<Unsigned>(24)
}

/// A module that listens to the configuration bus.
protocol Engine: Module {
  var settings: Target<ConfigurationBus> { get }
}

/// The layer fields that one engine works with: of each that it asks for a staged and an active copy, made the first time
/// that it asks. To be asked outside of any `When`, where registers are at home.
final class LayerCopies {
  private let settings: Target<ConfigurationBus>
  private var active: [LayerField: Unsigned] = [:]

  init(_ settings: Target<ConfigurationBus>) { self.settings = settings }

  /// The active value of a field, stable from the cycle after `launch` to the next `launch`.
  subscript(path: KeyPath<LayerFields, Int>) -> Unsigned { self[.at(path)] }
  subscript(field: LayerField) -> Unsigned {
    if let known = active[field] { return known }
    let staged = Register<Unsigned>("\(field.signalName)Staged", field.width)
    let taken = Register<Unsigned>(field.signalName, field.width)
    When(settings.clear) {
      staged.value = 0
    }.ElseWhen(settings.enable & (settings.number === constant(field.number, 8))) {
      staged.value = settings.value[0..<field.width]
    }
    When(settings.launch) { taken.value = staged.value }
    active[field] = taken.value
    return taken.value
  }

  /// One flag of the layer's mode.
  subscript(flag: LayerMode.Flag) -> Bit { self[\.modeBits][flag.rawValue] }
}

/// A constant of a given width.
func constant(_ value: Int, _ width: Int) -> Unsigned { Unsigned(value, width: width) }

/// Logarithm of a power of two.
func log2(_ value: Int) -> Int { value.trailingZeroBitCount }

extension Unsigned {
  /// Byte `index` of a packed vector, byte 0 in the least significant bits.
  func byte(_ index: Int) -> Unsigned { self[8 * index..<8 * index + 8] }
  /// All bytes of a packed vector.
  var bytes: [Unsigned] { (0..<width / 8).map(byte) }
}

/// The signal, a number of clock cycles later; `name` is numbered when there are several stages.
func delayed(_ signal: Bit, by cycles: Int, _ name: String) -> Bit {
  (0..<cycles).reduce(signal) { value, stage in
    let register = Register<Bit>(cycles == 1 ? name : "\(name)\(stage + 1)")
    register.value = value
    return register.value
  }
}

/// The same for a number; without reset, since it only means something beside a valid bit.
func delayed(_ signal: Unsigned, by cycles: Int, _ name: String) -> Unsigned {
  (0..<cycles).reduce(signal) { value, stage in
    let register = Register<Unsigned>(cycles == 1 ? name : "\(name)\(stage + 1)", signal.width, reset: nil)
    register.value = value
    return register.value
  }
}
