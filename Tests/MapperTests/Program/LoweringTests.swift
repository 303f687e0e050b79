import Machine
import Model
import Testing

@testable import Mapper

@Suite struct LoweringTests {
  @Test func limitsAreNamed() throws {
    var b = GraphBuilder()
    let x = b.input([1, 40, 40, 2])
    let y = try required(b.maximumPool(x, kernel: (40, 39), stride: (1, 1), padding: .valid))
    let graph = b.graph(outputs: [y])
    #expect(
      throws: MappingError(
        source: "made",
        message: "operator 0 MAX_POOL_2D, tensor 1 't1': a 40x39 maximum does not fit the column buffer of 128 entries; "
          + "enlarge \"patchDepth\" (32) or make the pool smaller")
    ) { try Mapper.map(graph, for: .edge64) }
  }

  @Test func fieldsThatAreTooSmallAreNamed() throws {
    var b = GraphBuilder()
    let x = b.input([1, 40_000, 2, 1])
    let y = try required(b.convolution(x, channels: 1, kernel: (1, 1)))
    let graph = b.graph(outputs: [y])
    #expect(
      throws: MappingError(
        source: "made",
        message: "operator 0 CONV_2D, tensor 1 't1': register input.height would be 40000, it holds 0...32767; the layer is too large for this machine")
    ) { try Mapper.map(graph, for: .edge64) }
  }

  /// A pixel that repeats along a row is read by a walk that stands still: a step for every copy, not one for every pixel.
  @Test func repeatedPixelsAreOneWalk() throws {
    var b = GraphBuilder()
    let x = b.input([1, 2, 2, 12]), sizes = b.indices([4, 4], [2])
    let y = b.add(ResizeNearestNeighbor(), [x, sizes], b.like(x, [1, 4, 4, 12])), graph = b.graph(outputs: [y])
    #expect(try Mapper.map(graph, for: .edge64).steps.count == 4)
    try expectExact(&b, outputs: [y])
  }

  /// What a loop cannot count is cut into steps, each of which says which part it does.
  @Test func longRunsAreCut() throws {
    var b = GraphBuilder()
    let x = b.input([1, 70_000])
    let y = b.add(UnaryFunction("TANH"), [x], b.tensor([1, 70_000], Quantization(scale: 1 / 128, zeroPoint: 0)))
    var configuration = Configuration.up5k
    configuration.limits.memoryBytes = nil
    let mapping = try Mapper.map(b.graph(outputs: [y]), for: configuration)
    #expect(mapping.steps.count == 2)
    #expect(mapping.program.contains { $0.comment == "layer 0 TANH: t1 (bytes 0..<65535)" })
    #expect(mapping.program.contains { $0.comment == "layer 0 TANH: t1 (bytes 65535..<70000)" })
  }

  /// Images of a batch are steps of the same weights; equal layers share them, too.
  @Test func weightsAreStoredOnce() throws {
    var b = GraphBuilder()
    let x = b.input([3, 4, 4, 2])
    let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
    let one = try Mapper.map(b.graph(outputs: [y]), for: .edge64)
    #expect(one.steps.count == 3 && one.steps.allSatisfy { $0.layer == 0 })
    let z = b.add(b.nodes[0].operation, b.nodes[0].inputs, b.like(y, b.tensors[y].shape))
    let two = try expectExact(b.graph(outputs: [y, z]), .edge64, inputs: b.samples())
    #expect(two.steps.count == 6 && two.weights == one.weights && two.parameters == one.parameters)
  }

  @Test func thePolicyChooses() throws {
    var b = GraphBuilder()
    let x = b.input([1, 9, 13, 1])
    let y = try required(b.convolution(x, channels: 2, kernel: (3, 3), padding: .valid))
    let graph = b.graph(outputs: [y]), inputs = b.samples()
    let plain = try expectExact(graph, .edge64, inputs: inputs, policy: .first), best = try expectExact(graph, .edge64, inputs: inputs)
    #expect(best.predictedCycles < plain.predictedCycles && plain.steps.count == 1)
    #expect(best.program.contains { $0.comment.contains("pixels side by side") } && !plain.program.contains { $0.comment.contains("side by side") })
  }

  /// Two pixels side by side may need as many words as one; still their weights are stored twice.
  @Test func fewestWeightsAreStoredOnce() throws {
    var b = GraphBuilder()
    let x = b.input([1, 8, 8, 1])
    let y = try required(b.convolution(x, channels: 4, kernel: (3, 3), padding: .same))
    let small = try expectExact(b.graph(outputs: [y]), .edge64, inputs: b.samples(), policy: .leastWeights)
    #expect(!small.program.contains { $0.comment.contains("side by side") } && small.weightBytes == 4 * 12)
  }

  @Test func addressesSayWhatTheyAre() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 8]), u = b.input([1, 4, 4, 8])
    let y = b.sum(try required(b.convolution(x, channels: 8, kernel: (3, 3))), u)
    let mapping = try Mapper.map(b.graph(outputs: [y]), for: .edge64)
    for (field, comment) in [
      (LayerField.at(\.feed.base), "reads tensor 0 't0'"), (.at(\.end.base), "writes tensor 5 't5'"), (.at(\.addition.base), "adds tensor 1 't1'"),
    ] {
      let lines = mapping.program.filter { if case .set(field, _) = $0.instruction { true } else { false } }
      #expect(lines.allSatisfy { $0.comment == comment } && lines.count <= 1)
    }
  }

  /// Borders of every dimension; planes of outer dimensions are steps, some of them border only.
  @Test func borders() throws {
    for amounts in [[(1, 0), (0, 0), (2, 1), (0, 0)], [(0, 1), (1, 0), (0, 2), (1, 1)], [(0, 0), (0, 0), (0, 0), (3, 0)]] {
      var b = GraphBuilder(seed: amounts[2].0)
      let x = b.input([2, 3, 2, 5])
      let outputs = [b.pad(x, amounts), b.pad(x, amounts, value: 77)]
      try expectExact(&b, outputs: outputs, "\(amounts)")
    }
  }

  @Test func orderByBits() { #expect(orderedByBits(Array(-128...127)) == Array(0...127) + Array(-128 ... -1)) }
}
