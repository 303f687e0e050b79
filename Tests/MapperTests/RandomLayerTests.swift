// Random layers of every operator, on several machines, against the golden model.

import Machine
import Model
import Testing

@testable import Mapper

#if DEBUG
  /// Unoptimized, a quarter of the cases has to do.
  private let thinning = 4
#else
  private let thinning = 1
#endif

@Suite struct RandomLayerTests {
  private func pick<T>(_ values: [T], _ builder: inout GraphBuilder) -> T {
    values[Int.random(in: 0..<values.count, using: &builder.random)]
  }

  private func image(_ b: inout GraphBuilder, channels: [Int] = [1, 2, 3, 4, 5, 8, 15, 16, 17, 24, 33]) -> Int {
    let images = Int.random(in: 0..<8, using: &b.random) == 0 ? 2 : 1
    return b.input([
      images, Int.random(in: 1...9, using: &b.random), pick([1, 2, 3, 5, 7, 10], &b), pick(channels, &b),
    ])
  }

  private let kernels = [(1, 1), (3, 3), (2, 2), (1, 7), (7, 1), (5, 5), (3, 1), (4, 3), (7, 7), (10, 4)]
  private let strides = [(1, 1), (2, 2), (1, 2), (3, 3), (3, 1)]
  private let dilations = [(1, 1), (1, 1), (2, 2), (1, 3), (2, 1)]
  private let activations: [Activation] = [.none, .relu, .relu6, .reluN1To1]

  @Test(arguments: 0..<60 / thinning)
  func convolutions(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed)
    let x = image(&b)
    let y = b.convolution(
      x, channels: pick([1, 3, 4, 8, 10, 16, 20], &b), kernel: pick(kernels, &b), stride: pick(strides, &b),
      dilation: pick(dilations, &b), padding: pick([.same, .valid], &b), activation: pick(activations, &b))
    try expectExact(&b, outputs: [y], "seed \(seed)")
  }

  @Test(arguments: 0..<80 / thinning)
  func depthwiseConvolutions(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 1000)
    let x = image(&b)
    let y = b.depthwise(
      x, multiplier: pick([1, 1, 1, 2, 3, 5, 9], &b), kernel: pick(kernels, &b), stride: pick(strides, &b),
      dilation: pick(dilations, &b), padding: pick([.same, .valid], &b), activation: pick(activations, &b))
    try expectExact(&b, outputs: [y], "seed \(seed)")
  }

  @Test(arguments: 0..<60 / thinning)
  func pools(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 2000)
    let x = image(&b)
    let average = b.averagePool(
      x, kernel: pick(kernels, &b), stride: pick(strides, &b), padding: pick([.same, .valid], &b),
      activation: pick(activations, &b))
    let maximum = b.maximumPool(
      x, kernel: pick(kernels, &b), stride: pick(strides, &b), padding: pick([.same, .valid], &b))
    let mean = b.mean(x)
    try expectExact(&b, outputs: [average, maximum, mean], "seed \(seed)")
  }

  /// Windows beyond every buffer: rows of bytes, streams with mostly zero weights.
  @Test(arguments: [(25, 5), (7, 7), (16, 16), (48, 48), (1, 200), (40, 9)])
  func largeMeans(_ size: (Int, Int)) throws {
    for channels in [1, 3, 17] {
      var b = GraphBuilder(seed: size.0 * 100 + size.1)
      let x = b.input([1, size.0, size.1, channels])
      let average = b.averagePool(x, kernel: size, stride: (1, 1), padding: .valid)
      try expectExact(&b, outputs: [b.mean(x), average], "\(size)", configurations: [.up5k, .edge64])
    }
  }

  @Test(arguments: 0..<40 / thinning)
  func pads(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 3000)
    let x = image(&b)
    func amount() -> (Int, Int) { (Int.random(in: 0...2, using: &b.random), Int.random(in: 0...3, using: &b.random)) }
    var amounts = [(0, 0), amount(), amount(), (0, 0)]
    if seed % 4 == 0 { amounts[3] = amount() }
    if seed % 8 == 0 { amounts[0] = amount() }
    let padded = b.pad(x, amounts)
    let folded = b.convolution(
      b.pad(x, [(0, 0), amount(), amount(), (0, 0)]), channels: 5, kernel: (3, 3), stride: pick(strides, &b),
      padding: pick([.same, .valid], &b))
    let after = b.add(UnaryFunction("RELU"), [b.pad(x, amounts)], b.tensor(b.tensors[padded].shape))
    try expectExact(&b, outputs: [padded, folded, after], "seed \(seed)")
  }

  @Test(arguments: 0..<60 / thinning)
  func additions(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 4000)
    let x = image(&b)
    let shape = b.tensors[x].shape
    let second = b.input(shape)
    let plain = b.sum(x, second, activation: pick(activations, &b))
    let twice = b.sum(x, x)
    let convolution = b.convolution(x, channels: shape[3], kernel: (3, 3), activation: pick(activations, &b))
    let fused = convolution.map { b.sum($0, plain, activation: pick(activations, &b)) }
    let depthwise = b.depthwise(second, kernel: (3, 3))
    let both = depthwise.map { b.sum(b.convolution(x, channels: shape[3], kernel: (1, 1)) ?? x, $0) }
    let constants = [[1], [shape[3]], [shape[2], shape[3]], shape].map { b.constant($0, b.tensors[second].quantization) }
    let biased = b.sum(x, pick(constants, &b))
    let scalar = b.sum(pick(Array(constants[0...1]), &b), b.convolution(x, channels: shape[3], kernel: (1, 1)) ?? x)
    try expectExact(&b, outputs: [plain, twice, fused, both, biased, scalar], "seed \(seed)")
  }

  @Test(arguments: 0..<30 / thinning)
  func rectifiersAndProducts(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 5000)
    let x = image(&b)
    let shape = b.tensors[x].shape
    let alone = b.add(UnaryFunction("RELU6"), [x], b.tensor(shape))
    let convolution = b.convolution(x, channels: 6, kernel: (3, 3))
    // The same quantization: becomes a clamp. Another: a layer.
    let fused = convolution.map { b.add(UnaryFunction("RELU"), [$0], b.like($0, b.tensors[$0].shape)) }
    let rescaled = fused.map { b.add(UnaryFunction("RELU6"), [$0], b.tensor(b.tensors[$0].shape)) }
    let factor = b.constant(pick([[1], [shape[3]], [shape[2], shape[3]]], &b), Quantization(scale: 0.01, zeroPoint: b.zero()))
    let product = b.add(
      Multiplication(), Bool.random(using: &b.random) ? [x, factor] : [factor, x],
      b.tensor(shape, Quantization(scale: b.tensors[x].scale, zeroPoint: 3)))
    try expectExact(&b, outputs: [alone, rescaled, product], "seed \(seed)")
  }

  @Test(arguments: 0..<20 / thinning)
  func heads(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 6000)
    let x = image(&b)
    let flat = b.reshape(x, [1, b.tensors[x].elementCount])
    let dense = b.fullyConnected(flat, channels: pick([1, 2, 7, 16, 33], &b))
    let softmax = b.add(
      Softmax(), [dense], b.tensor(b.tensors[dense].shape, Quantization(scale: 1 / 256, zeroPoint: -128)))
    let rows = b.fullyConnected(x, channels: 5)
    let shaped = b.reshape(rows, [1, 1, b.tensors[rows].shape[0], 5])
    try expectExact(&b, outputs: [softmax, shaped, dense, x], "seed \(seed)")
  }
}
