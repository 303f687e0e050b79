import Testing

@testable import Model

@Suite struct Int16FunctionsTests {
  @Test func functionsOfInt16AreOperatorsOfTheirOwn() {
    func prepared(_ graph: Graph) -> any Model.Operation {
      var graph = graph
      graph.prepare()
      return graph.nodes[0].operation
    }
    let wide = graph(Softmax(beta: 2), [int16Activation([4])], output: int16Activation([4], scale: 1 / 32_768))
    #expect((prepared(wide) as? Int16Softmax)?.beta == 2)
    for name in ["LOGISTIC", "TANH"] {
      let function = graph(UnaryFunction(name), [int16Activation([4])], output: int16Activation([4], scale: 1 / 32_768))
      #expect((prepared(function) as? Int16Sigmoid)?.name == name)
    }
    #expect(prepared(graph(UnaryFunction("RELU"), [int16Activation([4])], output: int16Activation([4]))) is UnaryFunction)
    #expect(prepared(graph(Softmax(), [activation([4])], output: activation([4], scale: 1 / 256, zeroPoint: -128))) is Softmax)
    var other = wide
    other.rounding = .exact
    #expect(prepared(other) is Softmax)
  }
}
