// A random layer: a small network that exercises one layer of the hardware, described by a few numbers.
//
// The description is what is drawn at random, shrunk when it fails, and saved as a file; the network, with its
// weights and inputs, follows from it and its seed.

import Model

/// A network of one layer, or of a few that the compiler makes into one.
public struct RandomLayer: RandomCase {
  /// What the layer is.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case convolution, groupedConvolution, transposeConvolution, depthwise, fullyConnected, add, subtract
    /// An operator of a tensor and a constant.
    case constantOperand
    /// A convolution whose result a second input is added to: one fused layer.
    case convolutionAdd
    /// The product of two tensors, and a convolution whose result a second input multiplies.
    case product, convolutionProduct
    /// The sum, difference or product of two tensors, one of which repeats.
    case repeatedOperand
    /// Of two tensors, one of which may repeat.
    case squaredDifference
    case averagePool, maxPool, mean, softmax
    /// A mean, a sum or an extreme along any dimensions.
    case reduction
    /// The greater or the less of two tensors.
    case extreme
    case parametricRectifier, resizeBilinear
    /// One of the functions of a byte.
    case unary
    /// A convolution and a function of a byte: one fused layer.
    case convolutionTable
    /// PAD, then a convolution.
    case paddedConvolution
    /// One of the operators that only move bytes, mostly between layers that compute.
    case movement
  }
  /// How weights and inputs are drawn.
  public enum Values: String, Sendable, Codable, CaseIterable {
    case uniform
    /// −128 and 127 only: sums as large as they get.
    case rails
    /// Mostly zero, whole channels of zeros among them.
    case sparse
    /// All the greatest value.
    case constant
  }
  /// How scales are drawn.
  public enum Scales: String, Sendable, Codable, CaseIterable {
    /// Any, so that outputs use their range.
    case fitting
    /// Powers of two: rounding ties everywhere.
    case ties
    /// Outputs far beyond their range.
    case saturating
    /// Factors above one.
    case magnifying
  }

  public var kind: Kind
  public var seed: UInt64
  public var height: Int, width: Int, channels: Int, outputs: Int
  public var kernelHeight: Int, kernelWidth: Int, strideHeight: Int, strideWidth: Int
  public var dilationHeight: Int, dilationWidth: Int
  /// SAME padding, else VALID.
  public var same: Bool
  /// 0: none, 1: RELU, 2: RELU6, 3: RELU_N1_TO_1.
  public var activation: Int
  public var inputZero: Int, outputZero: Int
  public var perChannel: Bool, bias: Bool
  public var weights: Values, inputs: Values, scales: Scales

  /// Draws a layer.
  public init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    func channelCount() -> Int {
      chance(50) ? Int.random(in: 1...20, using: &random) : Int.random(in: 1...130, using: &random)
    }
    func zeroPoint() -> Int { pick([-128, 127, 0, Int.random(in: -128...127, using: &random)]) }
    self.seed = seed
    kind = pick([.convolution, .convolution, .convolution, .depthwise, .depthwise, .convolutionAdd, .unary, .unary, .movement, .movement, .movement] + Kind.allCases)
    height = Int.random(in: 1...16, using: &random)
    width = Int.random(in: 1...16, using: &random)
    channels = channelCount()
    outputs = channelCount()
    let kernel = pick([(1, 1), (3, 3), (3, 3), (5, 5), (7, 7), (10, 4), (1, 7), (7, 1), (0, 0), (0, 0)])
    kernelHeight = kernel.0 > 0 ? kernel.0 : Int.random(in: 1...7, using: &random)
    kernelWidth = kernel.1 > 0 ? kernel.1 : Int.random(in: 1...7, using: &random)
    strideHeight = Int.random(in: 1...3, using: &random)
    strideWidth = chance(70) ? strideHeight : Int.random(in: 1...3, using: &random)
    // Windows far apart: the columns between them are fed and passed over.
    if chance(12) {
      (kernelWidth, strideWidth) = (Int.random(in: 1...2, using: &random), Int.random(in: 4...12, using: &random))
      width = Int.random(in: 32...64, using: &random)
    }
    dilationHeight = chance(75) ? 1 : Int.random(in: 1...3, using: &random)
    dilationWidth = chance(75) ? 1 : Int.random(in: 1...3, using: &random)
    same = chance(60)
    activation = chance(50) ? 0 : Int.random(in: 1...3, using: &random)
    inputZero = zeroPoint()
    outputZero = zeroPoint()
    perChannel = chance(70)
    bias = chance(85)
    weights = pick([.uniform, .uniform, .uniform] + Values.allCases)
    inputs = pick([.uniform, .uniform, .uniform] + Values.allCases)
    scales = pick([.fitting, .fitting, .fitting] + Scales.allCases)
    makeFit()
  }

  /// The most multiply-accumulates of a layer: golden kernels and simulation stay fast.
  static let largestWork = 600_000

  /// Adjusts what would give no valid network or too large a one.
  mutating func makeFit() {
    if kind == .depthwise {
      // `outputs` is the multiplier here; channels times it stays within reason.
      outputs = 1 + outputs % 3
      if channels * outputs > 130 { outputs = 1 }
    }
    if kind == .groupedConvolution {
      // `outputs` and `channels` become multiples of the groups.
      let groups = 2 + Int(seed % 3)
      channels = max(channels / groups, 1) * groups
      outputs = max(outputs / groups, 1) * groups
    }
    if kind == .averagePool || kind == .maxPool || kind == .transposeConvolution { (dilationHeight, dilationWidth) = (1, 1) }
    if !same || kind == .paddedConvolution {
      height = max(height, (kernelHeight - 1) * dilationHeight + 1)
      width = max(width, (kernelWidth - 1) * dilationWidth + 1)
    }
    while work > Self.largestWork {
      if outputs > 8, kind != .depthwise { outputs /= 2 } else if channels > 8 { channels /= 2 } else if height > kernelHeight * dilationHeight {
        height -= 1
      } else if width > kernelWidth * dilationWidth { width -= 1 } else { channels = max(1, channels / 2) }
      if channels == 1, outputs <= 8, height <= kernelHeight * dilationHeight, width <= kernelWidth * dilationWidth { break }
    }
  }

  private var work: Int {
    let positions = height * width
    return switch kind {
    case .convolution, .convolutionAdd, .convolutionProduct, .convolutionTable, .paddedConvolution, .groupedConvolution, .transposeConvolution:
      positions * kernelHeight * kernelWidth * channels * outputs / (kind == .transposeConvolution ? 1 : strideHeight * strideWidth)
    case .depthwise, .averagePool, .maxPool: positions * kernelHeight * kernelWidth * channels
    case .fullyConnected: positions * channels * outputs
    default: positions * channels
    }
  }

  public var kinds: [String] { [kind.rawValue] }

  public var smaller: [RandomLayer] {
    let sizes: [WritableKeyPath<RandomLayer, Int>] = [
      \.channels, \.outputs, \.height, \.width, \.kernelHeight, \.kernelWidth, \.strideHeight, \.strideWidth, \.dilationHeight,
      \.dilationWidth,
    ]
    var result: [RandomLayer] = []
    func add<Value: Equatable>(_ path: WritableKeyPath<RandomLayer, Value>, _ value: Value) {
      guard self[keyPath: path] != value else { return }
      result.append(self)
      result[result.count - 1][keyPath: path] = value
    }
    for path in sizes where self[keyPath: path] > 1 {
      for value in Set([1, self[keyPath: path] / 2, self[keyPath: path] - 1]).sorted() { add(path, value) }
    }
    add(\.activation, 0)
    add(\.perChannel, false)
    add(\.bias, false)
    add(\.inputZero, 0)
    add(\.outputZero, 0)
    return result
  }

  var activationValue: Activation { [.none, .relu, .relu6, .reluN1To1][activation & 3] }
  var padding: Padding { same ? .same : .valid }

  /// One line for people.
  public var summary: String {
    "\(kind.rawValue) \(height)×\(width)×\(channels)→\(outputs), kernel \(kernelHeight)×\(kernelWidth), "
      + "stride \(strideHeight)×\(strideWidth), dilation \(dilationHeight)×\(dilationWidth), \(same ? "SAME" : "VALID"), "
      + "activation \(activationValue), zero points \(inputZero) and \(outputZero), \(scales.rawValue) scales, "
      + "\(weights.rawValue) weights, \(inputs.rawValue) inputs, seed \(seed)"
  }
}
