// How a random network comes about: tensors, constants and operators one after the other, each as it suits what is there.

import Model

/// Adds operator by operator what suits the tensors that are there.
struct NetworkAssembly {
  var tensors: [Tensor] = []
  var nodes: [Node] = []
  var inputs: [Int] = []
  private var wanted: Set<Int> = []
  /// State, its next value still the tensor that is assigned.
  var states: [StateVariable] = []
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
    common = .none
    common = someQuantization()
    for (index, shape) in description.inputs.enumerated() {
      let tensor = tensor(shape, quantization())
      inputs.append(tensor)
      results[-1 - index] = [tensor]
    }
  }

  func graph() -> Graph? {
    let read = Set(nodes.flatMap(\.inputs)), made = nodes.flatMap(\.outputs)
    let outputs = made.filter { tensors[$0].type == .int8 && (!read.contains($0) || wanted.contains($0)) }
    return outputs.isEmpty ? nil : finished(outputs)
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

  mutating func indices(_ values: [Int], _ shape: [Int]? = nil) -> Int {
    let content = values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    tensors.append(Tensor(name: "i\(tensors.count)", shape: shape ?? [values.count], type: .int32, constant: content))
    return tensors.count - 1
  }

  private mutating func constant(_ shape: [Int], _ quantization: Quantization) -> Int {
    let content = random.bytes(shape.reduce(1, *))
    tensors.append(Tensor(name: "c\(tensors.count)", shape: shape, type: .int8, quantization: quantization, constant: content))
    return tensors.count - 1
  }

  /// Weights for outputs that spread over int8, and biases.
  private mutating func weights(_ shape: [Int], channels: Int, dimension: Int, terms: Int, from x: Int, to quantization: Quantization) -> [Int] {
    let scales = (0..<channels).map { _ in
      .random(in: 20...120, using: &random) / (74 * 74 * Float(terms).squareRoot()) * quantization.scales[0] / tensors[x].scale
    }
    return [
      constant(shape, Quantization(scales: scales, zeroPoints: scales.map { _ in 0 }, dimension: dimension)),
      indices((0..<channels).map { _ in random.int(-3000...3000) }),
    ]
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
    let outputs = shapes.map { tensor($0, quantization) }
    nodes.append(Node(index: nodes.count, operation: operation, inputs: inputs, outputs: outputs))
    return outputs
  }

  /// An operator that moves bytes only.
  mutating func moved(_ operation: any Model.Operation, _ inputs: [Int], _ shapes: [[Int]], of x: Int) -> [Int]? {
    node(operation, inputs, shapes, tensors[x].quantization)
  }

  /// Adds an operator that reads `x`.
  /// - Returns: its outputs; nil when it does not suit `x`, and nothing has changed.
  private mutating func outputs(of kind: RandomNetwork.Kind, _ x: Int) -> [Int]? {
    let shape = tensors[x].shape, rank = shape.count, axis = random.int(0...rank - 1)
    let activation = random.pick([Activation.none, .none, .relu, .relu6])
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
        [channels, kernel[0], kernel[1], shape[3]], channels: channels, dimension: 0, terms: kernel[0] * kernel[1] * shape[3], from: x,
        to: quantization)
      let operation = TransposeConvolution(strideHeight: strides[0], strideWidth: strides[1], padding: padding, activation: activation)
      return node(operation, [indices(output), weights[0], x, weights[1]], [output], quantization)
    case .fullyConnected:
      let depth = shape[rank - 1], channels = random.int(1...20), quantization = quantization()
      let weights = weights([channels, depth], channels: 1, dimension: 0, terms: depth, from: x, to: quantization)
      let bias = indices((0..<channels).map { _ in random.int(-3000...3000) })
      return node(FullyConnected(activation: activation), [x, weights[0], bias], [[shape.dropLast().reduce(1, *), channels]], quantization)
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
      let depth = shape[rank - 1], isTransposed = random.chance(50)
      let other = random.pick(partners(of: x, needsQuantization: false) { other in
        other.count == rank && other[rank - (isTransposed ? 1 : 2)] == depth
          && zip(shape, other).dropLast(2).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 } || other == shape
      })
      let second = tensors[other].shape, inner = second[rank - (isTransposed ? 1 : 2)]
      // A matrix by itself, transposed, where nothing else suits.
      let transposes = inner == depth ? isTransposed : true
      let columns = second[rank - (transposes ? 2 : 1)]
      let output = zip(shape, second).dropLast(2).map { max($0, $1) } + [shape[rank - 2], columns]
      let scale = tensors[x].scale * tensors[other].scale * Float(depth).squareRoot() * .random(in: 30...120, using: &random)
      return node(
        BatchMatrixMultiplication(transposesSecond: transposes), [x, other], [output],
        Quantization(scale: min(scale, 0.5), zeroPoint: random.int(-60...60)))
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
    case .unary:
      let name = random.pick(["RELU", "RELU", "RELU6", "LOGISTIC", "TANH", "HARD_SWISH", "LEAKY_RELU", "ABS", "QUANTIZE", "QUANTIZE", "ELU", "GELU"])
      let quantization = switch name {
      case "LOGISTIC": Quantization(scale: 1 / 256, zeroPoint: -128)
      case "TANH": Quantization(scale: 1 / 128, zeroPoint: 0)
      case "RELU": random.chance(70) ? tensors[x].quantization : quantization()
      default: quantization()
      }
      if name == "QUANTIZE" { return node(Quantize(), [x], [shape], quantization) }
      return node(UnaryFunction(name, alpha: name == "LEAKY_RELU" ? 0.1 : 0), [x], [shape], quantization)
    case .pad, .padValue, .mirrorPad, .concatenation, .split, .slice, .stridedSlice, .pack, .unpack, .transpose, .reshape, .resize, .tile,
      .spaceToDepth, .depthToSpace, .state:
      return moved(kind, x, axis)
    }
  }

  private mutating func windowed(_ kind: RandomNetwork.Kind, _ x: Int, _ activation: Activation) -> [Int]? {
    let shape = tensors[x].shape
    let kernel = [random.int(1...3), random.int(1...3)], strides = [random.pick([1, 1, 2, 3]), random.pick([1, 1, 2])]
    let isPool = kind == .averagePool || kind == .maximumPool
    let dilations = isPool ? [1, 1] : [random.pick([1, 1, 2]), random.pick([1, 1, 2])], padding = random.pick([Padding.same, .same, .valid])
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
      let weights = weights([1] + kernel + [channels], channels: channels, dimension: 3, terms: terms, from: x, to: quantization)
      let operation = DepthwiseConvolution2D(
        strideHeight: strides[0], strideWidth: strides[1], dilationHeight: dilations[0], dilationWidth: dilations[1], padding: padding,
        activation: activation, depthMultiplier: multiplier)
      return node(operation, [x] + weights, output(channels), quantization)
    default:
      let groups = kind == .grouped ? (2...4).first { shape[3] % $0 == 0 } : 1
      guard let groups else { return nil }
      let channels = groups * random.int(1...max(1, 10 / groups)), depth = shape[3] / groups
      let weights = weights([channels] + kernel + [depth], channels: channels, dimension: 0, terms: terms * depth, from: x, to: quantization)
      let operation = Convolution2D(
        strideHeight: strides[0], strideWidth: strides[1], dilationHeight: dilations[0], dilationWidth: dilations[1], padding: padding,
        activation: activation)
      return node(operation, [x] + weights, output(channels), quantization)
    }
  }

  /// Tensors that suit `x`, itself among them.
  private func partners(of x: Int, needsQuantization: Bool = true, _ suits: ([Int]) -> Bool) -> [Int] {
    (inputs + nodes.flatMap(\.outputs)).filter {
      $0 == x || tensors[$0].type == .int8 && suits(tensors[$0].shape) && (!needsQuantization || tensors[$0].quantization == tensors[x].quantization)
    }
  }

  private mutating func moved(_ kind: RandomNetwork.Kind, _ x: Int, _ axis: Int) -> [Int]? {
    let shape = tensors[x].shape, rank = shape.count
    func resized(_ sizes: [Int: Int]) -> [Int] { shape.enumerated().map { sizes[$0.offset] ?? $0.element } }
    switch kind {
    case .pad, .padValue, .mirrorPad:
      let amounts = shape.map { size in (0..<2).map { _ in random.chance(60) ? 0 : random.int(0...(kind == .mirrorPad ? size - 1 : 2)) } }
      let output = zip(shape, amounts).map { $0 + $1[0] + $1[1] }, table = indices(amounts.flatMap { $0 }, [rank, 2])
      guard kind != .mirrorPad else { return moved(MirrorPad(reflects: random.chance(50)), [x, table], [output], of: x) }
      return kind == .pad
        ? moved(Pad(), [x, table], [output], of: x)
        : moved(Pad(name: "PADV2"), [x, table, constant([1], tensors[x].quantization)], [output], of: x)
    case .concatenation:
      let others = partners(of: x) { other in other.count == rank && shape.indices.allSatisfy { $0 == axis || shape[$0] == other[$0] } }
      var parts = [x] + (0..<random.int(1...2)).map { _ in random.pick(others) }
      parts.shuffle(using: &random)
      let size = parts.reduce(0) { $0 + tensors[$1].shape[axis] }
      return moved(Concatenation(axis: random.chance(50) ? axis : axis - rank), parts, [resized([axis: size])], of: x)
    case .split:
      let size = shape[axis]
      if random.chance(50), size > 1 {
        let first = random.int(1...size - 1), sizes = [first, size - first]
        return moved(Split(name: "SPLIT_V"), [x, indices(sizes), indices([axis])], sizes.map { resized([axis: $0]) }, of: x)
      }
      let count = (2...4).first { size % $0 == 0 } ?? 1
      return moved(Split(), [indices([axis]), x], [[Int]](repeating: resized([axis: size / count]), count: count), of: x)
    case .slice:
      let ranges = shape.map { size in
        let begin = random.chance(60) ? 0 : random.int(0...size - 1)
        return (begin: begin, count: random.chance(60) ? size - begin : random.int(1...size - begin))
      }
      return moved(Slice(), [x, indices(ranges.map(\.begin)), indices(ranges.map(\.count))], [ranges.map(\.count)], of: x)
    case .stridedSlice: return stridedSlice(x, axis)
    case .pack:
      let others = partners(of: x) { $0 == shape }
      let parts = [x] + (0..<random.int(0...2)).map { _ in random.pick(others) }
      var output = shape
      output.insert(parts.count, at: axis)
      return moved(Pack(axis: axis), parts, [output], of: x)
    case .unpack:
      guard rank > 1, shape[axis] <= 4 else { return nil }
      var output = shape
      output.remove(at: axis)
      return moved(Unpack(axis: axis), [x], [[Int]](repeating: output, count: shape[axis]), of: x)
    case .transpose:
      let order = shape.indices.shuffled(using: &random)
      return moved(Transpose(), [x, indices(order)], [order.map { shape[$0] }], of: x)
    case .reshape:
      let count = tensors[x].elementCount, channels = random.pick((1...count).filter { count % $0 == 0 && $0 <= 32 })
      let columns = random.pick((1...count / channels).filter { count / channels % $0 == 0 })
      let target = [1, count / channels / columns, columns, channels]
      return moved(Reshape(), random.chance(30) ? [x, computedShape(target, of: x)] : [x], [target], of: x)
    case .state: return rank >= 2 && shape[1] < 8 ? stream(x) : nil
    case .resize:
      guard rank == 4 else { return nil }
      let sizes = [random.int(1...2 * shape[1]), random.int(1...2 * shape[2])], flag = random.int(0...2)
      return moved(
        ResizeNearestNeighbor(alignsCorners: flag == 1, halfPixelCenters: flag == 2), [x, indices(sizes)], [resized([1: sizes[0], 2: sizes[1]])],
        of: x)
    case .tile:
      let multiples = shape.map { _ in random.chance(70) ? 1 : 2 }
      return moved(Tile(), [x, indices(multiples)], [zip(shape, multiples).map { $0 * $1 }], of: x)
    case .spaceToDepth:
      guard rank == 4, shape[1] % 2 == 0, shape[2] % 2 == 0 else { return nil }
      return moved(SpaceToDepth(blockSize: 2), [x], [[shape[0], shape[1] / 2, shape[2] / 2, shape[3] * 4]], of: x)
    case .depthToSpace:
      guard rank == 4, shape[3] % 4 == 0 else { return nil }
      return moved(DepthToSpace(blockSize: 2), [x], [[shape[0], shape[1] * 2, shape[2] * 2, shape[3] / 4]], of: x)
    default: preconditionFailure("\(kind) moves nothing")
    }
  }

  private mutating func stridedSlice(_ x: Int, _ axis: Int) -> [Int]? {
    let shape = tensors[x].shape
    var (begins, ends, strides, output) = ([Int](), [Int](), [Int](), [Int]()), endMask = 0
    let shrunk = shape.count > 1 && random.chance(30) ? axis : nil
    for (dimension, size) in shape.enumerated() {
      let stride = dimension == shrunk ? 1 : random.pick([1, 1, 1, 2, 3, -1, -2])
      let isWhole = random.chance(50), begin = isWhole ? (stride > 0 ? 0 : size - 1) : random.int(0...size - 1)
      // One before the first is an end that only the mask can say.
      let last = if dimension == shrunk { begin + 1 } else if stride > 0 {
        isWhole ? size : random.int(begin + 1...size)
      } else { isWhole || begin == 0 ? -1 : random.int(-1...begin - 1) }
      if last == -1 { endMask |= 1 << dimension }
      begins.append(begin)
      ends.append(last)
      strides.append(stride)
      if dimension != shrunk { output.append((abs(last - begin) - 1) / abs(stride) + 1) }
    }
    return moved(
      Slice(name: "STRIDED_SLICE", endMask: endMask, shrinkMask: shrunk.map { 1 << $0 } ?? 0),
      [x, indices(begins), indices(ends), indices(strides)], [output], of: x)
  }
}
