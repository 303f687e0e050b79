import Testing

@testable import Model

@Suite struct CenterBytesTests {
  private func bytes(_ shape: [Int], zeroPoint: Int, _ constant: [UInt8]? = nil) -> Tensor {
    Tensor(name: "u", shape: shape, type: .uint8, quantization: Quantization(scale: 1, zeroPoint: zeroPoint), constant: constant)
  }

  /// x → FULLY_CONNECTED → RESHAPE → MAX_POOL_2D → y, all of uint8.
  private func network(weights: [UInt8], zeroPoint: Int) -> Graph {
    Graph(
      name: "unsigned",
      tensors: [
        bytes([1, 2], zeroPoint: 100), bytes([2, 2], zeroPoint: zeroPoint, weights), bytes([1, 2], zeroPoint: 50), integers([4], [1, 1, 2, 1]),
        bytes([1, 1, 2, 1], zeroPoint: 50), bytes([1, 1, 1, 1], zeroPoint: 50),
      ],
      nodes: [
        Node(index: 0, operation: FullyConnected(), inputs: [0, 1, -1], outputs: [2]),
        Node(index: 1, operation: Reshape(), inputs: [2, 3], outputs: [4]),
        Node(index: 2, operation: MaxPool2D(filterHeight: 1, filterWidth: 2), inputs: [4], outputs: [5]),
      ], inputs: [0], outputs: [5])
  }

  /// Ends stay uint8, what lies between them becomes int8, and the network computes what it did.
  @Test func endsStay() throws {
    var graph = network(weights: [3, 0, 1, 2], zeroPoint: 1)
    graph.prepare()
    try graph.validate()
    #expect(graph.nodes.map(\.operation.name) == ["QUANTIZE", "FULLY_CONNECTED", "RESHAPE", "MAX_POOL_2D", "QUANTIZE"])
    #expect(Set(graph.nodes.map(\.index)).count == 5 && graph.inputs == [0] && graph.outputs == [5] && graph.recentered == [1, 2, 4])
    #expect([0, 5].allSatisfy { graph.tensors[$0].type == .uint8 } && [2, 4].allSatisfy { graph.tensors[$0].type == .int8 })
    #expect(graph.tensors[2].zeroPoint == -78 && graph.partition.before.count == 1 && graph.partition.after.count == 1)
    // 50 + 2·5 − 1·3 and 50 + 0·5 + 1·3; a byte in the middle is 128 less.
    let results = try GoldenModel(graph).run(inputs: [[105, 103]])
    #expect(results[5] == [57] && results[2] == [57 ^ 0x80, 53 ^ 0x80])
  }

  /// Weights less their zero point are bytes where they fit, else words.
  @Test(arguments: [([3, 0, 1, 2], 1, ElementType.int8), ([255, 0, 1, 2], 1, .int16)] as [([UInt8], Int, ElementType)])
  func weightsLoseTheirZeroPoint(_ weights: [UInt8], _ zeroPoint: Int, _ type: ElementType) {
    var graph = network(weights: weights, zeroPoint: zeroPoint)
    graph.prepare()
    let constant = graph.nodes.first { $0.operation is FullyConnected }.map { graph.tensors[$0.inputs[1]] }
    #expect(constant?.type == type && constant?.zeroPoint == 0)
    #expect(constant.map { $0.integers($0.constant ?? []) } == weights.map { Int($0) - zeroPoint })
  }

  /// A network of which nothing computes is none of the host's alone.
  @Test func movementsAloneAreCentered() throws {
    var graph = Graph(
      name: "moved", tensors: [bytes([2, 1], zeroPoint: 3), bytes([1, 2], zeroPoint: 3), bytes([1, 2], zeroPoint: 4)],
      nodes: [
        Node(index: 0, operation: Reshape(), inputs: [0], outputs: [1]), Node(index: 1, operation: Quantize(), inputs: [1], outputs: [2]),
      ], inputs: [0], outputs: [2])
    graph.prepare()
    try graph.validate()
    #expect(graph.nodes.map(\.operation.name) == ["QUANTIZE", "RESHAPE", "QUANTIZE", "QUANTIZE"] && graph.recentered == [1])
    #expect(try GoldenModel(graph).run(inputs: [[7, 255]])[2] == [8, 255])
  }

  /// A border in front of a network of int8 is the accelerator's: the host has no bytes to fill with.
  @Test func bordersAreCentered() throws {
    var graph = Graph(
      name: "padded",
      tensors: [bytes([1, 2], zeroPoint: 3), integers([2, 2], [0, 0, 1, 0]), bytes([1, 3], zeroPoint: 3), activation([1, 3]), activation([1, 3])],
      nodes: [
        Node(index: 0, operation: Pad(), inputs: [0, 1], outputs: [2]), Node(index: 1, operation: Quantize(), inputs: [2], outputs: [3]),
        Node(index: 2, operation: UnaryFunction("RELU"), inputs: [3], outputs: [4]),
      ], inputs: [0], outputs: [4])
    graph.prepare()
    try graph.validate()
    #expect(graph.nodes.map(\.operation.name) == ["QUANTIZE", "PAD", "QUANTIZE", "RELU"] && graph.recentered == [2])
    #expect(graph.partition.before.count == 1 && graph.partition.accelerator.nodes.count == 3)
    #expect(try GoldenModel(graph).run(inputs: [[7, 255]])[2] == [3 ^ 0x80, 7 ^ 0x80, 255 ^ 0x80])
  }

  /// What is not known on uint8 is refused by its name, and its neighbours are not.
  @Test func unknownOperatorsAreRefused() {
    var graph = network(weights: [3, 0, 1, 2], zeroPoint: 1)
    graph.tensors.append(bytes([1, 1, 1, 1], zeroPoint: 50))
    graph.nodes.append(Node(index: 3, operation: UnaryFunction("ABS"), inputs: [5], outputs: [6]))
    graph.outputs = [6]
    graph.prepare()
    let error = validationError(graph)
    #expect(error.category == .unsupported && error.message.contains("uint8 activations are not supported") && error.message.contains("ABS"))
    #expect(!error.message.contains("MAX_POOL_2D"))
  }

  /// Networks of int8 with ends of uint8, and damaged ones, stay as they are.
  @Test func othersStay() {
    var ends = Graph(
      name: "ends", tensors: [bytes([2], zeroPoint: 0), bytes([1, 2], zeroPoint: 0), activation([1, 2])],
      nodes: [
        Node(index: 0, operation: Reshape(), inputs: [0], outputs: [1]), Node(index: 1, operation: Quantize(), inputs: [1], outputs: [2]),
      ], inputs: [0], outputs: [2])
    let types = ends.tensors.map(\.type)
    ends.centerBytes()
    #expect(ends.tensors.map(\.type) == types && ends.nodes.count == 2)
    var damaged = network(weights: [3, 0, 1, 2], zeroPoint: 1)
    damaged.nodes[1].outputs = [99]
    damaged.centerBytes()
    #expect(damaged.tensors[2].type == .uint8)
    var far = network(weights: [3, 0, 1, 2], zeroPoint: 1)
    far.tensors[2].quantization.zeroPoints = [300]
    far.prepare()
    #expect(validationError(far).message.contains("zero point 300 is outside 0 to 255 of uint8"))
  }
}
