import Machine
import Model
import Testing

@testable import Mapper

@Suite struct SoftmaxTests {
  @Test(arguments: 0..<20 / thinning)
  func heads(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 6000)
    let x = b.image()
    let flat = b.reshape(x, [1, b.tensors[x].elementCount])
    let dense = b.fullyConnected(flat, channels: b.pick([1, 2, 7, 16, 33]))
    let softmax = b.add(
      Softmax(), [dense], b.tensor(b.tensors[dense].shape, Quantization(scale: 1 / 256, zeroPoint: -128)))
    let rows = b.fullyConnected(x, channels: 5)
    let shaped = b.reshape(rows, [1, 1, b.tensors[rows].shape[0], 5])
    try expectExact(&b, outputs: [softmax, shaped, dense, x], "seed \(seed)")
  }

  private func softmax(_ x: Int, in b: inout GraphBuilder) -> Int {
    b.add(Softmax(), [x], b.tensor(b.tensors[x].shape, Quantization(scale: 1 / 256, zeroPoint: -128)))
  }

  /// The longest row whose sum is sure to fit, and long ones one after the other.
  @Test(arguments: [[1, 4_095], [3, 1_000], [1, 2, 2, 700]]) func longRows(_ shape: [Int]) throws {
    var b = GraphBuilder()
    let x = b.input(shape)
    try expectExact(&b, outputs: [softmax(x, in: &b)])
  }

  /// Along another dimension it is the last one of a transposed tensor.
  @Test func anotherDimension() throws {
    var b = GraphBuilder()
    let image = try required(b.convolution(b.input([1, 6, 5, 3]), channels: 7, kernel: (3, 3)))
    let turned = b.transpose(image, [0, 3, 2, 1]), back = b.transpose(softmax(turned, in: &b), [0, 3, 2, 1])
    try expectExact(&b, outputs: [back])
  }
}
