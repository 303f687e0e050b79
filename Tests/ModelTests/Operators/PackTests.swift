import Model
import Testing

@Suite struct PackTests {
  @Test func slicesAreStackedAndTakenApart() throws {
    let pack = graph(Pack(axis: -1), [activation([3]), activation([3])], output: activation([3, 2]))
    #expect(try run(pack, [1, 2, 3], [4, 5, 6]) == [1, 4, 2, 5, 3, 6])
    var unpack = graph(Unpack(axis: 1), [activation([2, 2])], output: activation([2]))
    unpack.tensors.append(activation([2]))
    (unpack.nodes[0].outputs, unpack.outputs) = ([1, 2], [1, 2])
    let results = try GoldenModel(unpack).run(inputs: [[1, 2, 3, 4]])
    #expect(results[1] == [1, 3] && results[2] == [2, 4])
    let scalars = graph(Pack(axis: 0), [activation([]), weights([], [9])], output: activation([2]))
    #expect(try run(scalars, [5]) == [5, 9])
  }

  @Test func shapesAndAxesAreChecked() {
    func pack(_ axis: Int, _ output: [Int], _ second: [Int] = [3]) -> String {
      validationError(graph(Pack(axis: axis), [activation([3]), activation(second)], output: activation(output))).message
    }
    #expect(pack(0, [2, 3]) == "the graph passed validation")
    #expect(pack(2, [2, 3]) == "PACK axis 2 is out of range for rank 2 (operator 0 PACK, tensor 2 't')")
    #expect(pack(0, [3, 3]) == "there are 2 slices, but dimension 0 has size 3 (operator 0 PACK, tensor 2 't')")
    #expect(pack(0, [2, 3], [4]).hasPrefix("slice's shape is 4, but 3 is computed "))
    #expect(validationError(graph(Unpack(axis: 0), [activation([2, 3])], output: activation([3]))).message.hasPrefix("there are 1 slices"))
    #expect(validationError(graph(Unpack(axis: 0), [activation([])], output: activation([1]))).category == .invalidGraph)
    #expect(validationError(graph(Unpack(axis: 0), [activation([1, 3])], output: activation([3], scale: 2))).category == .invalidQuantization)
  }
}
