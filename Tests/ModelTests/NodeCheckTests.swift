import Model
import Testing

@Suite struct NodeCheckTests {
  @Test func errorsNameOperatorAndTensor() {
    var graph = graph(UnaryFunction("RELU"), [activation([2], name: "in")], output: activation([3], name: "out"))
    graph.nodes[0].index = 7
    #expect(
      validationError(graph).message
        == "output shape is 3, but 2 is computed (operator 7 RELU, tensor 1 'out')")
  }

  @Test func activationsAreInt8WithOneScale() {
    func category(_ change: (inout Tensor) -> Void) -> ModelError.Category {
      var tensor = activation([2])
      change(&tensor)
      return validationError(graph(UnaryFunction("RELU"), [tensor], output: activation([2]))).category
    }
    #expect(category { $0.type = .float32 } == .unsupported)
    #expect(category { $0.type = .uint8 } == .unsupported)
    #expect(category { $0.type = .int16 } == .unsupported)
    #expect(category { $0.quantization = .none } == .invalidQuantization)
    #expect(category { $0.quantization = Quantization(scales: [1, 1], zeroPoints: [0, 0]) } == .invalidQuantization)
    #expect(category { $0.shape = [0] } == .invalidShape)
  }

  @Test func counts() {
    var graph = graph(UnaryFunction("RELU"), [activation([2])], output: activation([2]))
    graph.nodes[0].inputs = []
    #expect(validationError(graph).message == "has 0 inputs, expected 1 (operator 0 RELU)")
    graph.nodes[0].inputs = [-1]
    #expect(validationError(graph).message == "input 0 is absent but needed (operator 0 RELU)")
  }
}
