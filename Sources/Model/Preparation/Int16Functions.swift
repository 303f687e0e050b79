// Functions of int16 become operators of their own.
//
// What SOFTMAX, LOGISTIC and TANH compute on int16 has nothing in common with what they compute on int8 but the name
// (`Int16Activations.functions`).

extension Graph {
  /// Replaces operators on int16 that compute something else there. What ONNX Runtime computes is another matter.
  mutating func setInt16FunctionsApart() {
    guard rounding == .fixedPoint else { return }
    for (position, node) in nodes.enumerated() {
      guard let input = node.inputs.first, tensors.indices.contains(input), tensors[input].type == .int16 else { continue }
      if let other = Int16Activations.functions[node.operation.name]?(node.operation) { nodes[position].operation = other }
    }
  }
}
