import Model
import Testing

@Suite struct SplitTests {
  private func layer(_ name: String, _ inputs: [Tensor], _ outputs: [[Int]]) -> Graph {
    var layer = graph(Split(name: name), inputs, output: activation(outputs[0]))
    for shape in outputs.dropFirst() {
      layer.nodes[0].outputs.append(layer.tensors.count)
      layer.outputs.append(layer.tensors.count)
      layer.tensors.append(activation(shape))
    }
    return layer
  }

  private func parts(_ graph: Graph, _ x: [Int8]) throws -> [[Int8]] {
    let results = try GoldenModel(graph).run(inputs: [x.map { UInt8(bitPattern: $0) }])
    return graph.outputs.map { (results[$0] ?? []).map { Int8(bitPattern: $0) } }
  }

  @Test func partsLieSideBySide() throws {
    let halves = layer("SPLIT", [integers([], [-1]), activation([2, 4])], [[2, 2], [2, 2]])
    #expect(try parts(halves, [1, 2, 3, 4, 5, 6, 7, 8]) == [[1, 2, 5, 6], [3, 4, 7, 8]])
    let sizes = layer("SPLIT_V", [activation([3, 2]), integers([2], [1, -1]), integers([1], [0])], [[1, 2], [2, 2]])
    #expect(try parts(sizes, [1, 2, 3, 4, 5, 6]) == [[1, 2], [3, 4, 5, 6]])
  }

  @Test func sizesAndAxesAreChecked() {
    func split(_ axis: Int32, _ outputs: [[Int]]) -> String {
      validationError(layer("SPLIT", [integers([], [axis]), activation([2, 4])], outputs)).message
    }
    #expect(split(1, [[2, 2], [2, 2]]) == "the graph passed validation")
    #expect(split(2, [[2, 2], [2, 2]]) == "SPLIT axis 2 is out of range for rank 2 (operator 0 SPLIT, tensor 1 't')")
    #expect(split(1, [[2, 1], [2, 3]]) == "the outputs of SPLIT have unlike sizes [1, 3] (operator 0 SPLIT)")
    #expect(split(1, [[2, 2]]).hasPrefix("the parts have 2 elements along dimension 1, the whole has 4 "))
    #expect(split(1, [[2, 2], [2]]).hasPrefix("part's shape is 2, but 2x1 is computed "))
    let computed = layer("SPLIT", [activation([1]), activation([2, 4])], [[2, 2], [2, 2]])
    #expect(validationError(computed).message.hasPrefix("axes that are computed are not supported "))
    let sizes = layer("SPLIT_V", [activation([4]), integers([2], [1, 2]), integers([], [0])], [[1], [3]])
    #expect(validationError(sizes).message.hasPrefix("the sizes are [1, 2], but the outputs have [1, 3] "))
  }
}
