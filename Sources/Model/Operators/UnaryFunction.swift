// Elementwise functions of one tensor: rectifiers, sigmoids and their relatives.
//
// Each is a row of one table: a name, how its 256 outputs come about, and what has to hold for that. Most are the same
// short formula, y = clamp(zy + MBQM(f(x − zx), sx/sy)); the others have their arithmetic in files of their own.
//
// sx/sy is formed in double, or in float32 where LiteRT is the reference, which also computes LOGISTIC and TANH in float32. RELU_N1_TO_1, RELU_0_TO_1, EXP,
// GELU, LOG and SQRT exist in LiteRT alone. The RELU6 of TensorFlow Lite Micro compares stored bytes with what the *input's* scale calls zero
// and six, and does not rescale: its result is right only where input and output share scale and zero point. LiteRT
// rescales as RELU does. See `ReferenceException`.

/// What a rectifier does: rescale, or not, then clamp.
public struct Rectifier: Sendable, Equatable {
  /// Whether y = clamp(zy + MBQM(x − zx, factor)) and not y = clamp(x).
  public var rescales: Bool
  /// The limits of the stored outputs.
  public var limits: ClosedRange<Int32>
  /// sx/sy as the reference forms it; 1 for one that does not rescale.
  public var factor: Double

  public init(rescales: Bool, limits: ClosedRange<Int32>, factor: Double) {
    (self.rescales, self.limits, self.factor) = (rescales, limits, factor)
  }
}

/// A function of each byte.
public struct UnaryFunction: TableOperation {
  /// One function. Its node has one int8 input and an int8 output of the same shape when it is asked.
  public struct Row: Sendable {
    /// The name of the operator.
    public var name: String
    /// The outputs for the stored inputs −128...127.
    fileprivate var table: @Sendable (UnaryFunction, NodeCheck) -> [Int8]
    fileprivate var validate: @Sendable (UnaryFunction, NodeCheck) throws(ModelError) -> Void
    /// What a rectifier does.
    fileprivate var rectifier: (@Sendable (Graph, Node) -> Rectifier)?
  }

  /// All functions.
  public static let all: [Row] = [
    sigmoid("LOGISTIC", outputScale: 1 / 256, zeroPoint: -128, inFloat: { 1 / (1 + exponential(-$0)) }) {
      roundingDivideByPowerOfTwo(logistic($0), 23) &- 128
    },
    sigmoid("TANH", outputScale: 1 / 128, zeroPoint: 0, inFloat: hyperbolicTangent) { roundingDivideByPowerOfTwo(hyperbolicTangent($0), 24) },
    Row(
      name: "HARD_SWISH", table: { _, check in check.hardSwishTable() },
      validate: { (_, check) throws(ModelError) in try check.requireHardSwish() }),
    rectifier("RELU", 0 ... .infinity),
    rectifier("RELU6", 0...6, comparesBytes: true),
    rectifier("RELU_N1_TO_1", -1...1, isInMicro: false),
    rectifier("RELU_0_TO_1", 0...1, isInMicro: false),
    rescaling("LEAKY_RELU", { [$1.quotient(), $1.quotient(times: $0.alpha)] }) {
      multiplyByQuantizedMultiplier($0, $1[$0 < 0 ? 1 : 0])
    },
    rescaling("ABS", { [$1.quotient()] }) { multiplyByQuantizedMultiplier(abs($0), $1[0]) },
    lookup("ELU") { exponentialLinear($1) },
    lookup("EXP") { exponential($1) },
    lookup("GELU") { $0.isApproximate ? approximateGaussianErrorLinear($1) : gaussianErrorLinear($1) },
    Row(
      name: "LOG", table: { _, check in check.floatTable(logarithm) },
      validate: { (_, check) throws(ModelError) in try check.requireLogarithm() }),
    Row(
      name: "SQRT", table: { _, check in check.squareRootTable() },
      validate: { (_, check) throws(ModelError) in try check.requireSquareRoot() }),
    Row(
      name: "RSQRT", table: { _, check in check.reciprocalSquareRootTable() },
      validate: { (_, check) throws(ModelError) in try check.requireReciprocalSquareRoot() }),
  ]

  public let name: String
  private let row: Row?
  /// The factor of negative inputs of LEAKY_RELU.
  public var alpha: Float
  /// Whether GELU has tanh in place of the error function.
  public var isApproximate: Bool
  /// Whether it computes on uint8 (see `UnsignedOperation`).
  public var isUnsigned = false

  /// The function that the table calls `name`; any other name fails validation.
  public init(_ name: String, alpha: Float = 0, isApproximate: Bool = false) {
    self.name = name
    self.alpha = alpha
    self.isApproximate = isApproximate
    row = Self.all.first { $0.name == name }
  }

