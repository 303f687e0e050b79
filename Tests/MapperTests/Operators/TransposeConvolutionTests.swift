import Machine
import Model
import Testing

@testable import Mapper

@Suite struct TransposeConvolutionTests {
  @Test(arguments: 0..<30 / thinning)
  func randomLayers(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 8000)
    let x = b.input([b.pick([1, 1, 2]), b.pick([1, 2, 4]), b.pick([1, 3, 5]), b.pick([1, 2, 5, 17])])
    let y = b.transposeConvolution(
      x, channels: b.pick([1, 3, 8, 17]), kernel: b.pick([(1, 1), (2, 2), (3, 3), (1, 4), (5, 2)]), stride: b.pick([(1, 1), (2, 2), (3, 1), (2, 4)]))
    try expectExact(&b, outputs: [y], "seed \(seed)")
  }

  /// A part for every phase, whose outputs are a stride apart. A phase that no tap reaches is the bias alone.
  @Test func phasesAreParts() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 5, 2])
    let y = b.transposeConvolution(x, channels: 3, kernel: (3, 1), stride: (2, 2))
    let parts = try #require(Network(b.graph(outputs: [y])).plans[0]).parts
    #expect(parts.count == 4 && parts.map(\.to.offset).sorted() == [0, 3, 30, 33] && parts.allSatisfy { $0.to.strides == [240, 60, 6, 1] })
    try expectExact(&b, outputs: [y])
  }
}
