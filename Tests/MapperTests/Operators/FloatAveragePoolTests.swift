import Machine
import Model
import Testing

@testable import Mapper

/// Means of ONNX files. Their golden kernel is tested in `ModelTests`.
@Suite struct FloatAveragePoolTests {
  private func graph(
    _ input: [Int], _ filter: (height: Int, width: Int), stride: (height: Int, width: Int) = (1, 1), scales: (Float, Float) = (0.05, 0.04),
    rounding: Rounding = .nearest
  ) throws -> Graph {
    var b = GraphBuilder(seed: filter.height * 16 + filter.width)
    let x = b.tensor(input, Quantization(scale: scales.0, zeroPoint: -9))
    b.inputs = [x]
    let window = Window2D(strideHeight: stride.height, strideWidth: stride.width, padding: .valid)
    let pool = FloatAveragePool(filterHeight: filter.height, filterWidth: filter.width, window: window, isUnsigned: false)
    let rows = (input[1] - filter.height) / stride.height + 1, columns = (input[2] - filter.width) / stride.width + 1
    let shape = [input[0], rows, columns, input[3]]
    let y = b.add(pool, [x], b.tensor(shape, Quantization(scale: scales.1, zeroPoint: 17)))
    var graph = b.graph(outputs: [y])
    graph.rounding = rounding
    try graph.validate()
    return graph
  }

  /// One window over every channel, all weights one; the zero points go into the sums, and the factor is the mean's.
  @Test func aMeanIsAWindowOfOnes() throws {
    let graph = try graph([1, 6, 5, 3], (3, 2)), plan = try #require(try Network(graph).plans[0])
    #expect(plan.parts.count == 1 && plan.nodes.map(\.index) == [0])
    guard case .each(let window, nil, let multiplier) = plan.parts[0].kernel else { Issue.record("\(plan.parts[0].kernel)"); return }
    #expect([window.kernelHeight, window.kernelWidth, window.depth, multiplier] == [3, 2, 3, 1])
    #expect([window.outputHeight, window.outputWidth] == [4, 4])
    guard case .sums(let bias, let factors, let zeroIn, let zeroOut) = plan.parts[0].rescaling else { Issue.record("no sums"); return }
    #expect(bias == [0, 0, 0] && (zeroIn, zeroOut) == (-9, 17) && Set(factors).count == 1 && factors.count == 3)
    #expect(abs(factors[0].multiplier.real - 0.05 / 0.04 / 6) < 1e-7)
  }

  /// Rounded to the nearest, programs are exact; windows beyond the column buffer, too.
  @Test(arguments: [[3, 2, 1, 1], [2, 2, 2, 2], [1, 5, 1, 3], [6, 5, 1, 1]]) func programsAreExact(_ window: [Int]) throws {
    for channels in [1, 3, 17] {
      let graph = try graph([1, 6, 5, channels], (window[0], window[1]), stride: (window[2], window[3]))
      let bytes = (0..<30 * channels).map { UInt8(truncatingIfNeeded: $0 * 89 + $0 >> 3) }
      for configuration in [Configuration.edge16, .edge64] {
        let mapping = try expectExact(graph, configuration, inputs: [bytes], "\(window), \(channels) channels")
        #expect(mapping.layers.map(\.operatorName) == ["AVERAGE_POOL"])
      }
    }
  }

  /// A mean that is a half can be rounded either way, by the order in which real numbers are added: exactly, such a pool is refused.
  @Test func halvesAreNotDecidedHere() throws {
    #expect(throws: Never.self) { try Mapper.map(graph([1, 4, 4, 2], (1, 3), scales: (1, 1), rounding: .exact), for: .edge64) }
    #expect {
      try Mapper.map(graph([1, 4, 4, 2], (1, 2), scales: (1, 1), rounding: .exact), for: .edge64)
    } throws: {
      let message = ($0 as? MappingError)?.message ?? ""
      return message.hasPrefix("the post unit cannot round as ONNX Runtime does at every sum (operator 0 AVERAGE_POOL, ")
    }
  }
}
