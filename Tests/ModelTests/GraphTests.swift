import Model
import Testing

@Suite struct GraphTests {
  static let residual: Graph = {
    // x -> RELU -> a; a + x -> y; a constant stands by.
    Graph(
      name: "residual", tensors: [activation([1, 4]), activation([1, 4]), activation([1, 4]), weights([2], [1, 2])],
      nodes: [
        Node(index: 0, operation: UnaryFunction("RELU"), inputs: [0], outputs: [1]),
        Node(index: 1, operation: Addition(), inputs: [1, 0], outputs: [2]),
      ], inputs: [0], outputs: [2])
  }()

  @Test func producersAndConsumers() {
    #expect(Self.residual.producers == [nil, 0, 1, nil])
    #expect(Self.residual.consumers == [[0, 1], [1], [], []])
    #expect(Self.residual.activations == [0, 1, 2])
  }

  @Test func aTensorReadTwiceByOneNodeHasOneConsumer() {
    let twice = graph(Addition(), [activation([4])], output: activation([4]))
    var copy = twice
    copy.nodes[0].inputs = [0, 0]
    #expect(copy.consumers == [[0], []])
  }

  @Test func costs() {
    let layer = graph(
      FullyConnected(), [activation([1, 3]), weights([2, 3], [1, 2, 3, 4, 5, 6]), integers([2], [0, 0])],
      output: activation([1, 2]))
    #expect(layer.multiplyAccumulates == 6)
    #expect(layer.parameterBytes == 14)
  }

  @Test func labelsAreShortAndSafe() {
    var graph = Self.residual
    graph.tensors[0].name = String(repeating: "n", count: 300)
    #expect(graph.label(0).count < 110)
    #expect(graph.label(1) == "tensor 1 't'")
    #expect(graph.label(99) == "tensor 99")
  }

  @Test func absentInputs() {
    let node = Node(index: 0, operation: UnaryFunction("RELU"), inputs: [3, -1], outputs: [4])
    #expect(node.input(0) == 3)
    #expect(node.input(1) == nil)
    #expect(node.input(2) == nil)
  }
}
