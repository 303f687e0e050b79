import Machine
import Model
import Testing

@testable import Mapper

@Suite struct ConvolutionsTests {
  @Test(arguments: 0..<60 / thinning)
  func convolutions(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed)
    let x = b.image()
    let y = b.convolution(
      x, channels: b.pick([1, 3, 4, 8, 10, 16, 20]), kernel: b.pick(GraphBuilder.kernels), stride: b.pick(GraphBuilder.strides),
      dilation: b.pick(GraphBuilder.dilations), padding: b.pick([.same, .valid]), activation: b.pick(GraphBuilder.activations))
    try expectExact(&b, outputs: [y], "seed \(seed)")
  }

  @Test(arguments: 0..<80 / thinning)
  func depthwiseConvolutions(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 1000)
    let x = b.image()
    let y = b.depthwise(
      x, multiplier: b.pick([1, 1, 1, 2, 3, 5, 9]), kernel: b.pick(GraphBuilder.kernels), stride: b.pick(GraphBuilder.strides),
      dilation: b.pick(GraphBuilder.dilations), padding: b.pick([.same, .valid]), activation: b.pick(GraphBuilder.activations))
    try expectExact(&b, outputs: [y], "seed \(seed)")
  }

  @Test(arguments: 0..<24 / thinning)
  func groupedConvolutions(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 7000)
    let groups = b.pick([2, 3, 4]), depth = b.pick([1, 2, 5])
    let x = b.input([1, .random(in: 1...6, using: &b.random), b.pick([1, 2, 5]), groups * depth])
    let y = b.convolution(
      x, channels: groups * b.pick([1, 2, 4]), kernel: b.pick(GraphBuilder.kernels), stride: b.pick(GraphBuilder.strides),
      padding: b.pick([.same, .valid]), activation: b.pick(GraphBuilder.activations), groups: groups)
    try expectExact(&b, outputs: [y], "seed \(seed)")
  }

  /// A part for every group, of channels beside each other.
  @Test func groupsAreParts() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 6])
    let y = try required(b.convolution(x, channels: 8, kernel: (1, 1), groups: 2))
    let parts = try #require(Network(b.graph(outputs: [y])).plans[0]).parts
    #expect(parts.map(\.from.offset) == [0, 3] && parts.map(\.to.offset) == [0, 4] && parts.map(\.from.strides) == [[96, 24, 6, 1], [96, 24, 6, 1]])
  }

  /// One input channel makes a depthwise convolution an ordinary one.
  @Test func depthwiseOfOneChannel() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 1])
    let y = try required(b.depthwise(x, multiplier: 5, kernel: (3, 2)))
    guard case .sum? = try Network(b.graph(outputs: [y])).plans[0]?.parts[0].kernel else {
      Issue.record("no sum")
      return
    }
    try expectExact(&b, outputs: [y])
  }
}
