import Machine
import Model
import Testing

@testable import Mapper

/// Which channels may go.
@Suite struct ConstantChannelsTests {
  private func settled(_ graph: Graph) throws -> Network {
    var network = try Network(graph)
    for rewrite in Rewrite.all.prefix(while: { $0.name != Rewrite.removeConstantChannels.name }) { try rewrite.run(&network, .edge64, .leastCycles) }
    return network
  }

  /// Every pair of bytes as pixels of two channels: a channel is constant by its range exactly where the golden kernel gives one value.
  @Test(arguments: 1...4) func rangesAreExactForSumsOfTwo(_ seed: Int) throws {
    var b = GraphBuilder(seed: seed)
    let x = b.input([1, 256, 256, 2]), y = try required(b.convolution(x, channels: 24, kernel: (1, 1)))
    for channel in 0..<24 { b.fix([channel], of: y, near: [-900, 700, 3, -300][channel % 4], clearing: channel % 5 == 0) }
    let graph = b.graph(outputs: [y]), constants = try settled(graph).range(of: y).constants(24)
    let pixels = (0..<256).flatMap { first in (0..<256).flatMap { [UInt8($0), UInt8(first)] } }
    let bytes = try #require(try GoldenModel(graph).run(inputs: [pixels])[y])
    var found = 0
    for channel in 0..<24 {
      let values = Set(stride(from: channel, to: bytes.count, by: 24).map { Int8(bitPattern: bytes[$0]) })
      #expect((values.count == 1 ? values.first : nil) == constants[channel], "channel \(channel)")
      found += values.count == 1 ? 1 : 0
    }
    #expect((6..<24).contains(found))
  }

  private func values(_ b: inout GraphBuilder, _ outputs: [Int], _ tensor: Int) throws -> [Int]? {
    try ConstantChannels(settled(b.graph(outputs: outputs))).values[tensor]?.enumerated().compactMap { $1 == nil ? nil : $0 }
  }

