import Model
import Testing

@Suite struct SliceTests {
  private func strided(
    _ shape: [Int], _ begin: [Int32], _ end: [Int32], _ strides: [Int32], _ output: [Int], _ slice: Slice = Slice(name: "STRIDED_SLICE")
  ) -> Graph {
    let constants = [begin, end, strides].map { integers([$0.count], $0) }
    return graph(slice, [activation(shape)] + constants, output: activation(output))
  }

  @Test func rangesOfEachDimension() throws {
    let slice = graph(
      Slice(), [activation([3, 4]), integers([2], [1, 2]), integers([2], [2, -1])], output: activation([2, 2]))
    #expect(try run(slice, Array(0..<12)) == [6, 7, 10, 11])
    #expect(try run(strided([6], [1], [6], [2], [3]), Array(0..<6)) == [1, 3, 5])
    #expect(try run(strided([6], [-1], [-7], [-2], [3]), Array(0..<6)) == [5, 3, 1])
    #expect(try run(strided([6], [-100], [100], [1], [6]), Array(0..<6)) == [0, 1, 2, 3, 4, 5])
    let masks = Slice(name: "STRIDED_SLICE", beginMask: 1, endMask: 1, shrinkMask: 2)
    #expect(try run(strided([2, 3], [1, -1], [1, 0], [-1, 1], [2], masks), Array(0..<6)) == [5, 2])
  }

  @Test func randomSlices() throws {
    var random = SplitMix64(seed: movementSeed)
    for _ in 0..<60 {
      let shape = (0..<Int.random(in: 1...4, using: &random)).map { _ in Int.random(in: 1...6, using: &random) }
      let starts = shape.map { Int.random(in: 0..<$0, using: &random) }
      let steps = shape.map { _ in [-3, -2, -1, 1, 1, 1, 2, 3].randomElement(using: &random)! }
      // The last element, and an end somewhere behind it.
      let counts = shape.indices.map { dimension in
        let room = steps[dimension] > 0 ? shape[dimension] - 1 - starts[dimension] : starts[dimension]
        return Int.random(in: 1...(room / abs(steps[dimension]) + 1), using: &random)
      }
      let ends = shape.indices.map { dimension in
        let end = starts[dimension] + steps[dimension] * (counts[dimension] - 1) + steps[dimension].signum()
        return end < 0 ? end - shape[dimension] : end
      }
      let layer = strided(shape, starts.map { Int32($0) }, ends.map { Int32($0) }, steps.map { Int32($0) }, counts)
      try expectMoves(layer) { index in shape.indices.map { starts[$0] + steps[$0] * index[$0] } }
    }
  }

  @Test func numbersAreChecked() {
    func slice(_ begin: Int32, _ size: Int32) -> String {
      validationError(graph(Slice(), [activation([4]), integers([1], [begin]), integers([1], [size])], output: activation([2]))).message
    }
    #expect(slice(1, 2) == "the graph passed validation")
    #expect(slice(3, 2) == "begin 3 and size 2 leave a dimension of 4 elements (operator 0 SLICE, tensor 2 'b')")
    #expect(slice(-1, 2).hasPrefix("begin -1 and size 2 leave") && slice(.min, .max).hasPrefix("begin -2147483648 and"))
    #expect(slice(0, 3).hasPrefix("output shape is 2, but 3 is computed "))
    func error(_ begin: [Int32], _ end: [Int32], _ stride: [Int32], shrink: Int = 0) -> String {
      validationError(strided([4], begin, end, stride, [4], Slice(name: "STRIDED_SLICE", shrinkMask: shrink))).message
    }
    #expect(error([0], [4], [0]) == "stride 0 of dimension 0 (operator 0 STRIDED_SLICE, tensor 3 'b')")
    #expect(error([0], [4], [-1], shrink: 1).hasPrefix("stride -1 of dimension 0 "))
    #expect(error([4], [5], [1], shrink: 1).hasPrefix("index 4 is out of range for 4 elements "))
    #expect(error([3], [1], [1]).hasPrefix("output shape is 4, but 0 is computed "))
    #expect(error([0], [4], [.max]).hasPrefix("output shape is 4, but 1 is computed "))
    #expect(error([.max], [.min], [.min]).hasPrefix("output shape is 4, but 1 is computed "))
    #expect(error([0, 0], [4], [1]).hasPrefix("there are 2 begins for rank 1 "))
  }
}
