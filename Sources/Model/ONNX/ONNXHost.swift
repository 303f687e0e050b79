// What is left to the host: a Softmax at the end of a network, and what quantizes its result.
//
// ONNX Runtime's exponentials are approximations in float32 that no integers follow for all inputs. At the end of a network such an operator
// is named and left to whoever uses the accelerator (`Partition`); anywhere else it is refused when the graph is validated.

extension ONNXImporter {
  /// The operators that are left, by their names.
  static let left: Set = ["LogSoftmax", "Softmax", "com.microsoft.QLinearSoftmax"]

  /// Adds an operator that is left to the host. Its result has its input's shape.
  mutating func addLeft(_ node: ONNXNode, _ output: String) throws(ModelError) {
    if node.name == "com.microsoft.QLinearSoftmax" {
      let operand = try real(node, 0, scale: 1, zeroPoint: 2)
      return leave(node, try realTensor(operand, node), try result(node, scale: 3, zeroPoint: 4))
    }
    let input = try realTensor(try value(node, 0), node)
    leave(node, input, Tensor(name: cleanedText(output, limit: 1_024), shape: tensors[input].shape, type: .float32), output)
  }

  /// Adds a QuantizeLinear of what is left.
  mutating func leave(_ node: ONNXNode, _ input: Int, _ result: ONNXResult) {
    var tensor = Tensor(
      name: cleanedText(result.name, limit: 1_024), shape: tensors[input].shape, type: result.fileType, quantization: result.quantization)
    if result.fileType == .uint8 { tensor.quantization.zeroPoints = result.quantization.zeroPoints.map { $0 + 128 } }
    leave(node, input, tensor, result.name)
  }

  /// Adds a node that nobody here computes.
  mutating func leave(_ node: ONNXNode, _ input: Int, _ output: Tensor, _ name: String) {
    values[name] = .left(append(UnsupportedOperation(name: node.name), [input], output))
  }

  /// Real numbers as a tensor of float32.
  private mutating func realTensor(_ operand: ONNXOperand, _ node: ONNXNode) throws(ModelError) -> Int {
    switch operand {
    case .left(let tensor): return tensor
    case .real(let feature):
      let tensor = try plain(feature)
      return append(Dequantize(), [tensor], Tensor(name: tensors[tensor].name + "/real", shape: tensors[tensor].shape, type: .float32))
    default: throw notQuantized(node)
    }
  }
}
