// How a file has a tensor that the graph has in another form.
//
// Hardware wants feature maps with channels last and bytes with a sign. A file of another format may have channels first and bytes
// without a sign; the graph that is made of it has the tensors under the file's names in the hardware's form.

/// The file's form of a tensor.
public struct FileForm: Equatable, Sendable {
  /// Whether the file has N, C, H, W where the graph has N, H, W, C.
  public var isChannelsFirst: Bool
  /// Whether the file has uint8 where the graph has int8, each 128 less.
  public var isUnsigned: Bool

  public init(isChannelsFirst: Bool, isUnsigned: Bool) { (self.isChannelsFirst, self.isUnsigned) = (isChannelsFirst, isUnsigned) }

  /// The graph's bytes of the file's.
  /// - Parameters:
  ///   - bytes: in the file's form; as many as `shape` has elements, or they stay in their order.
  ///   - shape: in the graph's form.
  public func graphBytes(_ bytes: [UInt8], shape: [Int]) -> [UInt8] {
    let signed = isUnsigned ? bytes.map { $0 ^ 0x80 } : bytes
    guard isChannelsFirst, shape.count == 4, bytes.count == shape.reduce(1, *) else { return signed }
    let (pixels, channels) = (shape[1] * shape[2], shape[3])
    return signed.indices.map { index in
      let image = index / (pixels * channels), pixel = index / channels % pixels, channel = index % channels
      return signed[(image * channels + channel) * pixels + pixel]
    }
  }
}
