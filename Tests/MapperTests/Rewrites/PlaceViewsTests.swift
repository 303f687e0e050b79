import Machine
import Model
import Testing

@testable import Mapper

@Suite struct PlaceViewsTests {
  /// A convolution whose outputs have the scale of `x`, so that they can be joined with it.
  private func convolution(_ x: Int, _ channels: Int, _ b: inout GraphBuilder) throws -> Int {
    let y = try required(b.convolution(x, channels: channels, kernel: (3, 3)))
    b.tensors[y].quantization = b.tensors[b.inputs[0]].quantization
    return y
  }

  /// With the plain layouts: a pixel more or less beside another one is not what these tests are about.
  private func expectLayers(
    _ builder: inout GraphBuilder, _ outputs: [Int], _ expected: [String], _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try MapperTests.expectLayers(&builder, outputs, expected, comment, policy: .first, sourceLocation: sourceLocation)
  }

  @Test func randomNetworks() {
    expectExactNetworks(
      "views", [.concatenation, .concatenation, .split, .slice, .stridedSlice, .transpose, .reshape, .convolution, .depthwise, .add])
  }

  // MARK: Concatenation

  @Test(arguments: 1...3) func partsAreComputedInTheWhole(_ axis: Int) throws {
    var b = GraphBuilder(seed: axis)
    let x = b.input([1, 4, 5, 6])
    let parts = [try convolution(x, 6, &b), try convolution(x, 6, &b)]
    let whole = b.concatenation(parts, axis: axis)
    try expectLayers(&b, [whole], ["CONV_2D", "CONV_2D"])
    let mapping = try Mapper.map(b.graph(outputs: [whole]), for: .edge64)
    #expect(mapping.placements.map(\.tensor).sorted() == [x, whole] && mapping.address(of: parts[0]) == (axis == 1 ? mapping.address(of: whole) : nil))
  }

