// A network of which a channel is constant, for the tests of more than one module.

import Model

/// Two layers of sums; of the three channels between them the second one is always 9.
public func networkWithAConstant() -> Graph {
  func tensor(_ name: String, _ shape: [Int], _ scale: Float, _ zero: Int, _ constant: [UInt8]? = nil) -> Tensor {
    Tensor(name: name, shape: shape, type: .int8, quantization: Quantization(scale: scale, zeroPoint: zero), constant: constant)
  }
  return Graph(
    name: "constant",
    tensors: [
      tensor("x", [1, 2], 0.05, 3), tensor("w", [3, 2], 0.01, 0, [90, 200, 0, 0, 30, 40]), tensor("sums", [1, 3], 0.04, 9),
      tensor("v", [2, 3], 0.01, 0, [50, 60, 200, 30, 190, 20]), tensor("y", [1, 2], 0.03, -5),
    ],
    nodes: [
      Node(index: 0, operation: FullyConnected(), inputs: [0, 1], outputs: [2]),
      Node(index: 1, operation: FullyConnected(), inputs: [2, 3], outputs: [4]),
    ], inputs: [0], outputs: [4])
}
