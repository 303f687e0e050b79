// How a random network comes about: tensors, constants and operators one after the other, each as it suits what is there.

import Model

/// Adds operator by operator what suits the tensors that are there.
struct NetworkAssembly {
  var tensors: [Tensor] = []
  var nodes: [Node] = []
  var inputs: [Int] = []
  var wanted: Set<Int> = []
  /// Whether the file's bytes are uint8. Until the network is finished they are int8 here, as `Graph.centerBytes` makes them.
  let isUnsigned: Bool
  /// Whether activations are int16, and biases int64. Until the network is finished they are int8 and int32.
  let isInt16: Bool
  /// The operators that make constants of constants.
  var folds: [Node] = []
  /// What the subgraph that is called once assigns: the names of variables and their first values.
  var firstValues: [(name: String, value: Tensor)] = []
  /// The tensors of operators, by their ids.
  private var results: [Int: [Int]] = [:]
  /// Of the operator that is added.
  var random: SplitMix64
  /// What most tensors have, so that they can be joined.
  private var common: Quantization

  /// No tensor has more elements.
  private static let largest = 700

  init(_ description: RandomNetwork) {
    random = SplitMix64(seed: description.seed ^ 0xC0)
    let percent = random.int(0...99)
    (common, isUnsigned, isInt16) = (.none, percent < 15, (15..<25).contains(percent))
    common = someQuantization()
    for (index, shape) in description.inputs.enumerated() {
      let tensor = tensor(shape, quantization())
      inputs.append(tensor)
      results[-1 - index] = [tensor]
    }
  }

  /// The graphs of the file: the network, not prepared, and what it calls. Empty when nothing is left of it.
  func graphs() -> [Graph] {
    let read = Set(nodes.flatMap(\.inputs)), made = nodes.flatMap(\.outputs)
    let outputs = made.filter { tensors[$0].type == .int8 && (!read.contains($0) || wanted.contains($0)) }
    return outputs.isEmpty ? [] : finished(outputs)
  }

  // MARK: Tensors

  private mutating func someQuantization() -> Quantization {
    Quantization(scale: .random(in: 0.02...0.1, using: &random), zeroPoint: random.pick([-128, 127, 0, random.int(-128...127), random.int(-128...127)]))
  }

  private mutating func quantization() -> Quantization { random.chance(70) ? common : someQuantization() }

  mutating func tensor(_ shape: [Int], _ quantization: Quantization) -> Int {
    tensors.append(Tensor(name: "t\(tensors.count)", shape: shape, type: .int8, quantization: quantization))
    return tensors.count - 1
  }

  /// A constant of int32, as shapes, axes and biases are.
  mutating func indices(_ values: [Int], _ shape: [Int]? = nil) -> Int {
    constant(values, Tensor(name: "i\(tensors.count)", shape: shape ?? [values.count], type: .int32))
  }

  /// A constant of random bytes.
  mutating func constant(_ shape: [Int], _ quantization: Quantization, in range: ClosedRange<Int> = -128...127) -> Int {
    let values = (0..<shape.reduce(1, *)).map { _ in random.int(range) }
    return constant(values, Tensor(name: "c\(tensors.count)", shape: shape, type: .int8, quantization: quantization))
  }

  /// Weights for outputs that spread over int8, and biases: a scale for every channel, or one for all, as uint8 has it with a zero point.
  private mutating func weights(
    _ shape: [Int], dimension: Int = 0, terms: Int, from x: Int, to quantization: Quantization, isPerTensor: Bool = false,
    hasZeroPoints: Bool = false
  ) -> [Int] {
    let scales = (0..<(isPerTensor || isUnsigned ? 1 : shape[dimension])).map { _ in
      .random(in: 20...120, using: &random) / (74 * 74 * Float(terms).squareRoot()) * quantization.scales[0] / tensors[x].scale
    }
    let zeros = scales.map { _ in isUnsigned ? random.int(-128...127) : hasZeroPoints ? random.int(-28...27) : 0 }
    let weights = Quantization(scales: scales, zeroPoints: zeros, dimension: dimension)
    let values = constant(shape, weights, in: hasZeroPoints ? -100...100 : -128...127)
    var biases = (0..<shape[dimension]).map { _ in random.int(-3000...3000) }
    if random.chance(35) { makeConstants(of: values, dimension, &biases) }
    return [values, indices(biases)]
  }

