import Model
import Testing

@Suite struct Convolution2DTests {
  /// A convolution computed from its definition, without any of the kernel's arrangement.
  static func definition(_ graph: Graph, _ operation: Convolution2D, _ x: [Int8]) -> [Int8] {
    let (input, filter, output) = (graph.tensors[0], graph.tensors[1], graph.tensors[graph.outputs[0]])
    let weights = filter.int8Values()
    let bias = graph.tensors.count > 3 ? graph.tensors[2].int32Values() : []
    let geometry = operation.geometry(graph.nodes[0], in: graph)
    let limits = operation.activation.limits(of: output)
    // Channels of a group: all of them in an ordinary convolution.
    let groupDepth = filter.shape[3], groupChannels = filter.shape[0] / (input.shape[3] / groupDepth)
    var result: [Int8] = []
    for image in 0..<output.shape[0] {
      for row in 0..<output.shape[1] {
        for column in 0..<output.shape[2] {
          for channel in 0..<output.shape[3] {
            var sum: Int32 = bias.isEmpty ? 0 : bias[channel]
            for tapRow in 0..<filter.shape[1] {
              for tapColumn in 0..<filter.shape[2] {
                let y = geometry.rows.start(row) + tapRow * operation.dilationHeight
                let z = geometry.columns.start(column) + tapColumn * operation.dilationWidth
                guard (0..<input.shape[1]).contains(y), (0..<input.shape[2]).contains(z) else { continue }
                for depth in 0..<groupDepth {
                  let read = channel / groupChannels * groupDepth + depth
                  let value = x[((image * input.shape[1] + y) * input.shape[2] + z) * input.shape[3] + read]
                  let index = ((channel * filter.shape[1] + tapRow) * filter.shape[2] + tapColumn) * groupDepth
                  sum += (Int32(value) - Int32(input.zeroPoint)) * Int32(weights[index + depth])
                }
              }
            }
            let real = Double(input.scale) * Double(filter.scale(ofChannel: channel)) / Double(output.scale)
            let scaled = multiplyByQuantizedMultiplier(sum, QuantizedMultiplier(real)) + Int32(output.zeroPoint)
            result.append(Int8(min(max(scaled, limits.lowerBound), limits.upperBound)))
          }
        }
      }
    }
    return result
  }

  @Test func randomLayersFollowTheDefinition() throws {
    var random = SplitMix64(seed: 11)
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func bytes(_ count: Int) -> [Int8] { (0..<count).map { _ in Int8(pick(-128...127)) } }
    for _ in 0..<60 {
      let operation = Convolution2D(
        strideHeight: pick(1...3), strideWidth: pick(1...3), dilationHeight: pick(1...3), dilationWidth: pick(1...3),
        padding: pick(0...1) == 0 ? .same : .valid, activation: Activation.allCases[pick(0...3)])
      let groups = max(pick(-2...3), 1), depth = pick(1...6)
      let shape = [pick(1...2), pick(1...9), pick(1...9), groups * depth]
      let filter = [groups * pick(1...7), pick(1...4), pick(1...4), depth]
      var kernel = weights(filter, bytes(filter.reduce(1, *)), scale: 0.01)
      kernel.quantization.scales = (0..<filter[0]).map { _ in Float(1 << pick(0...5)) / 4_096 }
      kernel.quantization.zeroPoints = [Int](repeating: 0, count: filter[0])
      let input = activation(shape, scale: 0.5, zeroPoint: [-128, 127, pick(-128...127)][pick(0...2)])
      let bias = integers([filter[0]], (0..<filter[0]).map { _ in Int32(pick(-5_000...5_000)) })
      var layer = graph(
        operation, [input, kernel, pick(0...3) == 0 ? nil : bias],
        output: activation([], scale: 0.5, zeroPoint: pick(-128...127)))
      let geometry = operation.geometry(layer.nodes[0], in: layer)
      let result = [shape[0], geometry.rows.output, geometry.columns.output, filter[0]]
      layer.tensors[layer.outputs[0]].shape = result
      if result.contains(0) {
        #expect(validationError(layer).category == .invalidShape)
        continue
      }
      let x = bytes(shape.reduce(1, *))
      #expect(try run(layer, x) == Self.definition(layer, operation, x))
      #expect(operation.groups(layer.nodes[0], in: layer) == groups)
    }
  }

  @Test func accumulatorsWrap() throws {
    // 2^31 − 1 + 1 becomes −2^31: the smallest output.
    let layer = graph(
      Convolution2D(), [activation([1, 1, 1, 1]), weights([1, 1, 1, 1], [1]), integers([1], [.max])],
      output: activation([1, 1, 1, 1], scale: 2))
    #expect(try run(layer, [0]) == [127])
    #expect(try run(layer, [1]) == [-128])
  }

  @Test func shapesAreChecked() {
    func category(
      _ operation: Convolution2D = Convolution2D(), input: [Int] = [1, 4, 4, 2], filter: [Int] = [3, 3, 3, 2],
      output: [Int] = [1, 4, 4, 3]
    ) -> ModelError.Category {
      validationError(
        graph(
          operation, [activation(input), weights(filter, [Int8](repeating: 1, count: filter.reduce(1, *)))],
          output: activation(output))
      ).category
    }
    #expect(category() == .unreadable)
    #expect(category(input: [4, 4, 2]) == .invalidShape)
    #expect(category(output: [1, 4, 4, 4]) == .invalidShape)
    #expect(category(output: [1, 4, 12]) == .invalidShape)
    #expect(category(filter: [3, 3, 3, 5]) == .invalidShape)
    #expect(category(filter: [3, 3, 3, 1]) == .invalidShape)
    #expect(category(filter: [4, 3, 3, 1], output: [1, 4, 4, 4]) == .unreadable)
    #expect(category(Convolution2D(padding: .valid), filter: [3, 5, 3, 2], output: [1, 1, 2, 3]) == .invalidShape)
    #expect(category(Convolution2D(strideWidth: 0)) == .invalidGraph)
    #expect(category(Convolution2D(dilationHeight: -1)) == .invalidGraph)
  }

  @Test func cost() {
    let layer = graph(
      Convolution2D(), [activation([1, 4, 4, 2]), weights([3, 3, 3, 2], [Int8](repeating: 1, count: 54))],
      output: activation([1, 4, 4, 3]))
    #expect(layer.multiplyAccumulates == 16 * 54)
    let groups = graph(
      Convolution2D(), [activation([1, 4, 4, 2]), weights([4, 3, 3, 1], [Int8](repeating: 1, count: 36))],
      output: activation([1, 4, 4, 4]))
    #expect(groups.multiplyAccumulates == 16 * 36)
    let uneven = graph(
      Convolution2D(), [activation([1, 4, 4, 2]), weights([3, 3, 3, 1], [Int8](repeating: 1, count: 27))],
      output: activation([1, 4, 4, 3]))
    #expect(validationError(uneven).message.hasPrefix("3 output channels cannot be divided into 2 groups (operator 0 CONV_2D, "))
  }
}
