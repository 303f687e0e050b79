import Testing

@testable import Model

@Suite struct FoldConstantsTests {
  private func size(_ shape: [Int]) -> Tensor { Tensor(name: "i", shape: shape, type: .int32) }

  /// SHAPE of a tensor, a slice of it, and PACK with a constant: the target of a RESHAPE.
  @Test func arithmeticOnShapesIsConstant() throws {
    let slice = Slice(name: "STRIDED_SLICE", shrinkMask: 1)
    var graph = Graph(
      name: "flatten",
      tensors: [
        activation([1, 2, 3]), size([3]), integers([1], [0]), integers([1], [1]), integers([1], [1]), size([]), integers([], [6]), size([2]),
        activation([1, 6]),
      ],
      nodes: [
        Node(index: 0, operation: Shape(), inputs: [0], outputs: [1]), Node(index: 1, operation: slice, inputs: [1, 2, 3, 4], outputs: [5]),
        Node(index: 2, operation: Pack(axis: 0), inputs: [5, 6], outputs: [7]), Node(index: 3, operation: Reshape(), inputs: [0, 7], outputs: [8]),
      ], inputs: [0], outputs: [8])
    graph.prepare()
    #expect(graph.folded.map(\.index) == [0, 1, 2] && graph.nodes.map(\.index) == [3])
    #expect(graph.tensors[1].indexValues() == [1, 2, 3] && graph.tensors[5].indexValues() == [1] && graph.tensors[7].indexValues() == [1, 6])
    try graph.validate()
    #expect(try GoldenModel(graph).run(inputs: [[1, 2, 3, 4, 5, 6]])[7] == graph.tensors[7].constant)
  }

  @Test(arguments: [
    ("ADD", [9, -1]), ("SUB", [5, -7]), ("MUL", [14, -12]), ("MAXIMUM", [7, 3]), ("MINIMUM", [2, -4]), ("FLOOR_DIV", [3, -2]), ("DIV", [3, -1]),
  ] as [(String, [Int])]) func integersAreComputed(_ name: String, _ expected: [Int]) {
    var graph = graph(UnsupportedOperation(name: name), [integers([2], [7, -4]), integers([2], [2, 3])], output: size([2]))
    graph.foldConstants()
    #expect(graph.tensors[2].indexValues() == expected)
  }

  @Test func moreIntegers() {
    func folded(_ name: String, _ inputs: [Tensor], _ shape: [Int], type: ElementType = .int32) -> [Int]? {
      var graph = graph(UnsupportedOperation(name: name), inputs, output: Tensor(name: "y", shape: shape, type: type))
      graph.foldConstants()
      return graph.tensors[graph.outputs[0]].indexValues()
    }
    #expect(folded("REDUCE_PROD", [integers([3], [2, 3, 4]), integers([1], [0])], []) == [24])
    #expect(folded("FILL", [integers([1], [3]), integers([], [5])], [3]) == [5, 5, 5])
    #expect(folded("CAST", [integers([2], [2, -3])], [2], type: .int64) == [2, -3])
    #expect(folded("DIV", [integers([1], [1]), integers([1], [0])], [1]) == nil)
    #expect(folded("MUL", [integers([1], [1 << 30]), integers([1], [4])], [1]) == nil)
    #expect(folded("CUMSUM", [integers([2], [2, -3])], [2]) == nil)
  }

  /// Constants of a network go through its own operators.
  @Test func constantsAreComputed() throws {
    var graph = Graph(
      name: "constants", tensors: [weights([4], [-3, 0, 5, 7]), activation([4]), activation([4]), activation([4])],
      nodes: [
        Node(index: 0, operation: UnaryFunction("ABS"), inputs: [0], outputs: [1]),
        Node(index: 1, operation: Addition(), inputs: [2, 1], outputs: [3]),
      ], inputs: [2], outputs: [3])
    graph.prepare()
    #expect(graph.folded.count == 1 && graph.tensors[1].int8Values() == [3, 0, 5, 7])
    try graph.validate()
  }

  @Test func whatNobodyReadsIsDropped() throws {
    var graph = Graph(
      name: "unread", tensors: [activation([4]), activation([4]), activation([4]), activation([4])],
      nodes: [
        Node(index: 0, operation: UnaryFunction("ABS"), inputs: [0], outputs: [1]),
        Node(index: 1, operation: UnsupportedOperation(name: "CUMSUM"), inputs: [1], outputs: [2]),
        Node(index: 2, operation: UnaryFunction("RELU"), inputs: [0], outputs: [3]),
      ], inputs: [0], outputs: [3])
    graph.prepare()
    #expect(graph.unread.map(\.index) == [0, 1] && graph.nodes.map(\.index) == [2])
    try graph.validate()
  }

  /// A tensor that was folded and changed afterwards is refused.
  @Test func foldedTensorsAreChecked() throws {
    var graph = graph(Shape(), [activation([1, 2])], output: size([2]))
    graph.tensors.append(activation([1, 2]))
    graph.nodes.append(Node(index: 1, operation: UnaryFunction("ABS"), inputs: [0], outputs: [2]))
    graph.outputs = [2]
    graph.prepare()
    try graph.validate()
    graph.tensors[1].type = .string
    #expect(validationError(graph).message.hasPrefix("a folded tensor has not the bytes that its shape and type need"))
  }

  /// Damaged graphs come through as they are.
  @Test func whatIsDamagedStays() {
    var graph = Graph(
      name: "damaged", tensors: [weights([4], [1, 2, 3, 4]), activation([4])],
      nodes: [
        Node(index: 0, operation: UnaryFunction("ABS"), inputs: [7], outputs: [1]),
        Node(index: 1, operation: Reshape(), inputs: [0], outputs: [-3]),
      ], inputs: [9], outputs: [1])
    graph.prepare()
    #expect(graph.nodes.map(\.index) == [0] && graph.unread.map(\.index) == [1])
  }
}
