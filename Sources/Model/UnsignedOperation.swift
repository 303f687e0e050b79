// Operators on uint8: which are known, and what they do otherwise than on int8.
//
// A byte q of uint8 with zero point z is the number that q − 128 is with zero point z − 128, so that every network of uint8 is one of
// int8 (`Graph.centerBytes`). TensorFlow Lite Micro runs no networks of uint8; their reference is LiteRT's reference kernels. On uint8
// most of these compute what TensorFlow Lite Micro does on int8, 128 more. Others round otherwise, which a flag of the operator says:
//
// - CONV_2D and DEPTHWISE_CONV_2D multiply input and weight scale in float32, and their weights have a zero point;
// - FULLY_CONNECTED rounds once: y = clamp(zy + round(acc · sx·sw/sy)), in double, halves away from zero;
// - AVERAGE_POOL_2D rounds halves up: y = (Σ q + n/2)/n of unsigned bytes;
// - LOGISTIC and TANH are computed in float32, and a rectifier's quotient of scales is, as LiteRT has them on int8, too.
//
// Shown by comparing vectors of LiteRT: `Fixtures/reference/generate_uint8.py`.

/// An operator that is known for uint8, too.
protocol UnsignedOperation: Operation {
  /// What makes of int8 bytes, each 128 less, what the operator makes of uint8; nil where that is not known.
  var onUnsigned: Self? { get }
}

extension UnsignedOperation {
  var onUnsigned: Self? { self }
}

extension Addition: UnsignedOperation {}
extension ArgMax: UnsignedOperation {}
extension Dequantize: UnsignedOperation {}
extension Maximum: UnsignedOperation {}
extension MaxPool2D: UnsignedOperation {}
extension Multiplication: UnsignedOperation {}
extension ParametricRectifier: UnsignedOperation {}
extension Quantize: UnsignedOperation {}
extension Reduction: UnsignedOperation {}
extension Softmax: UnsignedOperation {}

extension AveragePool2D: UnsignedOperation {
  var onUnsigned: Self? { with(self) { $0.isUnsigned = true } }
}

extension Convolution2D: UnsignedOperation {
  var onUnsigned: Self? { with(self) { $0.isUnsigned = true } }
}

extension DepthwiseConvolution2D: UnsignedOperation {
  var onUnsigned: Self? { with(self) { $0.isUnsigned = true } }
}

extension FullyConnected: UnsignedOperation {
  var onUnsigned: Self? { with(self) { $0.isUnsigned = true } }
}

extension UnaryFunction: UnsignedOperation {
  var onUnsigned: Self? {
    let known: Set = ["LOGISTIC", "TANH", "HARD_SWISH", "RELU", "RELU6", "RELU_N1_TO_1", "RELU_0_TO_1", "LEAKY_RELU"]
    return known.contains(name) ? with(self) { $0.isUnsigned = true } : nil
  }
}

/// A copy with a change.
private func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
  var value = value
  change(&value)
  return value
}

extension Node {
  /// What computes on int8 bytes, each 128 less, what the node does on uint8; nil where that is not known.
  package var operationOnUnsigned: (any Operation)? {
    if operation is any Movement { return operation }
    return (operation as? any UnsignedOperation)?.onUnsigned
  }
}
