// A step whose addresses are not known yet.

import Machine

/// A place in a tensor: its address is known once memory is planned.
struct TensorPlace: Sendable, Hashable {
  /// The root tensor.
  var tensor: Int
  var offset: Int
}

/// One `run`, `softmax` or `add`, with bases relative to the tensors.
struct StepDraft: Sendable {
  var command = Command.run
  var fields: LayerFields
  /// Index of the layer.
  var layer: Int
  /// `feed.base` is this place (which may lie before the tensor).
  var input: TensorPlace
  var output: TensorPlace
  var residual: TensorPlace?
  /// The tensor before the addition or the table.
  var sumTensor: Int?
  /// Part of the comment on the `run` line.
  var detail: String
}