  /// Makes some output channels constant: by weights of zero, and a bias that leaves the zero point or any value, or by one that saturates.
  private mutating func makeConstants(of weights: Int, _ dimension: Int, _ biases: inout [Int]) {
    let zeros = tensors[weights].quantization.zeroPoints, count = tensors[weights].elementCount
    for channel in biases.indices where random.chance(40) {
      biases[channel] = random.pick([0, 0, biases[channel], 1 << 22, -1 << 22])
      guard abs(biases[channel]) < 1 << 22 else { continue }
      for index in 0..<count where (dimension == 0 ? index / (count / biases.count) : index % biases.count) == channel {
        tensors[weights].constant?[index] = UInt8(truncatingIfNeeded: zeros[channel % zeros.count])
      }
    }
  }

  // MARK: Operators

  mutating func add(_ next: RandomNetwork.Operator) {
    random = SplitMix64(seed: next.seed)
    let sources = results[next.source] ?? []
    results[next.id] = sources
    guard let x = sources.isEmpty ? nil : random.pick(sources), let outputs = outputs(of: next.kind, x) else { return }
    results[next.id] = outputs
    if next.isOutput { wanted.formUnion(outputs) }
  }

  mutating func node(_ operation: any Model.Operation, _ inputs: [Int], _ shapes: [[Int]], _ quantization: Quantization) -> [Int]? {
    guard shapes.allSatisfy({ $0.allSatisfy { $0 > 0 } && $0.reduce(1, *) <= Self.largest && (1...5).contains($0.count) }) else { return nil }
    var node = Node(index: nodes.count, operation: operation, inputs: inputs, outputs: [])
    let knowsInt16 = [Int16Activations.operators, Int16Activations.movements].contains { $0.contains(operation.name) }
    guard !isUnsigned || node.operationOnUnsigned != nil, !isInt16 || knowsInt16 else { return nil }
    node.outputs = shapes.map { tensor($0, quantization) }
    nodes.append(node)
    return node.outputs
  }

  /// An operator that moves bytes only.
  mutating func moved(_ operation: any Model.Operation, _ inputs: [Int], _ shapes: [[Int]], of x: Int) -> [Int]? {
    node(operation, inputs, shapes, tensors[x].quantization)
  }

