// A step whose addresses are not known yet.

import Machine

/// A byte of a buffer: its address is known once memory is planned. It may lie before the buffer.
struct BufferPlace: Sendable, Hashable {
  var buffer: Int
  var offset: Int
}

/// Where a step writes.
enum Destination: Sendable, Hashable {
  case buffer(BufferPlace)
  /// A byte of a block of the weight memory, by the number of the block.
  case weights(block: Int, offset: Int)

  var isWeights: Bool { if case .weights = self { true } else { false } }
}

/// One `run` or command of the scalar unit, with bases relative to the buffers.
struct StepDraft: Sendable {
  var command = Command.run
  var fields: LayerFields
  /// Index of the layer.
  var layer: Int
  /// The tensor it reads.
  var source: Int
  var input: BufferPlace, output: Destination
  var residual: BufferPlace?
  /// Part of the comment on the `run` line.
  var detail: String
}
