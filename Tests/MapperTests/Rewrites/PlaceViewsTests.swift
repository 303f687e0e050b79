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

  @Test(arguments: 1...3) func partsAreComputedInTheWhole(_ axis: Int) throws {
    var b = GraphBuilder(seed: axis)
    let x = b.input([1, 4, 5, 6])
    let parts = [try convolution(x, 6, &b), try convolution(x, 6, &b)]
    let whole = b.concatenation(parts, axis: axis)
    try expectLayers(&b, [whole], ["CONV_2D", "CONV_2D"])
    let mapping = try Mapper.map(b.graph(outputs: [whole]), for: .edge64)
    #expect(mapping.placements.map(\.tensor).sorted() == [x, whole] && mapping.address(of: parts[0]) == (axis == 1 ? mapping.address(of: whole) : nil))
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

  /// Elements of a part of a tensor, one behind the other, into a whole where they are not: the part keeps its place.
  @Test func aPartCopiedIntoAWhole() throws {
    var b = GraphBuilder()
    let x = b.input([1, 2, 2, 2])
    let halves = b.split(x, 2, axis: 1)
    let whole = b.concatenation([halves[0], halves[0], halves[1]], axis: 3)
    try expectLayers(&b, [whole], ["SPLIT", "SPLIT", "CONCATENATION"])
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
