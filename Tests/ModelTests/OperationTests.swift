import Model
import Testing

@Suite struct OperationTests {
  @Test func aStoreStartsWithTheConstants() {
    let graph = graph(Addition(), [activation([2]), weights([2], [1, -1])], output: activation([2]))
    var store = TensorStore(graph)
    #expect(store[0].isEmpty)
    #expect(store[1] == [1, 255])
    store[0] = [3, 4]
    #expect(store[0] == [3, 4])
  }

  @Test func mostOperatorsMultiplyNothing() {
    let graph = graph(UnaryFunction("RELU"), [activation([2])], output: activation([2]))
    #expect(graph.nodes[0].operation.multiplyAccumulates(graph.nodes[0], in: graph) == 0)
  }
}
