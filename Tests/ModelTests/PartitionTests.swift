import Model
import Testing

@Suite struct PartitionTests {
  private func float(_ shape: [Int]) -> Tensor { Tensor(name: "f", shape: shape, type: .float32) }
  private func bytes(_ shape: [Int]) -> Tensor { activation(shape, scale: 0.5) }

  /// A graph of operators in a row, each with the tensor that it makes.
  private func chain(_ input: Tensor, _ steps: [(any Operation, Tensor)], outputs: [Int]? = nil) -> Graph {
    let tensors = [input] + steps.map(\.1)
    return Graph(
      name: "chain", tensors: tensors,
      nodes: steps.enumerated().map { Node(index: $0.offset, operation: $0.element.0, inputs: [$0.offset], outputs: [$0.offset + 1]) },
      inputs: [0], outputs: outputs ?? [steps.count])
  }

  @Test func theEndsAreTheHosts() throws {
    let graph = chain(float([4]), [(Quantize(), bytes([4])), (UnaryFunction("ABS"), bytes([4])), (Dequantize(), float([4]))])
    try graph.validate()
    let part = graph.partition
    #expect(part.before.map(\.index) == [0] && part.accelerator.nodes.map(\.index) == [1] && part.after.map(\.index) == [2])
    #expect(graph.results == [3] && part.accelerator.inputs == [1] && part.accelerator.outputs == [2] && !part.isWhole && part.remaining.isEmpty)
    #expect(part.end(of: 1, in: graph)?.tensor == 0 && part.end(of: 2, in: graph)?.tensor == 3)
    try part.accelerator.validate()
    let results = try GoldenModel(graph).run(inputs: [[0, 0, 0x20, 0xC0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x3F]])
    #expect(graph.tensors[3].numbers(results[3] ?? []) == [2.5, 0, 1, 0.5])
    #expect(results[1]?.map { Int8(bitPattern: $0) } == [-5, 0, 2, 1])
  }

  @Test func anInt8NetworkIsWhole() throws {
    let graph = chain(bytes([4]), [(UnaryFunction("ABS"), bytes([4])), (Quantize(), bytes([4]))])
    #expect(graph.partition.isWhole && graph.partition.accelerator.nodes.count == 2 && graph.partition.end(of: 0, in: graph) == nil)
  }

  /// Decoders and floating-point heads are left to the host, and what follows them, too.
  @Test func whatNobodyComputesRemains() throws {
    let decoder = UnsupportedOperation(name: "custom operator 'TFLite_Detection_PostProcess'")
    let graph = chain(
      bytes([4]), [(UnaryFunction("ABS"), bytes([4])), (Dequantize(), float([4])), (decoder, float([2])), (Reshape(), float([2, 1]))])
    try graph.validate()
    let part = graph.partition
    #expect(part.after.map(\.index) == [1] && part.remaining.map(\.index) == [2, 3] && part.accelerator.outputs == [1])
    let results = try GoldenModel(graph).run(inputs: [[1, 2, 3, 4]])
    #expect(Set(results.keys) == [0, 1, 2] && graph.results == [2])
  }

  /// Nothing of the host's may stand between operators of the accelerator.
  @Test func islandsAreRefused() {
    let graph = chain(
      bytes([4]), [(UnaryFunction("ABS"), bytes([4])), (Dequantize(), float([4])), (Quantize(), bytes([4])), (UnaryFunction("RELU"), bytes([4]))])
    #expect(validationError(graph).message.contains("DEQUANTIZE ×1, QUANTIZE ×1: a part of the network is float32"))
    let unknown = chain(bytes([4]), [(UnaryFunction("ABS"), bytes([4])), (UnsupportedOperation(name: "CUMSUM"), bytes([4]))])
    #expect(validationError(unknown).message == "CUMSUM is not supported (operator 1 CUMSUM)")
    let compiled = chain(bytes([4]), [(UnaryFunction("ABS"), bytes([4])), (UnsupportedOperation(name: "custom operator 'ethos-u'"), bytes([4]))])
    #expect(validationError(compiled).message.contains("compiled by Vela"))
  }

  /// A network of nothing but the host's has nothing for the accelerator: the reasons are those of its operators.
  @Test func aNetworkOfEndsIsRefused() {
    let graph = chain(float([4]), [(Quantize(), bytes([4])), (Dequantize(), float([4]))])
    #expect(validationError(graph).category == .unsupported)
  }

