// A tensor, as every JSON of this tool says it.

import Machine
import Mapper
import Model

/// A tensor in public JSON.
public struct TensorInfo: Codable, Equatable, Sendable {
  /// Its index in the model file.
  public var tensor: Int
  public var name: String
  /// The byte of the feature memory at which its bytes begin, one behind the other; no key where they do not lie like that.
  public var address: Int?
  public var bytes: Int
  public var shape: [Int]
  public var type: String
  public var scale: Float
  public var zeroPoint: Int
  /// Of int16 on the accelerator, elements of a row: as many high bytes lie before as many low bytes, less 128, and so on. No key elsewhere.
  public var int16Row: Int?

  /// - Parameter tensor: an index of the graph.
  public init(_ tensor: Int, in graph: Graph, address: Int? = nil) {
    let value = graph.tensors[tensor]
    (self.tensor, name, self.address, bytes) = (tensor, value.name, address, value.byteCount)
    (shape, type, scale, zeroPoint) = (value.shape, value.type.description, value.scale, value.zeroPoint)
  }

  init(_ tensor: Int, in mapping: Mapping) {
    self.init(tensor, in: mapping.graph, address: mapping.address(of: tensor))
    int16Row = mapping.int16[tensor]?.length
  }
}
