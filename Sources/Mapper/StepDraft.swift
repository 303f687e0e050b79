// A step whose addresses are not known yet.

import Machine

/// A place in a tensor: its address is known once memory is planned.
struct TensorPlace: Sendable, Hashable {
  /// The root tensor.
  var tensor: Int
  var offset: Int
}

/// Which instruction starts a step.
enum StepUnit: Sendable, Hashable { case array, softmax, addition }

/// One `run`, `softmax` or `add`, with base registers relative to the tensors.
struct StepDraft: Sendable {
  var unit = StepUnit.array
  var registers: RegisterFile
  /// Index of the layer.
  var layer: Int
  /// `inputBase` is this place (which may lie before the tensor).
  var input: TensorPlace
  var output: TensorPlace
  var residual: TensorPlace?
  /// The tensor before the addition or the table.
  var sumTensor: Int?
  /// Part of the comment on the `run` line.
  var detail: String
}
