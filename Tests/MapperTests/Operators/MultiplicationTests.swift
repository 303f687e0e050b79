import Machine
import Model
import Testing

@testable import Mapper

@Suite struct MultiplicationTests {
  /// Factors beyond int8 are the sum of several, and the byte is read as often.
  @Test(arguments: [-128, 0, 127]) func factorsOfAllBytes(_ zero: Int) throws {
    var b = GraphBuilder(seed: zero)
    let x = b.input([1, 3, 256])
    let c = b.constant([256], Quantization(scale: 0.01, zeroPoint: zero))
    b.tensors[c].constant = (0..<256).map { UInt8($0) }
    let y = b.add(Multiplication(activation: .relu), [c, x], b.tensor([1, 3, 256], Quantization(scale: b.tensors[x].scale, zeroPoint: -7)))
    try expectExact(&b, outputs: [y])
  }

  @Test(arguments: [[1], [5], [3, 5], [2, 3, 5], [3, 1], [2, 1, 1]]) func factorsThatRepeat(_ shape: [Int]) throws {
    var b = GraphBuilder(seed: shape.count)
    let x = b.input([1, 2, 3, 5])
    let c = b.constant(shape, Quantization(scale: 0.01, zeroPoint: 3))
    let y = b.add(Multiplication(), [x, c], b.tensor([1, 2, 3, 5], Quantization(scale: b.tensors[x].scale, zeroPoint: 3)))
    try expectExact(&b, outputs: [y])
  }

  @Test func twoTensorsAreRefused() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4])
    let y = b.add(Multiplication(), [x, x], b.tensor([1, 4]))
    let graph = b.graph(outputs: [y])
    #expect(
      throws: MappingError(
        source: "made", message: "operator 0 MUL, tensor 1 't1': the product of two computed tensors is not supported by the hardware")
    ) { try Network(graph) }
  }
}