  /// Behind the first layer something that reads all of it: its channels 1 and 4 are constant.
  private func expect(
    _ expected: [Int]?, sourceLocation: SourceLocation = #_sourceLocation, _ reader: (inout GraphBuilder, Int) throws -> [Int]
  ) throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 3]), y = try required(b.convolution(x, channels: 6, kernel: (1, 1)))
    b.tensors[y].quantization.zeroPoints = [20]
    b.fix([1], of: y, near: 20)
    b.fix([4], of: y, near: -70)
    let outputs = try reader(&b, y)
    #expect(try values(&b, outputs, y) == expected, sourceLocation: sourceLocation)
  }

  @Test func sums() throws {
    try expect([1, 4]) { b, y in [try required(b.convolution(y, channels: 3, kernel: (1, 1)))] }
    try expect([1, 4]) { b, y in [try required(b.convolution(y, channels: 3, kernel: (3, 3), padding: .valid))] }
    try expect([1, 4]) { b, y in [b.fullyConnected(b.reshape(y, [1, 96]), channels: 3)] }
    try expect([1, 4]) { b, y in [b.transposeConvolution(y, channels: 3, kernel: (2, 2), stride: (2, 2))] }
  }

  /// At a border a channel adds what stands there, not its constant: only one that is the zero point is the same everywhere.
  @Test func paddingIsAnotherValue() throws {
    try expect([1]) { b, y in [try required(b.convolution(y, channels: 3, kernel: (3, 3)))] }
    try expect([1]) { b, y in [b.transposeConvolution(y, channels: 3, kernel: (3, 3), stride: (2, 2))] }
    // Unless nobody looks at it.
    try expect([1, 4]) { b, y in
      let z = try required(b.convolution(y, channels: 3, kernel: (3, 3)))
      let weights = b.nodes[b.nodes.count - 1].inputs[1]
      for index in stride(from: 4, to: b.tensors[weights].elementCount, by: 6) { b.tensors[weights].constant?[index] = 0 }
      return [z]
    }
  }

  /// Behind a layer that keeps channels apart somebody must do without them, too.
  @Test func channelByChannel() throws {
    func read(_ b: inout GraphBuilder, _ z: Int?) throws -> [Int] { [try required(b.convolution(try required(z), channels: 2, kernel: (1, 1)))] }
    try expect([1, 4]) { b, y in try read(&b, b.depthwise(y, kernel: (3, 3), padding: .valid)) }
    try expect([1, 4]) { b, y in try read(&b, b.depthwise(y, multiplier: 2, kernel: (2, 2), padding: .valid)) }
    try expect([1]) { b, y in try read(&b, b.depthwise(y, kernel: (3, 3))) }
    try expect([1, 4]) { b, y in try read(&b, b.averagePool(y, kernel: (2, 2), stride: (2, 2), padding: .valid)) }
    try expect([1, 4]) { b, y in try read(&b, b.averagePool(y, kernel: (3, 3), stride: (1, 1), padding: .same)) }
    try expect([1, 4]) { b, y in try read(&b, b.maximumPool(y, kernel: (3, 3), stride: (1, 1), padding: .same)) }
    try expect([1, 4]) { b, y in [b.fullyConnected(b.mean(y), channels: 3)] }
    // Nobody behind the pool does.
    try expect(nil) { b, y in [try required(b.maximumPool(y, kernel: (2, 2), stride: (2, 2), padding: .valid))] }
  }

  /// A channel that no weight of a depthwise layer looks at is constant behind it, and not before it: both are there.
  @Test func aConstantBehindAVariable() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 3]), y = try required(b.convolution(x, channels: 6, kernel: (1, 1)))
    let z = try required(b.depthwise(y, kernel: (3, 3)))
    b.fix([2], of: z, near: 5)
    let outputs = [try required(b.convolution(z, channels: 2, kernel: (1, 1)))]
    #expect(try settled(b.graph(outputs: outputs)).range(of: z).constants(6)[2] != nil)
    #expect(try values(&b, outputs, y) == [] && values(&b, outputs, z) == [])
  }

  /// A channel that varies, always so far up that the function behind it saturates: the trace shows the tensor before the function, so it stays.
  @Test func aConstantOfAVariableByATable() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 3]), y = try required(b.convolution(x, channels: 4, kernel: (1, 1))), weights = b.nodes[0].inputs[1]
    b.tensors[y].quantization.zeroPoints = [-100]
    b.tensors[weights].constant?.replaceSubrange(6..<9, with: [10, 10, 10])
    b.fix([2], of: y, near: 60, clearing: false)
    b.fix([0], of: y, near: -70)
    let saturating = b.tensor([1, 4, 4, 4], Quantization(scale: b.tensors[y].scale / 50, zeroPoint: 0))
    let z = b.add(Quantize(), [y], saturating), outputs = [try required(b.convolution(z, channels: 2, kernel: (1, 1)))]
    let network = try settled(b.graph(outputs: outputs))
    #expect(network.range(of: y).constants(4)[2] == nil && network.range(of: z).constants(4)[2] == 127)
    #expect(try values(&b, outputs, z) == [0])
    try expectExact(&b, outputs: outputs)
  }

  /// What is added must be constant on both sides; what others read wants all channels.
  @Test func additionsAndOthers() throws {
    for (channels, expected) in [([1, 4], [1, 4]), ([4, 5], [4]), ([0], [])] {
      try expect(expected) { b, y in
        let other = try required(b.convolution(b.inputs[0], channels: 6, kernel: (1, 1)))
        b.fix(channels, of: other, near: 7)
        return [try required(b.convolution(b.sum(y, other), channels: 2, kernel: (1, 1)))]
      }
    }
    try expect(nil) { b, y in [b.sum(y, b.input([1, 4, 4, 6]))] }
    try expect(nil) { b, y in [y, try required(b.convolution(y, channels: 2, kernel: (1, 1)))] }
    try expect(nil) { b, y in [b.concatenation([y, y], axis: 3)] }
    try expect(nil) { b, y in [b.transpose(y, [0, 3, 1, 2]), try required(b.convolution(y, channels: 2, kernel: (1, 1)))] }
    try expect(nil) { b, y in [try required(b.convolution(y, channels: 4, kernel: (1, 1), groups: 2))] }
  }

  /// A tensor has one channel at least.
  @Test func oneStays() throws {
    try expect([1, 2, 3, 4, 5]) { b, y in
      b.fix(Array(0..<6), of: y, near: 11)
      return [try required(b.convolution(y, channels: 3, kernel: (1, 1)))]
    }
  }
}

extension GraphBuilder {
  /// Makes output channels of a layer over weights the same for everything: weights of zero and a bias that gives about `value`.
  /// - Parameter clearing: whether weights become zero; a value far beyond −128...127 makes a channel constant without.
  mutating func fix(_ channels: [Int], of y: Int, near value: Int, clearing: Bool = true) {
    guard let node = nodes.last(where: { $0.outputs == [y] }) else { return }
    let weights = node.inputs[1], bias = node.inputs[node.inputs.count - 1], quantization = tensors[weights].quantization
    let input = node.inputs.first { tensors[$0].type == .int8 && !tensors[$0].isConstant } ?? 0
    let count = tensors[weights].elementCount, outputs = tensors[bias].elementCount, isLast = quantization.dimension > 0
    for channel in channels {
      for index in 0..<count where clearing && (isLast ? index % outputs : index / (count / outputs)) == channel {
        tensors[weights].constant?[index] = 0
      }
      let scale = quantization.scales[channel % quantization.scales.count] * tensors[input].scale
      let steps = Int((Float(value - tensors[y].zeroPoint) * tensors[y].scale / scale).rounded())
      for byte in 0..<4 { tensors[bias].constant?[4 * channel + byte] = UInt8(truncatingIfNeeded: steps >> (8 * byte)) }
    }
  }
}
