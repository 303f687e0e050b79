import Foundation
import Testing

@testable import Model

/// Against TensorFlow Lite Micro: `ReferenceVectorTests`, `GoldenModelTests`.
@Suite struct LongShortTermMemoryTests {
  /// A model of the fixtures with changes to it as it is resolved.
  private func model(_ number: Int = 0, _ change: (inout Graph) -> Void = { _ in }) throws -> Graph {
    var graph = try readModel(contentsOf: Corpus.fixture("reference/unidirectional_sequence_lstm_\(number)/model.tflite"))
    change(&graph)
    return graph
  }

  @Test func stateIsTheFilesTensorsAndNewOnes() throws {
    let graph = try model(), node = graph.nodes[0], zero = UInt8(truncatingIfNeeded: graph.tensors[13].zeroPoint)
    #expect(node.outputs == [15, 13, 14] && node.inputs[18...19] == [16, 17])
    #expect(graph.states.map(\.next) == [13, 14] && graph.states.map(\.tensor) == [16, 17])
    #expect(graph.states[0].initial.allSatisfy { $0 == zero } && graph.states[1].initial.allSatisfy { $0 == 0 } && graph.followed.name == "tflm")
    let steps = graph.tensors[0].shape[0] * graph.tensors[0].shape[1], units = graph.tensors[14].shape[1]
    #expect(graph.multiplyAccumulates == steps * 4 * units * (graph.tensors[0].shape[2] + units))
  }

  /// Standard operators compute the same, whatever input and state are.
  @Test(arguments: 0..<8) func partsComputeTheSame(number: Int) throws {
    try expectPartsAreExact(try model(number), seed: UInt64(number))
  }

  /// A clip of less than one step, of some and of more than there are; without one the cell reaches −32768.
  @Test(arguments: [0, 1e-9, 0.1, 1e9] as [Float]) func theCellIsClipped(clip: Float) throws {
    let graph = try model { graph in
      graph.nodes[0].operation = (graph.nodes[0].operation as? LongShortTermMemory).map { old in
        var operation = LongShortTermMemory(cellClip: clip, isTimeMajor: old.isTimeMajor)
        operation.isResolved = true
        return operation
      } ?? graph.nodes[0].operation
    }
    try expectPartsAreExact(graph, seed: 3)
    let cell = graph.tensors[14], state = [graph.states[0].initial, Elements.bytes([Int](repeating: -32_768, count: cell.elementCount), .int16)]
    let results = try GoldenModel(graph).run(inputs: [[UInt8](repeating: 0, count: graph.tensors[0].byteCount)], state: state)
    let bound = clip > 0 ? min(Int(Double(clip) / Double(cell.scale)), 32_767) : 32_768
    #expect(Elements.integers(results[14] ?? [], .int16).allSatisfy { abs($0) <= bound })
  }

  /// Every kind of LSTM that computes something else has its own reason.
  @Test func otherKindsAreRefused() throws {
    func message(_ change: (inout Graph) -> Void) throws -> String { validationError(try model(0, change)).message }
    func with(_ position: Int, _ tensor: Int) throws -> String { try message { $0.nodes[0].inputs[position] = tensor } }
    #expect(try with(9, 9).hasPrefix("an LSTM whose gates look at the cell (peephole weights) is not supported (operator 0 UNIDIRECTIONAL_SEQUENCE_LSTM"))
    #expect(try with(16, 5).hasPrefix("an LSTM with a projection is not supported"))
    #expect(try with(17, 9).hasPrefix("an LSTM with a projection is not supported"))
    #expect(try with(22, 9).hasPrefix("an LSTM with layer normalization is not supported"))
    #expect(try message { ($0.nodes[0].inputs[1], $0.nodes[0].inputs[5]) = (-1, -1) }.hasPrefix("an LSTM whose input and forget gates are coupled"))
    #expect(try message { $0.tensors[0].type = .int16 }.hasPrefix("int16 activations are not supported, only int8"))
    #expect(try message { $0.tensors[0].type = .float32 }.hasPrefix("hybrid quantization"))
  }

  @Test func whatItNeedsIsChecked() throws {
    func message(_ change: (inout Graph) -> Void) throws -> String { validationError(try model(0, change)).message }
    func cell(_ change: (inout Tensor) -> Void) throws -> String { try message { for index in [14, 17] { change(&$0.tensors[index]) } } }
    func operation(_ operation: LongShortTermMemory, isResolved: Bool = true) throws -> String {
      var operation = operation
      operation.isResolved = isResolved
      return try message { $0.nodes[0].operation = operation }
    }
    let isTimeMajor = try (model().nodes[0].operation as? LongShortTermMemory)?.isTimeMajor ?? false, time = isTimeMajor ? 0 : 1
    #expect(try message { $0.tensors[0].shape[1 - time] = 2 }.hasPrefix("a batch of 2 is not supported"))
    #expect(try message { $0.tensors[0].shape[time] = 257 }.hasPrefix("a sequence of 257 steps is not supported, only of up to 256"))
    let many = try model {
      $0.tensors[0].shape[time] = 200
      $0.nodes += [$0.nodes[0], $0.nodes[0]]
    }
    #expect {
      try many.nodes[0].operation.validate(many.nodes[0], in: many)
    } throws: { "\($0)".contains("sequences of more than 512 steps together are not supported") }
    #expect(try message { $0.tensors[0].shape = [1, 5] }.hasPrefix("UNIDIRECTIONAL_SEQUENCE_LSTM input must be rank 3, is rank 2"))
    #expect(try cell { $0.quantization.scales = [0.001] }.hasPrefix("cell state scale is 0.001, must be a power of two of at most 2^-9"))
    #expect(try cell { $0.quantization.scales = [0x1p-8] }.hasPrefix("cell state scale is"))
    #expect(try cell { $0.quantization.scales = [0x1p-30] }.hasPrefix("multiplier 2^-30/cell state scale = 1.0 is out of range"))
    #expect(try cell { $0.quantization.zeroPoints = [1] }.hasPrefix("int16 state must have zero point 0, has 1"))
    #expect(try message { $0.tensors[15].quantization.zeroPoints = [99] }.hasPrefix("does not rescale, but input has scale"))
    #expect(try message { $0.tensors[15].shape[2] += 1 }.hasPrefix("output shape is"))
    #expect(try message { $0.tensors[3].shape[0] += 1 }.hasPrefix("the weights' shape is"))
    #expect(try message { $0.tensors[6].shape[1] += 1 }.hasPrefix("the weights' shape is"))
    #expect(try message { $0.tensors[9].type = .int64 }.hasPrefix("bias must be an int32 constant, is int64"))
    #expect(try message { $0.tensors[2].quantization.scales = [1e30] }.hasPrefix("multiplier input·weight scale·2^12 = "))
    #expect(try message { $0.nodes[0].inputs.removeLast() }.hasPrefix("has 23 inputs, expected 24"))
    #expect(try message { $0.nodes[0].inputs[12] = -1 }.hasPrefix("input 12 is absent but needed"))
    #expect(try operation(LongShortTermMemory(cellClip: -1, isTimeMajor: isTimeMajor)).hasPrefix("cell_clip is -1.0, must be finite and at least 0"))
    #expect(try operation(LongShortTermMemory(cellClip: .infinity, isTimeMajor: isTimeMajor)).hasPrefix("cell_clip is inf"))
    #expect(try operation(LongShortTermMemory(), isResolved: false).hasPrefix("its state is no tensor that is marked as variable"))
  }
}