  /// Adds an operator that reads `x`.
  /// - Returns: its outputs; nil when it does not suit `x`, and nothing has changed.
  private mutating func outputs(of kind: RandomNetwork.Kind, _ x: Int) -> [Int]? {
    let shape = tensors[x].shape, rank = shape.count, axis = random.int(0...rank - 1)
    let activation = random.pick([Activation.none, .none, .none, .relu, .relu, .relu6, .reluN1To1])
    switch kind {
    case .convolution, .grouped, .depthwise, .averagePool, .maximumPool:
      return rank == 4 ? windowed(kind, x, activation) : nil
    case .transposeConvolution:
      guard rank == 4 else { return nil }
      let kernel = [random.int(1...3), random.int(1...3)], strides = [random.int(1...3), random.int(1...3)]
      let padding = random.pick([Padding.same, .valid]), channels = random.int(1...6)
      let sizes = (0..<2).map { dimension in
        padding == .same
          ? shape[1 + dimension] * strides[dimension] - random.int(0...strides[dimension] - 1)
          : (shape[1 + dimension] - 1) * strides[dimension] + kernel[dimension] + random.int(0...strides[dimension] - 1)
      }
      let output = [shape[0], sizes[0], sizes[1], channels], quantization = quantization()
      let weights = weights(
        [channels, kernel[0], kernel[1], shape[3]], terms: kernel[0] * kernel[1] * shape[3], from: x, to: quantization)
      let operation = TransposeConvolution(strideHeight: strides[0], strideWidth: strides[1], padding: padding, activation: activation)
      return node(operation, [indices(output), weights[0], x, weights[1]], [output], quantization)
    case .fullyConnected:
      let depth = shape[rank - 1], channels = random.int(1...20), quantization = quantization(), keeps = random.chance(30)
      let weights = weights(
        [channels, depth], terms: depth, from: x, to: quantization, isPerTensor: random.chance(60),
        hasZeroPoints: !isUnsigned && !isInt16 && random.chance(20))
      let output = (keeps ? shape.dropLast() : [shape.dropLast().reduce(1, *)]) + [channels]
      return node(FullyConnected(activation: activation, keepDimensions: keeps), [x] + weights, [output], quantization)
    case .computedWeights:
      let matrices = partners(of: x, needsQuantization: false) { $0.count == 2 && $0[1] == shape[rank - 1] }
      let weights = matrices.filter { tensors[$0].shape.count == 2 }
      guard !weights.isEmpty, !isUnsigned else { return nil }
      let other = random.pick(weights), channels = tensors[other].shape[0]
      let output = [shape.dropLast().reduce(1, *), channels]
      return node(FullyConnected(activation: activation), [x, other], [output], productQuantization(x, other, depth: shape[rank - 1]))
    case .mean:
      return rank == 4 ? node(Reduction(.mean), [x, indices([1, 2])], [[shape[0], shape[3]]], quantization()) : nil
    case .reduction:
      let operation = random.pick(Reduction.Kind.allCases), keeps = random.chance(50)
      let axes = random.chance(20) ? Array(shape.indices) : shape.indices.filter { $0 == axis || random.chance(30) }
      let count = axes.reduce(1) { $0 * shape[$1] }, compares = operation == .maximum || operation == .minimum
      guard !compares || count <= 64 else { return nil }
      let result = shape.enumerated().compactMap { axes.contains($0) ? keeps ? 1 : nil : $1 }
      return node(
        Reduction(operation, keepDimensions: keeps), [x, indices(axes)], [result],
        compares ? tensors[x].quantization : quantization())
    case .extreme:
      let other = random.chance(60)
        ? random.pick(partners(of: x) { $0 == shape }) : constant(Array(shape.suffix(random.int(1...rank))), tensors[x].quantization)
      return moved(Maximum(isMinimum: random.chance(50)), random.chance(50) ? [x, other] : [other, x], [shape], of: x)
    case .parametricRectifier:
      let factors = constant([shape[rank - 1]], Quantization(scale: 0.005, zeroPoint: random.pick([-128, 0, 20])))
      return node(ParametricRectifier(), [x, factors], [shape], quantization())
    case .resizeBilinear:
      guard rank == 4 else { return nil }
      let way = random.int(0...2), factor = random.pick([1, 2, 2, 4]), isAny = shape[3] <= 4 && random.chance(30)
      // Sizes that no factor relates need a part for every pixel.
      func resized(_ size: Int) -> Int { isAny ? random.int(1...2 * size) : way == 1 ? (size - 1) * factor + 1 : size * factor }
      let sizes = [resized(shape[1]), random.chance(50) ? resized(shape[2]) : shape[2]]
      return moved(
        ResizeBilinear(alignsCorners: way == 1, halfPixelCenters: way == 2), [x, indices(sizes)], [[shape[0], sizes[0], sizes[1], shape[3]]],
        of: x)
    case .matrixProduct:
      guard rank >= 2 else { return nil }
      let transposesFirst = random.chance(30), isTransposed = random.chance(50)
      let (rows, depth) = transposesFirst ? (shape[rank - 1], shape[rank - 2]) : (shape[rank - 2], shape[rank - 1])
      let other = random.pick(partners(of: x, needsQuantization: false) { other in
        other.count == rank && other[rank - (isTransposed ? 1 : 2)] == depth
          && zip(shape, other).dropLast(2).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 } || other == shape
      })
      let second = tensors[other].shape, inner = second[rank - (isTransposed ? 1 : 2)]
      // A matrix by itself, one of the two transposed, where nothing else suits.
      let transposes = inner == depth ? isTransposed : !transposesFirst
      let columns = second[rank - (transposes ? 2 : 1)]
      let output = zip(shape, second).dropLast(2).map { max($0, $1) } + [rows, columns]
      return node(
        BatchMatrixMultiplication(transposesFirst: transposesFirst, transposesSecond: transposes), [x, other], [output],
        productQuantization(x, other, depth: depth))
    case .softmax: return node(Softmax(), [x], [shape], Quantization(scale: 1 / 256, zeroPoint: -128))
    case .add, .subtract, .multiplyTensors:
      // Sometimes one that repeats.
      let repeats = random.chance(30)
      let other = random.pick(partners(of: x, needsQuantization: false) { $0 == shape || repeats && Broadcast($0, to: shape) != nil })
      if kind == .multiplyTensors {
        let scale = min(tensors[x].scale * tensors[other].scale * .random(in: 20...200, using: &random), 0.2)
        let output = random.chance(40) ? tensors[x].quantization : Quantization(scale: scale, zeroPoint: random.int(-60...60))
        return node(Multiplication(activation: activation), random.chance(50) ? [x, other] : [other, x], [shape], output)
      }
      let larger = max(tensors[x].scale, tensors[other].scale)
      let output = random.chance(40) ? tensors[x].quantization
        : Quantization(scale: larger * .random(in: 0.8...2.5, using: &random), zeroPoint: random.int(-60...60))
      return node(
        Addition(isSubtraction: kind == .subtract, activation: activation), random.chance(50) ? [x, other] : [other, x], [shape], output)
    case .addConstant, .multiply:
      let operand = Array(shape.suffix(random.int(1...rank)))
      let factor = constant(random.chance(30) ? [1] : operand, Quantization(scale: kind == .multiply ? 0.01 : tensors[x].scale, zeroPoint: random.int(-9...9)))
      let output = Quantization(scale: tensors[x].scale * .random(in: 0.8...2, using: &random), zeroPoint: random.int(-60...60))
      return node(
        kind == .multiply ? Multiplication(activation: activation) : Addition(activation: activation), random.chance(50) ? [x, factor] : [factor, x],
        [shape], output)
    case .squaredDifference:
      let other = random.chance(60)
        ? random.pick(partners(of: x, needsQuantization: false) { $0 == shape })
        : constant(Array(shape.suffix(random.int(1...rank))), quantization())
      let larger = max(tensors[x].scale, tensors[other].scale)
      let output = Quantization(scale: larger * larger * .random(in: 20...300, using: &random), zeroPoint: random.int(-128...0))
      return node(SquaredDifference(), random.chance(50) ? [x, other] : [other, x], [shape], output)
    case .unary: return function(of: x)
    case .filter: return filter(x, quantization())
    case .pad, .padValue, .mirrorPad, .concatenation, .split, .slice, .stridedSlice, .pack, .unpack, .transpose, .reshape, .expandDimensions,
      .squeeze, .resize, .tile, .broadcast, .gather, .spaceToDepth, .depthToSpace, .spaceToBatch, .batchToSpace, .state:
      return moved(kind, x, axis)
    }
  }

  /// A function of a byte.
  private mutating func function(of x: Int) -> [Int]? {
    let name = random.pick(UnaryFunction.all.map(\.name) + ["RELU", "RELU", "QUANTIZE", "QUANTIZE", "LOGISTIC", "LEAKY_RELU"])
    let shape = tensors[x].shape
    var source = x, output = quantization()
    switch name {
    case "QUANTIZE": return node(Quantize(), [x], [shape], output)
    case "LOGISTIC": output = Quantization(scale: 1 / 256, zeroPoint: -128)
    case "TANH": output = Quantization(scale: 1 / 128, zeroPoint: 0)
    case "RELU": if random.chance(70) { output = tensors[x].quantization }
    case "EXP":
      // Of numbers up to 5, so that the results are some steps of a byte.
      guard let smaller = node(Quantize(), [x], [shape], Quantization(scale: 0.02, zeroPoint: random.int(-128...127))) else { return nil }
      (source, output) = (smaller[0], Quantization(scale: .random(in: 0.1...1, using: &random), zeroPoint: random.int(-128 ... -60)))
    case "RSQRT", "SQRT", "LOG":
      // Nothing negative.
      guard let positive = node(Quantize(), [x], [shape], Quantization(scale: tensors[x].scale, zeroPoint: -128)) else { return nil }
      source = positive[0]
    default: break
    }
    let operation = UnaryFunction(name, alpha: name == "LEAKY_RELU" ? 0.1 : 0, isApproximate: random.chance(50))
    return node(operation, [source], [shape], output)
  }

  /// For a sum of `depth` products.
  private mutating func productQuantization(_ first: Int, _ second: Int, depth: Int) -> Quantization {
    let scale = tensors[first].scale * tensors[second].scale * Float(depth).squareRoot() * .random(in: 30...120, using: &random)
    return Quantization(scale: min(scale, 0.5), zeroPoint: random.int(-60...60))
  }

  private mutating func windowed(_ kind: RandomNetwork.Kind, _ x: Int, _ activation: Activation) -> [Int]? {
    let shape = tensors[x].shape
    let kernel = [random.int(1...3), random.int(1...3)], strides = [random.pick([1, 1, 2, 3]), random.pick([1, 1, 2])]
    let isPool = kind == .averagePool || kind == .maximumPool
    let dilations = isPool ? [1, 1] : [isInt16 ? 1 : random.pick([1, 1, 2]), random.pick([1, 1, 2])], padding = random.pick([Padding.same, .same, .valid])
    let sizes = (0..<2).map {
      WindowGeometry(input: shape[1 + $0], filter: kernel[$0], stride: strides[$0], dilation: dilations[$0], padding: padding).output
    }
    func output(_ channels: Int) -> [[Int]] { [[shape[0], sizes[0], sizes[1], channels]] }
    let terms = kernel[0] * kernel[1], quantization = quantization()
    switch kind {
    case .averagePool:
      let operation = AveragePool2D(
        filterHeight: kernel[0], filterWidth: kernel[1], strideHeight: strides[0], strideWidth: strides[1], padding: padding, activation: activation)
      return moved(operation, [x], output(shape[3]), of: x)
    case .maximumPool:
      let operation = MaxPool2D(
        filterHeight: kernel[0], filterWidth: kernel[1], strideHeight: strides[0], strideWidth: strides[1], padding: padding, activation: activation)
      return moved(operation, [x], output(shape[3]), of: x)
    case .depthwise:
      let multiplier = random.pick([1, 1, 1, 2, 3]), channels = shape[3] * multiplier
      let weights = weights([1] + kernel + [channels], dimension: 3, terms: terms, from: x, to: quantization)
      let operation = DepthwiseConvolution2D(
        strideHeight: strides[0], strideWidth: strides[1], dilationHeight: dilations[0], dilationWidth: dilations[1], padding: padding,
        activation: activation, depthMultiplier: multiplier)
      return node(operation, [x] + weights, output(channels), quantization)
    default:
      let groups = kind == .grouped ? (2...4).first { shape[3] % $0 == 0 } : 1
      guard let groups else { return nil }
      let channels = groups * random.int(1...max(1, 10 / groups)), depth = shape[3] / groups
      let weights = weights([channels] + kernel + [depth], terms: terms * depth, from: x, to: quantization)
      let operation = Convolution2D(
        strideHeight: strides[0], strideWidth: strides[1], dilationHeight: dilations[0], dilationWidth: dilations[1], padding: padding,
        activation: activation)
      return node(operation, [x] + weights, output(channels), quantization)
    }
  }

  /// Tensors that suit `x`, itself among them.
  func partners(of x: Int, needsQuantization: Bool = true, _ suits: ([Int]) -> Bool) -> [Int] {
    (inputs + nodes.flatMap(\.outputs)).filter {
      $0 == x || tensors[$0].type == .int8 && suits(tensors[$0].shape) && (!needsQuantization || tensors[$0].quantization == tensors[x].quantization)
    }
  }
}
