// How layers begin and end: between the sequencer and the engines that work on them.

import HDL
import Machine

/// The life of one layer in an engine, seen by the sequencer.
struct LayerControl: PortBundle {
  /// The active registers are valid: start the layer.
  let begin = Forward<Bit>()
  /// Stop at once.
  let abort = Forward<Bit>()
  /// The active registers are no layer: a loop of no turns, tiles of no channels. Counts in the cycle of `begin`.
  let invalid = Backward<Bit>()
  /// The array takes the layer's last step; the post unit or the scalar unit writes its last byte.
  let finished = Backward<Bit>()
  /// Something moved in this cycle.
  let moves = Backward<Bit>()
}

/// A unit that knows several operations; it does one at a time.
struct ScalarControl: PortBundle {
  let layer = LayerControl()
  /// Beside `begin`: an addition, not a softmax.
  let isAddition = Forward<Bit>()
  /// One, or none where the hardware has no arithmetic of int16.
  let int16: [Int16Control]

  init(_ extensions: Extensions) { int16 = extensions.contains(.int16Arithmetic) ? [Int16Control()] : [] }
}

/// The operation on int16.
struct Int16Control: PortBundle {
  /// Beside `begin`: it is asked for, and nothing else.
  let isAsked = Forward<Bit>()
}

/// The engines that a sequencer starts.
struct EngineControls: PortBundle {
  /// Feeder and array.
  let array = LayerControl()
  /// It begins with the array, or later, once it is done with the layer before.
  let post = LayerControl()
  /// One, or none where the hardware has no scalar unit.
  let scalar: [ScalarControl]

  init(hasScalarUnit: Bool, _ extensions: Extensions) { scalar = hasScalarUnit ? [ScalarControl(extensions)] : [] }
}

/// Several engines that work on one layer: they begin and stop together, and each can say that it is invalid, finished or moving.
func share(_ control: Target<LayerControl>, among engines: [Initiator<LayerControl>]) {
  for engine in engines { (engine.begin, engine.abort) = (control.begin, control.abort) }
  control.invalid = any(engines.map(\.invalid))
  control.finished = any(engines.map(\.finished))
  control.moves = any(engines.map(\.moves))
}
