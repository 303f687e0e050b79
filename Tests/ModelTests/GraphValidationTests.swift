import Model
import Testing

@Suite struct GraphValidationTests {
  static func chain() -> Graph {
    Graph(
      name: "chain", tensors: (0..<4).map { activation([2], name: "t\($0)") },
      nodes: (0..<3).map { Node(index: $0, operation: UnaryFunction("RELU"), inputs: [$0], outputs: [$0 + 1]) }, inputs: [0],
      outputs: [3])
  }

  func error(_ change: (inout Graph) -> Void) -> ModelError {
    var graph = Self.chain()
    change(&graph)
    return validationError(graph)
  }

  @Test func aChainIsValid() throws {
    try Self.chain().validate()
  }

  @Test func indices() {
    #expect(
      error { $0.nodes[1].inputs = [4] }.message
        == "operator 1 RELU input 0: tensor index 4 is out of range, there are 4 tensors")
    #expect(error { $0.nodes[1].outputs = [-1] }.category == .invalidGraph)
    #expect(error { $0.inputs = [-2] }.message.hasPrefix("graph input 0: tensor index -2"))
    #expect(error { $0.outputs = [] }.message == "the graph has no outputs")
    #expect(error { $0.inputs = [] }.message == "the graph has no inputs")
    #expect(error { $0.nodes = [] }.message == "the graph has no operators")
  }

  /// A batch of zero is said to be one, wherever the emptiness shows.
  @Test func emptyTensorsAreRefusedForTheirSize() {
    let path = Corpus.fixture("zero_size/relu_batch0.tflite")
    do throws(ModelError) {
      _ = try loadTFLite(contentsOf: path)
      Issue.record("a batch of zero was accepted")
    } catch {
      #expect(error.category == .invalidShape)
      #expect(error.message.hasPrefix("size 0 in shape [0, 8], so there is nothing to compute (tensor "), "\(error.message)")
    }
    #expect(error { $0.tensors[3].shape = [2, 0] }.message.hasPrefix("size 0 in shape [2, 0], so there is nothing to compute (tensor 3 't3', output of"))
  }

  @Test func order() {
    #expect(
      error { $0.nodes.swapAt(0, 2) }.message
        == "reads a tensor before operator 1 RELU produces it, the operators are not in executable order "
        + "(operator 2 RELU, tensor 2 't2')")
    #expect(error { $0.nodes[0].inputs = [3] }.message.contains("the graph has a cycle"))
    #expect(error { $0.nodes[0].inputs = [1] }.message.contains("the graph has a cycle"))
    #expect(error { $0.nodes[2].outputs = [1] }.message.contains("operator 0 already wrote"))
    #expect(error { $0.nodes[2].outputs = [0] }.message.contains("writes a graph input"))
    #expect(error { $0.inputs = [0, 0] }.message.contains("two graph inputs"))
    #expect(
      error {
        $0.tensors.append(activation([2]))
        $0.outputs = [4]
      }.message == "a graph output is never computed (tensor 4 't')")
    #expect(
      error {
        $0.tensors.append(weights([2], [1, 2]))
        $0.outputs = [4]
      }.category == .unsupported)
    #expect(
      error {
        $0.tensors.append(weights([2], [1, 2]))
        $0.nodes[2].outputs = [4]
      }.message.contains("writes a constant"))
    #expect(
      error {
        $0.tensors.append(weights([2], [1, 2]))
        $0.inputs = [0, 4]
      }.message.contains("a graph input is a constant"))
  }

  @Test func anInputMayBeAnOutput() throws {
    var graph = Self.chain()
    graph.outputs = [3, 0]
    try graph.validate()
  }

  @Test func tensors() {
    #expect(error { $0.tensors[1].shape = [Int](repeating: 1, count: 9) }.category == .invalidShape)
    #expect(error { $0.tensors[1].shape = [-1] }.category == .invalidShape)
    #expect(error { $0.tensors[1].shape = [1 << 27] }.category == .resourceLimit)
    #expect(error { $0.tensors[1].shape = [1 << 40, 1 << 40] }.message.contains("a size that overflows"))
    #expect(error { $0.tensors += (0..<9).map { _ in activation([1 << 26]) } }.category == .resourceLimit)
    #expect(
      error { $0.tensors.append(Tensor(name: "c", shape: [3], type: .int32, constant: [1])) }.message
        == "buffer has 1 bytes, shape [3] of int32 needs 12 (tensor 4 'c')")
  }

  @Test func quantization() {
    for (scale, word) in [(Float.nan, "not a number"), (.infinity, "infinite"), (0, "zero"), (-0.5, "negative (-0.5)")] {
      let found = error { $0.tensors[1].quantization.scales = [scale] }
      #expect(found.category == .invalidQuantization)
      #expect(found.message.hasPrefix("scale is \(word) (tensor 1 't1', output of operator 0 RELU)"))
    }
    #expect(error { $0.tensors[1].quantization.zeroPoints = [128] }.category == .invalidQuantization)
    #expect(error { $0.tensors[1].quantization.zeroPoints = [Int.min] }.category == .invalidQuantization)
    #expect(error { $0.tensors[1].quantization.zeroPoints = [] }.message.hasPrefix("1 scales but 0 zero points"))
    #expect(
      error { $0.tensors[1].quantization = Quantization(scales: [1, 1], zeroPoints: [0, 0], dimension: 1) }.message
        .hasPrefix("activations have 2 scales, only one is possible"))
  }

  @Test func longChainsAreLinear() throws {
    let count = 60_000
    let graph = Graph(
      name: "long", tensors: (0...count).map { _ in activation([1]) },
      nodes: (0..<count).map { Node(index: $0, operation: UnaryFunction("RELU"), inputs: [$0], outputs: [$0 + 1]) }, inputs: [0],
      outputs: [count])
    let clock = ContinuousClock()
    #expect(try clock.measure { try graph.validate() } < .seconds(5))
    var cyclic = graph
    cyclic.nodes[0].inputs = [count]
    #expect(clock.measure { _ = validationError(cyclic) } < .seconds(5))
  }
}