  public func table(_ node: Node, in graph: Graph) -> [Int8] {
    row?.table(self, NodeCheck(node, in: graph)) ?? (-128...127).map { $0 }
  }

  /// What a validated node does if it is a rectifier; nil for all other functions.
  public func rectifier(_ node: Node, in graph: Graph) -> Rectifier? { row?.rectifier?(graph, node) }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    guard let row else { throw check.error(.unsupported, "\(name) is not supported") }
    try check.requireCounts(inputs: 1...1)
    try check.requireActivations()
    try check.requireShape(node.outputs[0], check.input().shape)
    try row.validate(self, check)
  }

  // MARK: Rows

  /// y = clamp(zy + function(x − zx, QM(factors))).
  private static func rescaling(
    _ name: String, _ factors: @escaping @Sendable (UnaryFunction, NodeCheck) -> [Double],
    _ function: @escaping @Sendable (Int32, [QuantizedMultiplier]) -> Int32
  ) -> Row {
    Row(
      name: name,
      table: { operation, check in
        let multipliers = factors(operation, check).map { QuantizedMultiplier($0) }
        let stage = OutputStage(check.output(), .none)
        return check.differences.map { stage.store(function($0, multipliers)) }
      },
      validate: { (operation, check) throws(ModelError) in
        try check.require(
          operation.alpha >= 0 && operation.alpha.isFinite, .unsupported,
          "\(name) with the factor \(operation.alpha) is not supported, only factors from 0 up")
        for factor in factors(operation, check) where factor != 0 { try check.requireQuotient(factor) }
      })
  }

  /// A function that clamps between two real numbers.
  private static func rectifier(
    _ name: String, _ bounds: ClosedRange<Float>, comparesBytes: Bool = false, isInMicro: Bool = true
  ) -> Row {
    let rectifier: @Sendable (Graph, Node) -> Rectifier = { graph, node in
      let check = NodeCheck(node, in: graph)
      let rescales = !comparesBytes || check.followsLiteRT
      return Rectifier(
        rescales: rescales, limits: Activation.limits(bounds, of: rescales ? check.output() : check.input()),
        factor: !rescales ? 1 : isInMicro ? check.quotient() : check.floatQuotient())
    }
    return Row(
      name: name,
      table: { _, check in
        let rectifier = rectifier(check.graph, check.node), limits = rectifier.limits
        if !rectifier.rescales { return (-128...127).map { Int8(min(max($0, limits.lowerBound), limits.upperBound)) } }
        let stage = OutputStage(check.output(), limits: limits), multiplier = QuantizedMultiplier(rectifier.factor)
        return check.differences.map { stage.store($0, multiplier) }
      },
      validate: { (_, check) throws(ModelError) in try check.requireQuotient(rectifier(check.graph, check.node).factor) },
      rectifier: rectifier)
  }

  /// A function of a float32 number.
  private static func lookup(_ name: String, _ function: @escaping @Sendable (UnaryFunction, Float) -> Float) -> Row {
    Row(
      name: name, table: { operation, check in check.floatTable { function(operation, $0) } },
      validate: { (operation, check) throws(ModelError) in try check.requireFloatTable { function(operation, $0) } })
  }

  /// A function of a number in Q4.27 whose output has a scale of its own; where LiteRT is followed it is one of a float32.
  private static func sigmoid(
    _ name: String, outputScale: Float, zeroPoint: Int, inFloat real: @escaping @Sendable (Float) -> Float,
    _ function: @escaping @Sendable (Int32) -> Int32
  ) -> Row {
    Row(
      name: name, table: { _, check in check.followsLiteRT ? check.floatTable(real) : check.sigmoidTable(function) },
      validate: { (_, check) throws(ModelError) in try check.requireSigmoid(outputScale: outputScale, zeroPoint: zeroPoint) })
  }
}

extension NodeCheck {
  /// x − zx for the stored inputs −128...127.
  fileprivate var differences: [Int32] { (-128...127).map { Int32(truncatingIfNeeded: $0 - input().zeroPoint) } }

  /// Whether LiteRT's kernels are followed: where the graph says so, and on uint8.
  fileprivate var followsLiteRT: Bool { graph.reference == .litert || (node.operation as? UnaryFunction)?.isUnsigned == true }

  /// sx·factor/sy in the precision of the reference.
  fileprivate func quotient(times factor: Float = 1) -> Double {
    followsLiteRT ? floatQuotient(times: factor) : doubleQuotient(times: factor)
  }

  fileprivate func doubleQuotient(times factor: Float = 1) -> Double {
    Double(input().scale) * Double(factor) / Double(output().scale)
  }

  fileprivate func floatQuotient(times factor: Float = 1) -> Double { Double(input().scale * factor / output().scale) }

  fileprivate func requireQuotient(_ factor: Double) throws(ModelError) {
    try requireMultiplier(factor, "input scale/output scale", tensor: node.outputs[0])
  }
}
