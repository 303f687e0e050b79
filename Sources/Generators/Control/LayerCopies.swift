// How an engine holds the layer registers that concern it.
//
// Each engine keeps a staged and an active copy of just the fields it needs, under their own names, so that no wide bundle of
// unrelated fields crosses the design. `launch` copies staged to active; those that work on the layer get `begin` in the next cycle.
// Feeder, array and scalar unit launch together. The post unit may still have bytes of the layer before to write: it launches later
// then, and until it does, no register is set.

import HDL
import Machine

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
      staged.value = Unsigned(field.start & (1 << field.width - 1), width: field.width)
    }.ElseWhen(settings.enable & (settings.number === Unsigned(field.number))) {
      staged.value = settings.value[0..<field.width]
    }
    When(settings.launch) { taken.value = staged.value }
    active[field] = taken.value
    return taken.value
  }

  /// One flag of the layer's mode.
  subscript(flag: LayerMode.Flag) -> Bit { self[\.modeBits][flag.rawValue] }
}
