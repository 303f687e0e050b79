import Machine
import Model
import Testing

@testable import Mapper

@Suite struct MatrixProductsTests {
  private func product(
    _ a: Int, _ c: Int, _ shape: [Int], _ operation: BatchMatrixMultiplication = .init(), depth: Int, _ b: inout GraphBuilder
  ) -> Int {
    let scale = b.tensors[a].scale * b.tensors[c].scale * Float(depth).squareRoot() * b.scale(30...100)
    return b.add(operation, [a, c], b.tensor(shape, Quantization(scale: scale, zeroPoint: .random(in: -60...60, using: &b.random))))
  }

  /// All ways to store the operands, at sizes that fill no step and no group, with zero points at the rails.
  @Test(arguments: [(1, 1, 1), (3, 5, 2), (8, 6, 8), (2, 16, 33), (5, 7, 70)], [(-128, 127), (0, 0), (-128, -128), (7, 0), (0, -128), (127, 3)])
  func everyOrder(_ sizes: (Int, Int, Int), _ zeros: (Int, Int)) throws {
    let (rows, depth, columns) = sizes
    for (first, second) in [(false, false), (false, true), (true, false), (true, true)] {
      var b = GraphBuilder(seed: rows)
      let x = b.input(first ? [2, depth, rows] : [2, rows, depth]), y = b.input(second ? [2, columns, depth] : [2, depth, columns])
      (b.tensors[x].quantization.zeroPoints, b.tensors[y].quantization.zeroPoints) = ([zeros.0], [zeros.1])
      let operation = BatchMatrixMultiplication(transposesFirst: first, transposesSecond: second)
      let z = product(x, y, [2, rows, columns], operation, depth: depth, &b)
      try expectExact(&b, outputs: [z], "transposed \(first) \(second)")
    }
  }

  /// A matrix meets all of the other's; a matrix meets itself; both operands are computed, and more follows.
  @Test func networks() throws {
    var b = GraphBuilder(seed: 3)
    let x = b.input([2, 1, 4, 6]), y = b.input([1, 3, 6, 5])
    let z = product(x, y, [2, 3, 4, 5], depth: 6, &b)
    let same = product(z, z, [2, 3, 4, 4], .init(transposesSecond: true), depth: 5, &b)
    let soft = b.add(Softmax(), [same], b.tensor([2, 3, 4, 4], Quantization(scale: 1 / 256, zeroPoint: -128)))
    let w = product(soft, z, [2, 3, 4, 5], depth: 4, &b)
    try expectExact(&b, outputs: [w])
  }

  /// What one product leaves in the weight memory is none of another's constants, where the two write different bytes of equal blocks.
  @Test func oneAfterTheOther() throws {
    var b = GraphBuilder(seed: 8)
    let x = b.input([1, 1, 2, 1])
    let inner = product(x, x, [1, 1, 1, 1], .init(transposesFirst: true), depth: 2, &b)
    let outer = product(x, x, [1, 1, 2, 2], .init(transposesSecond: true), depth: 1, &b)
    try expectExact(&b, outputs: [inner, outer])
  }

  /// TRANSPOSE before the second operand costs nothing: elements are copied one by one anyway.
  @Test func transposesAreReadAsTheyLie() throws {
    var b = GraphBuilder(seed: 4)
    let x = b.input([1, 4, 6])
    let y = try required(b.convolution(b.input([1, 5, 4, 6]), channels: 6, kernel: (1, 1)))
    let flat = b.add(Reshape(), [y, b.indices([1, 20, 6], [3])], b.like(y, [1, 20, 6]))
    let turned = b.add(Transpose(), [flat, b.indices([0, 2, 1], [3])], b.like(flat, [1, 6, 20]))
    let z = product(x, turned, [1, 4, 20], depth: 6, &b)
    let mapping = try Mapper.map(b.graph(outputs: [z]), for: .edge64)
    #expect(mapping.layers.map(\.operatorName) == ["CONV_2D", "BATCH_MATMUL"])
    try expectExact(&b, outputs: [z])
  }

  /// A constant second matrix is the weights of FULLY_CONNECTED.
  @Test func constantsAreWeights() throws {
    for transposes in [false, true] {
      var b = GraphBuilder(seed: 5)
      let x = b.input([2, 3, 7]), c = b.constant(transposes ? [4, 7] : [7, 4], Quantization(scale: 0.02, zeroPoint: 0))
      let z = product(x, c, [2, 3, 4], .init(transposesSecond: transposes), depth: 7, &b)
      let mapping = try Mapper.map(b.graph(outputs: [z]), for: .edge64)
      #expect(mapping.layers.map(\.operatorName) == ["FULLY_CONNECTED"] && mapping.hardware.extensions == [])
      try expectExact(&b, outputs: [z])
    }
  }

  /// FULLY_CONNECTED with weights that are computed has a bias and an activation, too.
  @Test func fullyConnected() throws {
    var b = GraphBuilder(seed: 6)
    let x = b.input([3, 10]), w = b.input([18, 10])
    let scale = b.tensors[x].scale * b.tensors[w].scale * 200
    let z = b.add(
      FullyConnected(activation: .relu), [x, w, b.bias(18, 3000)], b.tensor([3, 18], Quantization(scale: scale, zeroPoint: -20)))
    try expectExact(&b, outputs: [z])
    #expect(try Mapper.map(b.graph(outputs: [z]), for: .edge64).hardware.extensions == .computedWeights)
  }

  @Test func hardwareWithoutTheWayToTheWeightsIsRefused() throws {
    var b = GraphBuilder(seed: 7)
    let x = b.input([1, 4, 4]), z = product(x, x, [1, 4, 4], depth: 4, &b)
    let none = try Hardware(.edge64, for: .init(accumulatorBits: 32, featureBytes: 4000, weightWords: 400, parameterEntries: 100, programWords: 1000))
    #expect(
      throws: ConfigurationError(
        source: "edge64",
        message: "the network multiplies matrices that are both computed, the hardware has no computed weights; make hardware for this network")
    ) { try Mapper.map(b.graph(outputs: [z]), on: none) }
  }

  @Test func randomNetworks() {
    expectExactNetworks("matrix products", [.matrixProduct, .matrixProduct, .transpose, .reshape, .slice, .softmax, .fullyConnected, .add])
  }
}
