import Model
import Testing

@testable import Mapper

@Suite struct CompiledGraphTests {
  /// One filter that remembers two steps, with its state as the file's reader leaves it.
  private func filter() throws -> Graph {
    func tensor(_ name: String, _ shape: [Int], _ type: ElementType, constant: [Int]? = nil) -> Tensor {
      Tensor(
        name: name, shape: shape, type: type, quantization: Quantization(scale: 0.01, zeroPoint: 0), constant: constant.map { Elements.bytes($0, type) })
    }
    var filter = SingularValueFilter(rank: 1)
    filter.isResolved = true
    var graph = Graph(
      name: "filter",
      tensors: [
        tensor("x", [1, 2], .int8), tensor("features", [1, 2], .int8, constant: [1, 2]), tensor("time", [1, 2], .int16, constant: [3, 4]),
        tensor("state", [1, 2], .int16), tensor("y", [1, 1], .int8), tensor("state/previous", [1, 2], .int16),
      ],
      nodes: [Node(index: 7, operation: filter, inputs: [0, 1, 2, -1, 5], outputs: [4, 3])], inputs: [0], outputs: [4])
    graph.states = [StateVariable(name: "state", tensor: 5, next: 3, initial: [0, 0, 0, 0])]
    try graph.validate()
    return graph
  }

  /// The copy of the next value is the last operator, its tensor the state's next value, and everything else stays.
  @Test func statesOfOperatorsAreCopied() throws {
    let graph = try filter(), compiled = graph.compiled, copy = try #require(compiled.nodes.last)
    #expect(copy.operation is AssignVariable && copy.index == 7 && copy.inputs == [3] && copy.outputs == [compiled.states[0].next])
    #expect(compiled.tensors[copy.outputs[0]].name == "state/next" && compiled.states[0].tensor == 5)
    #expect(compiled.nodes.count == graph.decomposed.nodes.count + 1 && compiled.outputs == graph.outputs)
    #expect(Array(compiled.tensors.prefix(graph.tensors.count)) == graph.tensors)
  }

  /// What is compiled already, and a network without state, stay as they are.
  @Test func aCompiledGraphStaysAsItIs() throws {
    let compiled = try filter().compiled, again = compiled.compiled
    #expect(again.tensors == compiled.tensors && again.states == compiled.states && again.nodes.map(\.outputs) == compiled.nodes.map(\.outputs))
    var b = GraphBuilder(seed: 1)
    let x = b.input([1, 2, 2, 3]), y = b.add(UnaryFunction("ABS"), [x], b.tensor([1, 2, 2, 3]))
    let plain = b.graph(outputs: [y])
    #expect(plain.compiled.tensors == plain.tensors && plain.compiled.nodes.count == 1)
  }
}
