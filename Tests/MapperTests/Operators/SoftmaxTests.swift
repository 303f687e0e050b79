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
}
