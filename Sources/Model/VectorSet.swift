/// A directory in the `accel-golden-1` format.
public struct VectorSet: Sendable {
  /// A stored intermediate tensor.
  public struct StoredTensor: Sendable {
    public var sample: Int
    public var tensor: Int
    public var bytes: [UInt8]
  }
  public var directory: String
  public var modelPath: String
  public var sampleCount: Int
  public var tensors: [StoredTensor]
  public var labels: [Int]?
  /// Input bytes of a sample, in the order of the graph's inputs.
  public func inputs(ofSample sample: Int) -> [[UInt8]] { [] }
  /// Output bytes of a sample by tensor index.
  public func outputs(ofSample sample: Int) -> [Int: [UInt8]] { [:] }
  public init(directory: String) throws(ModelError) { throw ModelError(.unreadable, "not yet", file: directory) }
}
