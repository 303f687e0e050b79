// What is odd about a network without being wrong.
//
// A warning never stops anything: the network is computed as the reference does. It says what a person would want to
// look at, one line each.

extension Graph {
  /// The warnings about a graph that has passed `validate()`, in the order of its operators.
  public var warnings: [String] {
    nodes.compactMap { node in
      switch node.operation {
      case is Convolution2D, is DepthwiseConvolution2D, is FullyConnected: ConvolutionArithmetic.biasWarning(node, in: self)
      default: nil
      }
    }
  }
}