  @Test func concatenationsOfConcatenations() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 5, 6])
    let parts = try (0..<3).map { _ in try convolution(x, 6, &b) }
    let inner = b.concatenation([parts[0], parts[1]], axis: 3), twice = b.concatenation([parts[2], parts[2]], axis: 3)
    for axis in [1, 3] {
      var c = b
      // One tensor cannot be in two places: its second is a copy.
      try expectLayers(&c, [c.concatenation([inner, twice], axis: axis)], ["CONV_2D", "CONV_2D", "CONV_2D", "CONCATENATION"])
    }
    // Where rows of the inner whole are cut, its pixels are in no one row of pixels any more: it is copied.
    try expectLayers(
      &b, [b.concatenation([inner, twice], axis: 2)], ["CONV_2D", "CONV_2D", "CONV_2D", "CONCATENATION", "CONCATENATION"])
  }

  /// A rectifier of bytes that are no less than zero anyway is but another name for the whole.
  @Test func aWholeByAnotherName() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 5, 6])
    b.tensors[x].quantization = Quantization(scale: 0.05, zeroPoint: -128)
    let whole = b.concatenation([try convolution(x, 6, &b), try convolution(x, 3, &b)], axis: 3)
    let renamed = b.add(UnaryFunction("RELU"), [whole], b.like(whole, [1, 4, 5, 9]))
    try expectLayers(&b, [renamed], ["CONV_2D", "CONV_2D"])
  }

  @Test func aTensorInTwoConcatenations() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 5, 6])
    let shared = try convolution(x, 6, &b), first = try convolution(x, 3, &b), second = try convolution(x, 5, &b)
    let wholes = [b.concatenation([shared, first], axis: 3), b.concatenation([second, shared], axis: 3)]
    try expectLayers(&b, wholes, ["CONV_2D", "CONV_2D", "CONV_2D", "CONCATENATION"])
  }

  /// Inputs of the graph lie where the host puts them, constants in no feature memory, and outputs in one piece.
  @Test func inputsAndOutputsOfTheGraphStay() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 5, 6])
    let y = try convolution(x, 6, &b)
    let whole = b.concatenation([x, y], axis: 3)
    try expectLayers(&b, [whole], ["CONV_2D", "CONCATENATION"])
    try expectLayers(&b, [whole, y], ["CONV_2D", "CONCATENATION"])
    // Along the rows an output is in one piece within the whole, too.
    var c = GraphBuilder()
    let u = c.input([1, 4, 5, 6])
    let v = try convolution(u, 6, &c), w = try convolution(u, 6, &c)
    let rows = c.concatenation([v, w], axis: 1)
    try expectLayers(&c, [rows, w], ["CONV_2D", "CONV_2D"])
  }

  /// Softmax and borders write their bytes one behind the other.
  @Test func someKernelsNeedTheirBytesInOnePiece() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 5, 6])
    b.tensors[x].quantization = Quantization(scale: 1 / 256, zeroPoint: -128)
    let y = b.add(Softmax(), [x], b.like(x, [1, 4, 5, 6]))
    var c = b
    let z = c.pad(x, [(0, 0), (0, 0), (0, 0), (1, 0)])
    try expectLayers(&c, [c.concatenation([y, z], axis: 3)], ["SOFTMAX", "PAD", "CONCATENATION"])
    let v = b.pad(x, [(0, 0), (1, 0), (0, 0), (0, 0)])
    let rows = b.concatenation([y, v], axis: 1)
    try expectLayers(&b, [rows], ["SOFTMAX", "PAD"])
  }

  // MARK: Slices

  @Test func slicesAreReadWhereTheyAre() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 8])
    let channels = b.slice(x, [0, 0, 0, 2], [1, 6, 5, 4]), rows = b.slice(x, [0, 1, 0, 0], [1, 3, 5, 8])
    let y = try convolution(channels, 5, &b), z = try required(b.depthwise(rows, kernel: (3, 3)))
    try expectLayers(&b, [y, z], ["CONV_2D", "DEPTHWISE_CONV_2D"])
    // What is asked for from outside is read where it is if that is one piece, and else is a copy.
    try expectLayers(&b, [y, z, rows], ["CONV_2D", "DEPTHWISE_CONV_2D"])
    try expectLayers(&b, [y, z, channels], ["SLICE", "CONV_2D", "DEPTHWISE_CONV_2D"])
  }

  /// Windows need channels in a row. Copies do not: one moves all bytes one by one, where two would move them so and then by pixels.
  @Test(arguments: [[1, 6, 5, 8], [1, 20, 18, 32]]) func whatKernelsCannotReadIsCopied(_ shape: [Int]) throws {
    var b = GraphBuilder()
    let x = b.input(shape)
    let part = b.everySecond(x, axis: 3)
    var c = b
    let turned = c.transpose(part, [0, 2, 1, 3])
    let y = c.sum(turned, turned)
    try expectLayers(&c, [y], ["TRANSPOSE", "ADD"])
    let z = try convolution(part, 5, &b)
    try expectLayers(&b, [z], ["STRIDED_SLICE", "CONV_2D"])
  }

  @Test func everySecondPixelIsAnImage() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 8])
    let y = try convolution(b.everySecond(b.everySecond(x, axis: 1), axis: 2), 5, &b)
    try expectLayers(&b, [y], ["CONV_2D"])
  }

  @Test func concatenationOfASlice() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 8])
    let y = try convolution(x, 8, &b)
    let whole = b.concatenation([b.slice(y, [0, 0, 0, 3], [1, 6, 5, 2]), y], axis: 3)
    try expectLayers(&b, [whole], ["CONV_2D", "SLICE"])
  }

  /// Both halves change places: the halves are computed where they will be, and nothing moves twice.
  @Test func splitThenConcatenate() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 5, 8])
    let y = try convolution(x, 8, &b), halves = b.split(y, 2, axis: 3)
    let shuffled = b.concatenation(halves.reversed(), axis: 3)
    let z = try convolution(shuffled, 4, &b)
    try expectLayers(&b, [z], ["CONV_2D", "SPLIT", "SPLIT", "CONV_2D"])
  }

  // MARK: Shapes between

  @Test func reshapesBetween() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 6, 8])
    let y = try convolution(x, 8, &b), z = try convolution(x, 8, &b)
    var c = b
    let flat = [y, z].map { c.reshape($0, [1, 24, 8]) }
    try expectLayers(&c, [c.concatenation(flat, axis: 2)], ["CONV_2D", "CONV_2D"])
    // Rows of one and a half rows of pixels have no place in the whole that pixels could be computed in: copies stay.
    let cut = [y, z].map { b.reshape($0, [1, 16, 12]) }
    try expectLayers(&b, [b.concatenation(cut, axis: 2)], ["CONV_2D", "CONV_2D", "CONCATENATION"])
  }

  /// Elements of a part of a tensor, one behind the other, into a whole where they are not: the part keeps its place.
  @Test func aPartCopiedIntoAWhole() throws {
    var b = GraphBuilder()
    let x = b.input([1, 2, 2, 2])
    let halves = b.split(x, 2, axis: 1)
    let whole = b.concatenation([halves[0], halves[0], halves[1]], axis: 3)
    try expectLayers(&b, [whole], ["SPLIT", "SPLIT", "CONCATENATION"])
  }

  @Test func aTransposedWhole() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 6, 8])
    let y = try convolution(x, 8, &b)
    let turned = b.transpose(y, [0, 2, 1, 3])
    let z = try convolution(turned, 3, &b)
    try expectLayers(&b, [z], ["CONV_2D", "CONV_2D"])
  }

  // MARK: Additions and constants

  /// The second operand must lie as the sum does; where one of them is in a whole and the other is not, a copy stays.
  @Test func operandsThatLieDifferently() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 5, 6])
    let y = try convolution(x, 6, &b), sum = b.sum(y, x)
    b.tensors[sum].quantization = b.tensors[x].quantization
    let whole = b.concatenation([sum, x], axis: 3)
    try expectLayers(&b, [whole], ["CONV_2D + ADD", "CONCATENATION"])
    // The copy of one half adds the other, which is a copy as well.
    var c = GraphBuilder()
    let u = c.input([1, 4, 5, 12])
    let halves = c.split(u, 2, axis: 3)
    let v = c.sum(halves[0], halves[1])
    try expectLayers(&c, [v], ["SPLIT", "SPLIT + ADD"])
  }

  /// A constant that repeats over more elements than lie in a row.
  @Test func constantsNeedTheirElementsInARow() throws {
    for axis in 1...3 {
      for isProduct in [false, true] {
        var b = GraphBuilder(seed: axis)
        let x = b.input([1, 6, 4, 8])
        let part = b.everySecond(x, axis: axis), shape = b.tensors[part].shape
        for rank in 1...3 {
          var c = b
          let constant = c.constant(Array(shape.suffix(rank)), Quantization(scale: 0.01, zeroPoint: 3))
          let operation: any Model.Operation = isProduct ? Multiplication() : Addition()
          let y = c.add(operation, [part, constant], c.tensor(shape, Quantization(scale: c.tensors[x].scale * 1.5, zeroPoint: 3)))
          // Rows of 4·8 elements without gaps, pixels of 8, or single bytes.
          let run = [1: 32, 2: 8, 3: 1][axis] ?? 0, period = shape.suffix(rank).reduce(1, *)
          try expectLayers(
            &c, [y], (run % period == 0 ? [] : ["STRIDED_SLICE"]) + [isProduct ? "MUL" : "ADD"], "axis \(axis), constant of rank \(rank)")
        }
      }
    }
  }
}
