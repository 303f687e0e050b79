import Machine
import Model
import Testing

@testable import Mapper

@Suite struct PoolsTests {
  @Test(arguments: 0..<60 / thinning)
  func pools(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 2000)
    let x = b.image()
    let average = b.averagePool(
      x, kernel: b.pick(GraphBuilder.kernels), stride: b.pick(GraphBuilder.strides), padding: b.pick([.same, .valid]),
      activation: b.pick(GraphBuilder.activations))
    let maximum = b.maximumPool(
      x, kernel: b.pick(GraphBuilder.kernels), stride: b.pick(GraphBuilder.strides), padding: b.pick([.same, .valid]))
    let mean = b.mean(x)
    try expectExact(&b, outputs: [average, maximum, mean], "seed \(seed)")
  }

  /// Windows beyond every buffer: rows of bytes, streams with mostly zero weights.
  @Test(arguments: [(25, 5), (7, 7), (16, 16), (48, 48), (1, 200), (40, 9)])
  func largeMeans(_ size: (Int, Int)) throws {
    for channels in [1, 3, 17] {
      var b = GraphBuilder(seed: size.0 * 100 + size.1)
      let x = b.input([1, size.0, size.1, channels])
      let average = b.averagePool(x, kernel: size, stride: (1, 1), padding: .valid)
      try expectExact(&b, outputs: [b.mean(x), average], "\(size)", configurations: [.up5k, .edge64])
    }
  }

  /// Padding counts in no divisor: windows with equally many pixels of the image are a part.
  @Test func averagesOfEqualCounts() throws {
    var b = GraphBuilder()
    let x = b.input([1, 5, 4, 2])
    let same = try required(b.averagePool(x, kernel: (3, 3), stride: (1, 1), padding: .same))
    let valid = try required(b.averagePool(x, kernel: (3, 3), stride: (1, 1), padding: .valid))
    let plans = try Network(b.graph(outputs: [same, valid])).plans
    #expect(plans[0]?.parts.count == 9 && plans[1]?.parts.map(\.detail) == [""])
    #expect(plans[0]?.parts[4].detail == "rows 1..<4, columns 1..<3, average of 9")
  }
}
