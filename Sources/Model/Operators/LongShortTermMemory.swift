// UNIDIRECTIONAL_SEQUENCE_LSTM: a layer that walks through time with a hidden and a cell state.

/// A sequence of LSTM cells: input [1, T, C] or [T, 1, C] of int8, four matrices [U, C] and four [U, U] of int8, four biases [U] of int32, hidden
/// state [1, U] of int8, cell state [1, U] of int16; output [1, T, U] or [T, 1, U] of int8, next hidden and cell state.
public struct LongShortTermMemory: StatefulOperation, CompositeOperation {
  public var name: String { "UNIDIRECTIONAL_SEQUENCE_LSTM" }
  public static let statePositions = [18, 19]
  /// The greatest magnitude of the cell state, as a real number; 0 for none.
  public var cellClip: Float
  /// Whether time is the outermost dimension, before the batch.
  public var isTimeMajor: Bool
  public var isResolved = false

  public init(cellClip: Float = 0, isTimeMajor: Bool = false) { (self.cellClip, self.isTimeMajor) = (cellClip, isTimeMajor) }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    throw NodeCheck(node, in: graph).error(.unsupported, "UNIDIRECTIONAL_SEQUENCE_LSTM is not supported")
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}

  public func parts(_ node: Node, in graph: inout Graph) -> [Node]? { nil }
}
