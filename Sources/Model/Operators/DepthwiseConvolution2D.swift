/// DEPTHWISE_CONV_2D.
public struct DepthwiseConvolution2D: Operation {
  public var name: String { "DEPTHWISE_CONV_2D" }
  public var strideHeight: Int
  public var strideWidth: Int
  public var dilationHeight: Int
  public var dilationWidth: Int
  public var padding: Padding
  public var activation: Activation
  public var depthMultiplier: Int

  public init(strideHeight: Int, strideWidth: Int, dilationHeight: Int, dilationWidth: Int, padding: Padding, activation: Activation, depthMultiplier: Int) {
    self.strideHeight = strideHeight
    self.strideWidth = strideWidth
    self.dilationHeight = dilationHeight
    self.dilationWidth = dilationWidth
    self.padding = padding
    self.activation = activation
    self.depthMultiplier = depthMultiplier
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {}
  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
}
