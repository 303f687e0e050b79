import Testing

@testable import Model

@Suite struct CompositeOperationTests {
  /// Twice the maximum of a tensor and itself, one of them in two steps.
  private struct Doubled: CompositeOperation {
    var name: String { "DOUBLED" }
    func validate(_ node: Node, in graph: Graph) {}
    func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {}
    func parts(_ node: Node, in graph: inout Graph) -> [Node]? {
      let between = graph.addTensor(like: node.inputs[0], "same", Quantization(scale: 3, zeroPoint: 1))
      return [
        Node(index: node.index, operation: Maximum(), inputs: [node.inputs[0], node.inputs[0]], outputs: [between]),
        Node(index: node.index, operation: Reshape(), inputs: [between], outputs: node.outputs),
      ]
    }
  }

  @Test func partsOfPartsTakeTheirPlace() {
    var whole = graph(Doubled(), [activation([2], name: "x")], output: activation([2]))
    whole.nodes[0].index = 7
    let parts = whole.decomposed
    #expect(parts.nodes.map(\.operation.name) == ["SUB", "ADD", "RESHAPE"] && parts.nodes.allSatisfy { $0.index == 7 })
    #expect(parts.tensors.prefix(2) == whole.tensors[...] && parts.inputs == whole.inputs && parts.outputs == whole.outputs)
    #expect(parts.tensors.dropFirst(2).map(\.name) == ["x/same", "x/same/excess"])
    #expect(parts.tensors[2].quantization == Quantization(scale: 3, zeroPoint: 1) && parts.tensors[2].shape == [2])
    let again = parts.decomposed
    #expect(again.tensors == parts.tensors && again.nodes.count == 3)
  }

  @Test func indicesAreIntegers() {
    var any = graph(Reshape(), [activation([2])], output: activation([2]))
    let index = any.addIndices([3, -1])
    #expect(any.tensors[index].indexValues() == [3, -1] && any.tensors[index].shape == [2])
  }

  @Test func constantsHaveOneElement() {
    var any = graph(Reshape(), [activation([2])], output: activation([2]))
    let index = any.addConstant(-3, Quantization(scale: 2, zeroPoint: 0))
    #expect(any.tensors[index].int8Values() == [-3] && any.tensors[index].shape == [] && any.tensors[index].scale == 2)
  }
}
