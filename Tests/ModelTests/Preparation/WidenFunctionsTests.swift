import Testing

@testable import Model

@Suite struct WidenFunctionsTests {
  @Test func functionsOfInt16AreOperatorsOfTheirOwn() {
    func prepared(_ graph: Graph) -> any Model.Operation {
      var graph = graph
      graph.prepare()
      return graph.nodes[0].operation
    }
    let wide = graph(Softmax(beta: 2), [wideActivation([4])], output: wideActivation([4], scale: 1 / 32_768))
    #expect((prepared(wide) as? WideSoftmax)?.beta == 2)
    for name in ["LOGISTIC", "TANH"] {
      let function = graph(UnaryFunction(name), [wideActivation([4])], output: wideActivation([4], scale: 1 / 32_768))
      #expect((prepared(function) as? WideSigmoid)?.name == name)
    }
    #expect(prepared(graph(UnaryFunction("RELU"), [wideActivation([4])], output: wideActivation([4]))) is UnaryFunction)
    #expect(prepared(graph(Softmax(), [activation([4])], output: activation([4], scale: 1 / 256, zeroPoint: -128))) is Softmax)
    var other = wide
    other.rounding = .exact
    #expect(prepared(other) is Softmax)
  }
}
