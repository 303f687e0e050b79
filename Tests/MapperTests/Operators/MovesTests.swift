import Machine
import Model
import Testing
import Verify

@testable import Mapper

@Suite struct MovesTests {
  @Test(arguments: 0..<40 / thinning)
  func pads(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed + 3000)
    let x = b.image()
    func amount() -> (Int, Int) { (Int.random(in: 0...2, using: &b.random), Int.random(in: 0...3, using: &b.random)) }
    var amounts = [(0, 0), amount(), amount(), (0, 0)]
    if seed % 4 == 0 { amounts[3] = amount() }
    if seed % 8 == 0 { amounts[0] = amount() }
    let padded = b.pad(x, amounts)
    let folded = b.convolution(
      b.pad(x, [(0, 0), amount(), amount(), (0, 0)]), channels: 5, kernel: (3, 3), stride: b.pick(GraphBuilder.strides),
      padding: b.pick([.same, .valid]))
    let after = b.add(UnaryFunction("RELU"), [b.pad(x, amounts)], b.tensor(b.tensors[padded].shape))
    try expectExact(&b, outputs: [padded, folded, after], "seed \(seed)")
  }

  /// A layer for every output, a copy for every move; what only changes its shape is none.
  @Test func copies() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 2])
    let halves = b.split(x, 2, axis: 2), whole = b.concatenation(halves + [x], axis: 1 + 1), flat = b.reshape(whole, [64])
    let network = try Network(b.graph(outputs: [flat]))
    #expect(network.plans.map { $0?.parts.count } == [1, 1, 3] && network.plans.map { $0?.output } == [halves[0], halves[1], whole])
    try expectExact(&b, outputs: [flat])
  }

  /// Every movement by itself.
  @Test(arguments: [
    RandomNetwork.Kind.pad, .padValue, .mirrorPad, .concatenation, .split, .slice, .stridedSlice, .pack, .unpack, .transpose, .reshape, .resize,
    .tile, .broadcast, .gather, .expandDimensions, .squeeze, .spaceToDepth, .depthToSpace, .spaceToBatch, .batchToSpace,
  ])
  func everyMovement(_ kind: RandomNetwork.Kind) { expectExactNetworks("\(kind)", [kind], count: 12, operators: 2) }
}
