import Machine
import Model
import TestTools
import Testing
import Verify

@testable import Mapper

extension Graph {
  /// The same operators on activations of int16, with biases of int64.
  var ofInt16: Graph {
    var graph = self
    for tensor in graph.activations {
      graph.tensors[tensor].type = .int16
      graph.tensors[tensor].quantization = Quantization(scale: tensors[tensor].scale / 256, zeroPoint: 0)
    }
    for node in nodes {
      guard let operation = node.operation as? any Accumulating, let bias = node.input(type(of: operation).operands.bias) else { continue }
      graph.tensors[bias].type = .int64
      graph.tensors[bias].constant = Elements.bytes(tensors[bias].integers(tensors[bias].constant ?? []).map { 256 * $0 }, .int64)
    }
    return graph
  }
}

/// Compiles for a few configurations and compares all bytes with those of the golden model.
private func expectExactInt16(
  _ builder: inout GraphBuilder, _ output: Int?, _ comment: String, configurations: [Configuration] = [.up5k, .edge16, .edge64, .odd],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  guard let output else { return }
  let graph = builder.graph(outputs: [output]).ofInt16
  try graph.validate()
  for configuration in configurations {
    let inputs = graph.inputs.map { builder.bytes(graph.tensors[$0].byteCount) }
    try expectExact(graph, configuration, inputs: inputs, comment, sourceLocation: sourceLocation)
  }
}

@Suite struct Int16WindowsTests {
  @Test func convolutionsAreExact() throws {
    var random = SplitMix("convolutions of int16")
    for index in 0..<12 {
      var builder = GraphBuilder(seed: 500 + index)
      let groups = random.pick([1, 1, 1, 2]), x = builder.input([1, random.int(2...6), random.int(2...6), groups * random.int(1...5)])
      let y = builder.convolution(
        x, channels: groups * random.int(1...9), kernel: (random.int(1...3), random.int(1...3)), stride: (random.int(1...2), random.int(1...3)),
        dilation: (1, random.int(1...2)), padding: random.pick([.same, .valid]), activation: random.pick([.none, .relu, .relu6]), groups: groups)
      try expectExactInt16(&builder, y, "convolution \(index)")
    }
  }

  @Test func depthwiseConvolutionsAreExact() throws {
    var random = SplitMix("depthwise convolutions of int16")
    for index in 0..<10 {
      var builder = GraphBuilder(seed: 600 + index)
      let x = builder.input([1, random.int(2...6), random.int(2...6), random.int(1...18)])
      let y = builder.depthwise(
        x, multiplier: random.pick([1, 1, 2]), kernel: (random.int(1...3), random.int(1...3)), stride: (random.int(1...2), random.int(1...2)),
        dilation: (1, random.int(1...2)), padding: random.pick([.same, .valid]))
      try expectExactInt16(&builder, y, "depthwise convolution \(index)")
    }
  }

  /// Pads are less than every element, the least one included.
  @Test func maximaAreExact() throws {
    var random = SplitMix("maxima of int16")
    for index in 0..<8 {
      var builder = GraphBuilder(seed: 700 + index)
      let x = builder.input([1, random.int(1...6), random.int(1...6), random.int(1...18)])
      let y = builder.maximumPool(
        x, kernel: (random.int(1...3), random.int(1...3)), stride: (random.int(1...3), random.int(1...3)), padding: random.pick([.same, .valid]))
      try expectExactInt16(&builder, y, "maximum \(index)")
    }
    var builder = GraphBuilder(seed: 1)
    let x = builder.input([1, 2, 2, 3]), y = try required(builder.maximumPool(x, kernel: (3, 3), stride: (1, 1), padding: .same))
    let least = [UInt8](Elements.bytes([Int](repeating: -32_768, count: 12), .int16))
    try expectExact(builder.graph(outputs: [y]).ofInt16, .edge64, inputs: [least], "the least of all")
  }