  /// What renames int16 is the accelerator's between layers of int16, and the host's where there are none.
  @Test func int16HasEndsToo() throws {
    func wide(_ shape: [Int]) -> Tensor { int16Activation(shape, scale: 0.5) }
    let pool = MaxPool2D(filterHeight: 1, filterWidth: 1), softmax = int16Activation([1, 4], scale: 1 / 32_768)
    let graph = chain(
      float([1, 1, 1, 4]), [
        (Quantize(), wide([1, 1, 1, 4])), (pool, wide([1, 1, 1, 4])), (Reshape(), wide([1, 4])), (Int16Softmax(), softmax), (Dequantize(), float([1, 4])),
      ])
    try graph.validate()
    let part = graph.partition
    #expect(part.before.map(\.index) == [0] && part.accelerator.nodes.map(\.index) == [1, 2] && part.after.map(\.index) == [3, 4])
    let results = try GoldenModel(graph).run(inputs: [Elements.bytes([100, 100, -20_000, 100] as [Float])])
    #expect(Elements.integers(results[1] ?? [], .int16) == [200, 200, -32_768, 200])
    #expect(graph.tensors[5].numbers(results[5] ?? []).map { ($0 * 1_000).rounded() } == [333, 333, 0, 333])

    let moved = chain(
      wide([4]),
      [
        (Reshape(), wide([2, 2])), (Quantize(), bytes([2, 2])), (UnaryFunction("ABS"), bytes([2, 2])), (Quantize(), wide([2, 2])),
        (Reshape(), wide([4])),
      ])
    try moved.validate()
    #expect(moved.partition.accelerator.nodes.map(\.index) == [2])
  }

  /// Beside layers that compute on int16, too, an end of int16 that is moved and then converted is the host's.
  @Test func movedEndsAreTheHostsBesideInt16() throws {
    func int16(_ shape: [Int], scale: Float = 0.001) -> Tensor { Tensor(name: "w", shape: shape, type: .int16, quantization: Quantization(scale: scale, zeroPoint: 0)) }
    let graph = Graph(
      name: "ends", tensors: [int16([4]), int16([2, 2]), bytes([2, 2]), bytes([2, 2]), int16([3]), int16([3], scale: 0x1p-15)],
      nodes: [
        Node(index: 0, operation: Reshape(), inputs: [0], outputs: [1]), Node(index: 1, operation: Quantize(), inputs: [1], outputs: [2]),
        Node(index: 2, operation: UnaryFunction("ABS"), inputs: [2], outputs: [3]),
        Node(index: 3, operation: Int16Sigmoid(isTangent: false), inputs: [4], outputs: [5]),
      ],
      inputs: [0, 4], outputs: [3, 5])
    try graph.validate()
    #expect(graph.partition.before.map(\.index) == [0, 1] && graph.partition.accelerator.nodes.map(\.index) == [2, 3])
  }

  @Test func anOutputMayBeBothsEnd() throws {
    let graph = chain(bytes([4]), [(UnaryFunction("ABS"), bytes([4])), (Dequantize(), float([4]))], outputs: [2, 1])
    let part = graph.partition
    #expect(part.accelerator.outputs == [1] && part.end(of: 1, in: graph) == nil)
  }

  /// What the accelerator could compute stays the host's behind what it cannot.
  @Test func whatStandsBehindTheHostIsTheHosts() throws {
    let input = int16Activation([1, 4], scale: 0.5), fraction = int16Activation([1, 4], scale: 1 / 32_768)
    let graph = chain(input, [(Int16Sigmoid(isTangent: true), fraction), (Int16Softmax(), fraction), (Int16Sigmoid(isTangent: false), fraction)])
    try graph.validate()
    #expect(graph.partition.accelerator.nodes.map(\.index) == [0] && graph.partition.after.map(\.index) == [1, 2])
    let bytes = chain(
      bytes([1, 4]), [(UnaryFunction("ABS"), bytes([1, 4])), (L2Normalization(), activation([1, 4], scale: 1 / 128)), (Reshape(), activation([4], scale: 1 / 128))])
    #expect(bytes.partition.after.map(\.index) == [1, 2])
  }
}
