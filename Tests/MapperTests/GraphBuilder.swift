// Small networks made by hand, with random weights from a seed.

import Machine
import Model
import Testing

@testable import Mapper

/// A reproducible generator (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Builds a graph operator by operator.
struct GraphBuilder {
  var tensors: [Tensor] = []
  var nodes: [Node] = []
  var inputs: [Int] = []
  var random: SeededGenerator

  init(seed: Int = 1) { random = SeededGenerator(seed) }

  mutating func scale(_ range: ClosedRange<Float> = 0.005...0.2) -> Float { .random(in: range, using: &random) }
  mutating func zero() -> Int {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: -128
    case 1: 127
    default: .random(in: -128...127, using: &random)
    }
  }

  mutating func tensor(_ shape: [Int], _ quantization: Quantization? = nil) -> Int {
    let quantization = quantization ?? Quantization(scale: scale(), zeroPoint: zero())
    tensors.append(Tensor(name: "t\(tensors.count)", shape: shape, type: .int8, quantization: quantization))
    return tensors.count - 1
  }

  mutating func input(_ shape: [Int]) -> Int {
    inputs.append(tensor(shape))
    return inputs[inputs.count - 1]
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255, using: &random) } }

  mutating func constant(_ shape: [Int], _ quantization: Quantization) -> Int {
    let content = bytes(shape.reduce(1, *))
    tensors.append(
      Tensor(name: "c\(tensors.count)", shape: shape, type: .int8, quantization: quantization, constant: content))
    return tensors.count - 1
  }

  mutating func indices(_ values: [Int], _ shape: [Int]) -> Int {
    let content = values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    tensors.append(Tensor(name: "i\(tensors.count)", shape: shape, type: .int32, constant: content))
    return tensors.count - 1
  }

  mutating func bias(_ channels: Int, _ magnitude: Int) -> Int {
    indices((0..<channels).map { _ in .random(in: -magnitude...magnitude, using: &random) }, [channels])
  }

  @discardableResult
  mutating func add(_ operation: any Operation, _ inputs: [Int], _ output: Int) -> Int {
    nodes.append(Node(index: nodes.count, operation: operation, inputs: inputs, outputs: [output]))
    return output
  }

  /// Weight scales per channel so that outputs of `terms` products spread over int8 in the output's scale.
  private mutating func weightScales(_ channels: Int, terms: Int, from x: Int, to y: Int) -> [Float] {
    let spread = Float(74 * 74) * Float(terms).squareRoot()
    let ties = Bool.random(using: &random)
    return (0..<channels).map { _ in
      let real = Float.random(in: 20...120, using: &random) / spread
      // Powers of two make ties.
      let factor = ties ? Float(sign: .plus, exponent: Int(real.exponent), significand: 1) : real
      return factor * tensors[y].scale / tensors[x].scale
    }
  }

  mutating func convolution(
    _ x: Int, channels: Int, kernel: (Int, Int), stride: (Int, Int) = (1, 1), dilation: (Int, Int) = (1, 1),
    padding: Padding = .same, activation: Activation = .none, groups: Int = 1
  ) -> Int? {
    let shape = tensors[x].shape, depth = shape[3] / groups
    let rows = WindowGeometry(input: shape[1], filter: kernel.0, stride: stride.0, dilation: dilation.0, padding: padding)
    let columns = WindowGeometry(input: shape[2], filter: kernel.1, stride: stride.1, dilation: dilation.1, padding: padding)
    guard rows.output > 0, columns.output > 0 else { return nil }
    let y = tensor([shape[0], rows.output, columns.output, channels])
    let terms = kernel.0 * kernel.1 * depth
    let scales = weightScales(channels, terms: terms, from: x, to: y)
    let w = constant(
      [channels, kernel.0, kernel.1, depth],
      Quantization(scales: scales, zeroPoints: [Int](repeating: 0, count: channels), dimension: 0))
    let operation = Convolution2D(
      strideHeight: stride.0, strideWidth: stride.1, dilationHeight: dilation.0, dilationWidth: dilation.1,
      padding: padding, activation: activation)
    return add(operation, [x, w, bias(channels, 4000)], y)
  }

  mutating func depthwise(
    _ x: Int, multiplier: Int = 1, kernel: (Int, Int), stride: (Int, Int) = (1, 1), dilation: (Int, Int) = (1, 1),
    padding: Padding = .same, activation: Activation = .none
  ) -> Int? {
    let shape = tensors[x].shape
    let rows = WindowGeometry(input: shape[1], filter: kernel.0, stride: stride.0, dilation: dilation.0, padding: padding)
    let columns = WindowGeometry(input: shape[2], filter: kernel.1, stride: stride.1, dilation: dilation.1, padding: padding)
    guard rows.output > 0, columns.output > 0 else { return nil }
    let channels = shape[3] * multiplier
    let y = tensor([shape[0], rows.output, columns.output, channels])
    let scales = weightScales(channels, terms: kernel.0 * kernel.1, from: x, to: y)
    let w = constant(
      [1, kernel.0, kernel.1, channels],
      Quantization(scales: scales, zeroPoints: [Int](repeating: 0, count: channels), dimension: 3))
    let operation = DepthwiseConvolution2D(
      strideHeight: stride.0, strideWidth: stride.1, dilationHeight: dilation.0, dilationWidth: dilation.1,
      padding: padding, activation: activation, depthMultiplier: multiplier)
    return add(operation, [x, w, bias(channels, 4000)], y)
  }

  /// An output of as many pixels as the strides make of the input.
  mutating func transposeConvolution(_ x: Int, channels: Int, kernel: (Int, Int), stride: (Int, Int)) -> Int {
    let shape = tensors[x].shape, output = [shape[0], shape[1] * stride.0, shape[2] * stride.1, channels]
    let y = tensor(output), scales = weightScales(channels, terms: kernel.0 * kernel.1 * shape[3], from: x, to: y)
    let w = constant(
      [channels, kernel.0, kernel.1, shape[3]],
      Quantization(scales: scales, zeroPoints: [Int](repeating: 0, count: channels), dimension: 0))
    let inputs = [indices(output, [4]), w, x, bias(channels, 4000)]
    return add(TransposeConvolution(strideHeight: stride.0, strideWidth: stride.1), inputs, y)
  }

  mutating func fullyConnected(_ x: Int, channels: Int) -> Int {
    let depth = tensors[x].shape.last ?? 1
    let rows = tensors[x].elementCount / depth
    let y = tensor([rows, channels])
    let scales = weightScales(1, terms: depth, from: x, to: y)
    let w = constant([channels, depth], Quantization(scale: scales[0], zeroPoint: 0))
    return add(FullyConnected(), [x, w, bias(channels, 4000)], y)
  }

  /// Same scale and zero point as `x`.
  mutating func like(_ x: Int, _ shape: [Int]) -> Int { tensor(shape, tensors[x].quantization) }

  mutating func averagePool(_ x: Int, kernel: (Int, Int), stride: (Int, Int), padding: Padding, activation: Activation = .none) -> Int? {
    let operation = AveragePool2D(
      filterHeight: kernel.0, filterWidth: kernel.1, strideHeight: stride.0, strideWidth: stride.1, padding: padding,
      activation: activation)
    return pool(operation, x, kernel, stride, padding)
  }

  mutating func maximumPool(_ x: Int, kernel: (Int, Int), stride: (Int, Int), padding: Padding) -> Int? {
    let operation = MaxPool2D(
      filterHeight: kernel.0, filterWidth: kernel.1, strideHeight: stride.0, strideWidth: stride.1, padding: padding)
    return pool(operation, x, kernel, stride, padding)
  }

  private mutating func pool(
    _ operation: any Operation, _ x: Int, _ kernel: (Int, Int), _ stride: (Int, Int), _ padding: Padding
  ) -> Int? {
    let shape = tensors[x].shape
    let rows = WindowGeometry(input: shape[1], filter: kernel.0, stride: stride.0, padding: padding)
    let columns = WindowGeometry(input: shape[2], filter: kernel.1, stride: stride.1, padding: padding)
    guard rows.output > 0, columns.output > 0 else { return nil }
    return add(operation, [x], like(x, [shape[0], rows.output, columns.output, shape[3]]))
  }

  mutating func mean(_ x: Int) -> Int {
    let shape = tensors[x].shape
    return add(Reduction(.mean), [x, indices([1, 2], [2])], tensor([shape[0], shape[3]]))
  }

  /// - Parameter value: of the border; nil: the zero point.
  mutating func pad(_ x: Int, _ amounts: [(Int, Int)], value: Int? = nil) -> Int {
    let shape = zip(tensors[x].shape, amounts).map { $0 + $1.0 + $1.1 }
    let values = indices(amounts.flatMap { [$0.0, $0.1] }, [amounts.count, 2])
    guard let value else { return add(Pad(), [x, values], like(x, shape)) }
    let border = constant([1], tensors[x].quantization)
    tensors[border].constant = [UInt8(truncatingIfNeeded: value)]
    return add(Pad(name: "PADV2"), [x, values, border], like(x, shape))
  }

  mutating func reshape(_ x: Int, _ shape: [Int]) -> Int { add(Reshape(), [x], like(x, shape)) }

  mutating func concatenation(_ parts: [Int], axis: Int) -> Int {
    var shape = tensors[parts[0]].shape
    shape[axis] = parts.reduce(0) { $0 + tensors[$1].shape[axis] }
    return add(Concatenation(axis: axis), parts, like(parts[0], shape))
  }

  /// Equal parts along an axis.
  mutating func split(_ x: Int, _ count: Int, axis: Int) -> [Int] {
    var shape = tensors[x].shape
    shape[axis] /= count
    let inputs = [indices([axis], [1]), x], outputs = (0..<count).map { _ in like(x, shape) }
    nodes.append(Node(index: nodes.count, operation: Split(), inputs: inputs, outputs: outputs))
    return outputs
  }

  mutating func slice(_ x: Int, _ begin: [Int], _ sizes: [Int]) -> Int {
    let inputs = [x, indices(begin, [begin.count]), indices(sizes, [sizes.count])]
    return add(Slice(), inputs, like(x, sizes))
  }

  mutating func transpose(_ x: Int, _ order: [Int]) -> Int {
    let inputs = [x, indices(order, [order.count])], shape = tensors[x].shape
    return add(Transpose(), inputs, like(x, order.map { shape[$0] }))
  }

  /// Every second element along an axis.
  mutating func everySecond(_ x: Int, axis: Int) -> Int {
    var shape = tensors[x].shape
    let strides = shape.indices.map { $0 == axis ? 2 : 1 }, ends = shape
    shape[axis] = (shape[axis] + 1) / 2
    let operands = [shape.map { _ in 0 }, ends, strides].map { indices($0, [shape.count]) }
    return add(Slice(name: "STRIDED_SLICE"), [x] + operands, like(x, shape))
  }

  mutating func sum(_ a: Int, _ b: Int, activation: Activation = .none) -> Int {
    let larger = max(tensors[a].scale, tensors[b].scale)
    let shape = tensors[a].isConstant ? tensors[b].shape : tensors[a].shape
    let y = tensor(shape, Quantization(scale: larger * scale(0.8...2.5), zeroPoint: .random(in: -60...60, using: &random)))
    return add(Addition(activation: activation), [a, b], y)
  }

  mutating func graph(outputs: [Int]) -> Graph {
    Graph(name: "made", tensors: tensors, nodes: nodes, inputs: inputs, outputs: outputs)
  }

  /// Random contents of the inputs.
  mutating func samples() -> [[UInt8]] { inputs.map { bytes(tensors[$0].byteCount) } }
}

