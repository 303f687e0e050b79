import Model
import Testing

@testable import Mapper

@Suite struct RowLengthsTests {
  private func tensor(_ shape: [Int], _ type: ElementType = .int16, constant: [UInt8]? = nil) -> Tensor {
    Tensor(name: "t", shape: shape, type: type, quantization: Quantization(scale: 0.1, zeroPoint: 0), constant: constant)
  }

  /// Windows want rows of the image; matrices take them as they are, and else want their own.
  @Test func rowsAreThoseOfTheReader() throws {
    let pool = MaxPool2D(filterHeight: 2, filterWidth: 2), dense = FullyConnected()
    var graph = Graph(
      name: "g", tensors: [tensor([1, 4, 3, 5]), tensor([1, 3, 2, 5]), tensor([1, 30]), tensor([2, 30], .int8, constant: []), tensor([1, 2])],
      nodes: [
        Node(index: 0, operation: pool, inputs: [0], outputs: [1]), Node(index: 1, operation: Reshape(), inputs: [1], outputs: [2]),
        Node(index: 2, operation: dense, inputs: [2, 3], outputs: [4]),
      ], inputs: [0], outputs: [4])
    #expect(try graph.int16Rows([2: 1]) == [0: Int16Rows(length: 15), 1: Int16Rows(length: 30), 2: Int16Rows(length: 30), 4: Int16Rows(length: 2)])
    // A second reader of the same bytes in another shape.
    graph.tensors += [tensor([1, 2, 1, 15]), tensor([1, 1, 1, 15]), tensor([1, 2, 1, 5])]
    graph.nodes += [Node(index: 3, operation: pool, inputs: [1], outputs: [7]), Node(index: 4, operation: pool, inputs: [5], outputs: [6])]
    #expect(try graph.int16Rows([2: 1])[2] == Int16Rows(length: 10))
    #expect {
      try graph.int16Rows([2: 1, 5: 1])
    } throws: { error in
      (error as? MappingError)?.message
        == "operator 4 MAX_POOL_2D reads tensor 5 't' in rows of 15 elements of int16, another operator in rows of 10; give them tensors of one shape"
    }
  }

  /// Operands, results, and whoever is joined with them by another operator.
  @Test func elementwiseOperatorsJoin() throws {
    let pool = MaxPool2D(filterHeight: 1, filterWidth: 1)
    let image = tensor([1, 4, 3, 5])
    let graph = Graph(
      name: "g", tensors: [image, image, image, image, tensor([1, 60])],
      nodes: [
        Node(index: 0, operation: Int16Sigmoid(isTangent: false), inputs: [0], outputs: [1]),
        Node(index: 1, operation: Int16Sigmoid(isTangent: true), inputs: [1], outputs: [2]),
        Node(index: 2, operation: pool, inputs: [2], outputs: [3]), Node(index: 3, operation: Reshape(), inputs: [0], outputs: [4]),
      ], inputs: [0], outputs: [3, 4])
    let rows = try graph.int16Rows([4: 0])
    #expect([0, 1, 2, 4].allSatisfy { rows[$0] == Int16Rows(length: 15) } && rows[3] == Int16Rows(length: 60))
  }

  /// The next value of a state lies where the present one does, and is copied from rows of the same length if nobody minds.
  @Test func statesHaveOneLength() throws {
    let pool = MaxPool2D(filterHeight: 1, filterWidth: 1), image = tensor([1, 4, 3, 5])
    var graph = Graph(
      name: "g", tensors: [image, image, image, tensor([1, 60])],
      nodes: [
        Node(index: 0, operation: pool, inputs: [0], outputs: [1]), Node(index: 1, operation: AssignVariable(), inputs: [3], outputs: [2]),
      ], inputs: [3], outputs: [1])
    graph.states = [StateVariable(name: "s", tensor: 0, next: 2, initial: [UInt8](repeating: 0, count: 120))]
    #expect(try graph.int16Rows([:]) == [0: Int16Rows(length: 15), 1: Int16Rows(length: 60), 2: Int16Rows(length: 15), 3: Int16Rows(length: 15)])
  }

  /// A sum over time sees a filter's elements as a row.
  @Test func sumsOverTimeWantTheirMemory() throws {
    var graph = Graph(
      name: "g", tensors: [tensor([1, 12]), tensor([3, 4], constant: []), tensor([1, 3], .int8), tensor([1, 2, 1, 6]), tensor([1, 2, 1, 6])],
      nodes: [Node(index: 0, operation: StateSum(rank: 1), inputs: [0, 1], outputs: [2])], inputs: [0], outputs: [2])
    #expect(try graph.int16Rows([:]) == [0: Int16Rows(length: 4)])
    graph.nodes.append(Node(index: 1, operation: MaxPool2D(filterHeight: 1, filterWidth: 1), inputs: [3], outputs: [4]))
    #expect {
      try graph.int16Rows([3: 0])
    } throws: { error in
      (error as? MappingError)?.message
        == "operator 0 SVDF reads tensor 0 't' in rows of 4 elements of int16, another operator in rows of 6; give them tensors of one shape"
    }
  }
}