  /// Rows of a matrix in rows of an image: several of them, one, or a part of one.
  @Test func matricesTakeRowsAsTheyLie() throws {
    for (index, shape) in [[1, 4, 3, 5], [1, 60], [3, 20], [1, 2, 6, 5]].enumerated() {
      var builder = GraphBuilder(seed: 800 + index)
      let x = builder.input(shape)
      try expectExactInt16(&builder, builder.fullyConnected(x, channels: 7), "rows of \(shape)")
    }
    var builder = GraphBuilder(seed: 820)
    let x = builder.input([1, 6, 4, 3]), pool = try required(builder.maximumPool(x, kernel: (2, 2), stride: (2, 2), padding: .valid))
    let flat = builder.reshape(pool, [1, 18]), wide = builder.fullyConnected(flat, channels: 12)
    try expectExactInt16(&builder, builder.fullyConnected(wide, channels: 5), "a pool's rows, then a matrix' own")
  }

  @Test func networksOfInt16AreExact() throws {
    var builder = GraphBuilder(seed: 830)
    let x = builder.input([1, 9, 7, 2])
    let first = try required(builder.convolution(x, channels: 6, kernel: (3, 3), stride: (2, 2), activation: .relu))
    let second = try required(builder.depthwise(first, kernel: (3, 3)))
    let third = try required(builder.convolution(second, channels: 9, kernel: (1, 1)))
    let pool = try required(builder.maximumPool(third, kernel: (2, 2), stride: (2, 2), padding: .same))
    try expectExactInt16(&builder, builder.fullyConnected(builder.reshape(pool, [1, 54]), channels: 4), "a network")
  }

  /// The rows of a window alternate one by one.
  @Test func rowsWithGapsAreRefused() throws {
    var builder = GraphBuilder(seed: 840)
    let x = builder.input([1, 7, 5, 3]), y = try required(builder.convolution(x, channels: 4, kernel: (2, 2), dilation: (2, 1)))
    let graph = builder.graph(outputs: [y]).ofInt16
    try graph.validate()
    #expect {
      try map(graph, for: .edge64)
    } throws: { error in
      "\(error)" == "made: operator 0 CONV_2D, tensor 1 't1': windows with gaps between their rows are not supported for activations of int16; "
        + "use a dilation of 1"
    }
  }

  private func message(_ graph: Graph) throws -> String {
    try graph.validate()
    do { _ = try map(graph, for: .edge64) } catch { return "\(error)" }
    return ""
  }

  /// Weights for all channels, most of them zero, have a limit.
  @Test func tooManyZerosAreRefused() throws {
    for (channels, isRefused) in [(1_448, false), (1_449, true)] {
      var builder = GraphBuilder(seed: 850)
      let x = builder.input([1, 1, 1, channels]), y = try required(builder.depthwise(x, multiplier: 2, kernel: (1, 1)))
      let text = try message(builder.graph(outputs: [y]).ofInt16)
      #expect(text.contains("become sums over all channels, with \(2 * channels * channels) weights, at most 4194304") == isRefused, "\(text)")
    }
  }

  /// The bias holds what low bytes lack, too: 128 for every weight.
  @Test func biasesHave32Bits() throws {
    var builder = GraphBuilder(seed: 860)
    let x = builder.input([1, 8]), y = builder.fullyConnected(x, channels: 1)
    var graph = builder.graph(outputs: [y]).ofInt16
    let (weights, bias) = (graph.nodes[0].inputs[1], graph.nodes[0].inputs[2])
    graph.tensors[weights].constant = [UInt8](repeating: 127, count: 8)
    let most = 1 << 31 - 1, added = 128 * 127 * 8
    graph.tensors[bias].constant = Elements.bytes([most - added], .int64)
    #expect(try message(graph).isEmpty)
    graph.tensors[bias].constant = Elements.bytes([most - added + 1], .int64)
    #expect(try message(graph).contains("the bias of output channel 0 is 2147483648 with what int16 adds, which needs more than 32 bits"))
  }

  @Test func weightsStandTwice() {
    let rows: [Int8] = [1, 2, 3, 4, 5, 6]
    #expect(rows.doublingRows(of: 3) == [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
    // Two taps, two channels with two outputs each.
    let spread = ([1, 2, 3, 4, 5, 6, 7, 8] as [Int8]).spread(depth: 2, multiplier: 2)
    #expect(spread == [1, 0, 5, 0, 2, 0, 6, 0, 0, 3, 0, 7, 0, 4, 0, 8])
  }
}