/// Compiles for a few configurations and compares with the golden model.
func expectExact(
  _ builder: inout GraphBuilder, outputs: [Int?], _ comment: String = "",
  configurations: [Configuration] = [.up5k, .edge16, .edge64, .odd], sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let outputs = outputs.compactMap { $0 }
  guard !outputs.isEmpty else { return }
  let graph = builder.graph(outputs: outputs)
  for configuration in configurations {
    try expectExact(graph, configuration, inputs: builder.samples(), comment, sourceLocation: sourceLocation)
  }
}

/// The operators of the layers that a network becomes, after a look at every byte.
func exactLayers(
  _ builder: inout GraphBuilder, _ outputs: [Int], policy: LayoutPolicy = .leastCycles, sourceLocation: SourceLocation = #_sourceLocation
) throws -> [String] {
  try expectExact(&builder, outputs: outputs, configurations: [.edge16], sourceLocation: sourceLocation)
  return try expectExact(builder.graph(outputs: outputs), .edge64, inputs: builder.samples(), policy: policy, sourceLocation: sourceLocation).layers.map(\.operatorName)
}

/// Expects exact layers of these operators.
func expectLayers(
  _ builder: inout GraphBuilder, _ outputs: [Int], _ expected: [String], _ comment: String = "", policy: LayoutPolicy = .leastCycles,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let layers = try exactLayers(&builder, outputs, policy: policy, sourceLocation: sourceLocation)
  #expect(layers == expected, "\(comment)", sourceLocation: sourceLocation)
}

extension Configuration {
  /// Sizes that no named configuration has.
  static let odd = Configuration(
    name: "odd", pixels: 1, channels: 8, dotProduct: 2, memoryLanes: 64, postLanes: 8, patchDepth: 32)
}

/// The value, or a recorded failure.
func required<Value>(_ value: Value?, sourceLocation: SourceLocation = #_sourceLocation) throws -> Value {
  try #require(value, sourceLocation: sourceLocation)
}
