import Model
import Testing

@Suite struct ConvolutionArithmeticTests {
  static func layer(
    _ weightsChange: (inout Tensor) -> Void = { _ in }, bias: Tensor? = integers([2], [5, -5]),
    output: Tensor = activation([1, 1, 1, 2], scale: 0.5)
  ) -> Graph {
    var filter = weights([2, 1, 1, 3], [1, 2, 3, 4, 5, 6], scale: 0.25)
    weightsChange(&filter)
    return graph(Convolution2D(), [activation([1, 1, 1, 3]), filter, bias], output: output)
  }

  @Test func multipliers() {
    var graph = Self.layer()
    let node = graph.nodes[0]
    let half = QuantizedMultiplier(0.5)
    #expect(Convolution2D().arithmetic(node, in: graph).factors == [.fixedPoint(half), .fixedPoint(half)])
    graph.tensors[1].quantization = Quantization(scales: [0.25, 1], zeroPoints: [0, 0], dimension: 0)
    #expect(Convolution2D().arithmetic(node, in: graph).factors == [.fixedPoint(.init(0.5)), .fixedPoint(.init(2))])
    #expect(Convolution2D().arithmetic(node, in: graph).bias == [5, -5])
    #expect(Convolution2D().arithmetic(Self.layer(bias: nil).nodes[0], in: Self.layer(bias: nil)).bias == [0, 0])
  }

  @Test func weightsAreChecked() throws {
    try Self.layer().validate()
    try Self.layer(bias: nil).validate()
    func category(_ change: (inout Tensor) -> Void) -> ModelError.Category { validationError(Self.layer(change)).category }
    #expect(category { $0.type = .int4 } == .unsupported)
    #expect(category { $0.type = .uint8 } == .unsupported)
    #expect(category { $0.quantization = .none } == .invalidQuantization)
    #expect(category { $0.quantization.zeroPoints = [5] } == .invalidQuantization)
    #expect(category { $0.quantization = Quantization(scales: [1, 1, 1], zeroPoints: [0, 0, 0]) } == .invalidQuantization)
    #expect(
      category { $0.quantization = Quantization(scales: [1, 1], zeroPoints: [0, 0], dimension: 3) }
        == .invalidQuantization)
    #expect(category { $0.constant?.removeLast() } == .invalidGraph)
    #expect(category { $0.shape = [2, 3] } == .invalidShape)
    #expect(category { $0.shape = [0, 1, 1, 3] } == .invalidShape)
    #expect(category { $0.quantization.scales = [1e38] } == .invalidQuantization)
  }

  @Test func computedWeightsAreRefused() {
    var graph = Self.layer()
    graph.tensors[1].constant = nil
    graph.inputs = [0, 1]
    #expect(validationError(graph).message.hasPrefix("weights that are not constant are not supported"))
  }

  @Test func biasesAreChecked() throws {
    func category(_ bias: Tensor) -> ModelError.Category { validationError(Self.layer(bias: bias)).category }
    #expect(category(integers([3], [1, 2, 3])) == .invalidShape)
    #expect(category(weights([2], [1, 2])) == .unsupported)
    var bias = integers([2], [1, 2])
    bias.quantization = Quantization(scale: 0.25, zeroPoint: 0)
    try Self.layer(bias: bias).validate()
    bias.quantization = Quantization(scale: 0.252, zeroPoint: 0)
    try Self.layer(bias: bias).validate()
    // TensorFlow Lite Micro does not read the scale of a convolution's bias, and that of a fully connected layer once.
    bias.quantization = Quantization(scale: 0.5, zeroPoint: 0)
    try Self.layer(bias: bias).validate()
    let dense = graph(
      FullyConnected(), [activation([1, 3]), weights([2, 3], [1, 2, 3, 4, 5, 6], scale: 0.25), bias], output: activation([1, 2], scale: 0.5))
    #expect(validationError(dense).category == .invalidQuantization)
    // Nor the dimension along which a vector is quantized.
    bias.quantization = Quantization(scales: [0.25, 0.25], zeroPoints: [0, 0], dimension: 3)
    try Self.layer(bias: bias).validate()
    bias.quantization = Quantization(scale: 0.25, zeroPoint: 1)
    #expect(category(bias) == .invalidQuantization)
    bias.quantization = Quantization(scales: [0.25, 0.25, 0.25], zeroPoints: [0, 0, 0])
    #expect(category(bias) == .invalidQuantization)
  }

  @Test func multipliersHaveARange() {
    let error = validationError(Self.layer(output: activation([1, 1, 1, 2], scale: .leastNonzeroMagnitude)))
    #expect(error.category == .invalidQuantization)
    #expect(error.message.contains("out of range (a shift of more than 30 bits)"))
  }
}
