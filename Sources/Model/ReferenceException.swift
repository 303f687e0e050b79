// Where the interpreters of TensorFlow Lite disagree, and which one is followed.
//
// "As TensorFlow Lite does" is not one thing: TensorFlow Lite Micro and the reference kernels of LiteRT (the interpreter
// once named TensorFlow Lite) compute a few operators differently. Here is the one list of these operators among those
// that are supported. A graph says by `reference` which interpreter is right; golden kernels and hardware follow it.
// The default is TensorFlow Lite Micro, always and without exception. LiteRT's optimized kernels and its XNNPACK
// delegate differ from both in many more places (one rounding in place of two) and are followed nowhere.

/// An interpreter whose results can be the right ones.
public enum ReferenceInterpreter: String, Sendable, CaseIterable {
  /// TensorFlow Lite for Microcontrollers.
  case tflm
  /// The reference kernels of LiteRT.
  case litert

  /// The name for people.
  public var title: String {
    switch self {
    case .tflm: "TensorFlow Lite Micro"
    case .litert: "LiteRT"
    }
  }
}

/// Whose results a network's are, by name and by title.
public struct FollowedInterpreter: Equatable, Sendable {
  public var name: String
  public var title: String

  public init(name: String, title: String) { (self.name, self.title) = (name, title) }
}

extension Graph {
  /// Whose results those of this network are: `reference`, but of networks of uint8 LiteRT, which alone runs them, of networks of int16
  /// TensorFlow Lite Micro (see `Int16Activations`), and of ONNX files ONNX Runtime.
  public var followed: FollowedInterpreter {
    if rounding != .fixedPoint { return FollowedInterpreter(name: "onnxruntime", title: "ONNX Runtime") }
    let isInt16 = nodes.contains { node in
      let computes = node.operation is any Accumulating || node.operation is any Pooling || node.operation is any StatefulOperation
      let name = node.operation.name
      return self.isInt16(node) && (computes || Int16Activations.elementwise.contains(name) || Int16Activations.functions[name] != nil)
    }
    let interpreter: ReferenceInterpreter = !recentered.isEmpty ? .litert : isInt16 ? .tflm : reference
    return FollowedInterpreter(name: interpreter.rawValue, title: interpreter.title)
  }
}

/// An operator that the interpreters compute differently.
public enum ReferenceException: String, Sendable, CaseIterable {
  /// A RELU6 of its own whose output has another scale or zero point than its input.
  case relu6
  /// A RELU of its own whose quotient of scales rounds to another multiplier in float32.
  case relu
  /// The same for a LEAKY_RELU, whose factor enters the quotient.
  case leakyRelu
  /// The same for an ABS.
  case abs
  /// A LOGISTIC, where float32 and fixed point fall on two sides of a half.
  case logistic
  /// The same for a TANH.
  case tanh

  /// The operator's name.
  public var operatorName: String {
    switch self {
    case .relu6: "RELU6"
    case .relu: "RELU"
    case .leakyRelu: "LEAKY_RELU"
    case .abs: "ABS"
    case .logistic: "LOGISTIC"
    case .tanh: "TANH"
    }
  }

  /// When the interpreters differ.
  public var condition: String {
    switch self {
    case .relu6: "it stands alone and its output has another scale or zero point than its input"
    case .relu, .leakyRelu, .abs: "it stands alone and the quotient of its scales is another multiplier in float32 than in double"
    case .logistic, .tanh: "some result is so near to halfway between two bytes that fixed point and float32 round it to different ones"
    }
  }

  /// What an interpreter, and therefore this tool, computes.
  public func behaviour(_ interpreter: ReferenceInterpreter) -> String {
    switch (self, interpreter) {
    case (.relu6, .tflm): "clamps the stored bytes between the input's zero and six and does not rescale them"
    case (.relu6, .litert): "rescales to the output's scale, then clamps between the output's zero and six"
    case (.relu, .tflm), (.leakyRelu, .tflm), (.abs, .tflm): "forms input scale / output scale in double"
    case (.relu, .litert), (.leakyRelu, .litert), (.abs, .litert): "rounds input scale / output scale to float32"
    case (.logistic, .tflm), (.tanh, .tflm): "computes in fixed point: Q4.27 in, Q0.31 out"
    case (.logistic, .litert), (.tanh, .litert): "computes in float32"
    }
  }

  /// The exception that a node of a validated graph meets; nil where all interpreters agree on every input.
  init?(_ node: Node, in graph: Graph) {
    var other = graph
    other.reference = graph.reference == .tflm ? .litert : .tflm
    guard let operation = node.operation as? UnaryFunction,
      let exception = Self.allCases.first(where: { $0.operatorName == operation.name }),
      operation.table(node, in: graph) != operation.table(node, in: other)
    else { return nil }
    self = exception
  }
}

/// An exception in a network.
public struct MetException: Sendable, Equatable {
  public var exception: ReferenceException
  /// The operators that meet it, by their numbers in the file.
  public var operators: [Int]

  public init(exception: ReferenceException, operators: [Int]) { (self.exception, self.operators) = (exception, operators) }
}

extension Graph {
  /// The exceptions that a validated graph meets, in the order of the list.
  public var exceptions: [MetException] {
    var operators: [ReferenceException: [Int]] = [:]
    for node in nodes { if let met = ReferenceException(node, in: self) { operators[met, default: []].append(node.index) } }
    return ReferenceException.allCases.compactMap { met in operators[met].map { MetException(exception: met, operators: $0) } }
  }
}
