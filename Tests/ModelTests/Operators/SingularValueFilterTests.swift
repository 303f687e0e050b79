import Foundation
import Testing

@testable import Model

/// Against TensorFlow Lite Micro: `ReferenceVectorTests`, `GoldenModelTests`.
@Suite struct SingularValueFilterTests {
  /// A model of the fixtures with changes to it as it is resolved.
  private func model(_ number: Int = 0, _ change: (inout Graph) -> Void = { _ in }) throws -> Graph {
    var graph = try readModel(contentsOf: Corpus.fixture("reference/svdf_\(number)/model.tflite"))
    change(&graph)
    return graph
  }

  @Test func stateIsTheFilesTensorAndANewOne() throws {
    let graph = try model(), node = graph.nodes[0]
    #expect(node.outputs == [5, 4] && node.inputs.last == 6 && graph.tensors.count == 7)
    #expect(graph.states.map(\.next) == [4] && graph.states.map(\.tensor) == [6] && graph.states[0].initial.allSatisfy { $0 == 0 })
    #expect(graph.tensors[6].name == "state/previous" && !graph.tensors[4].isVariable && graph.followed.name == "tflm")
  }

  /// Standard operators compute the same, whatever input and state are.
  @Test(arguments: 0..<8) func partsComputeTheSame(number: Int) throws {
    try expectPartsAreExact(try model(number), seed: UInt64(number))
  }

  @Test func aMissingBiasIsZero() throws {
    func outputs(_ graph: Graph) throws -> [[UInt8]?] {
      let results = try GoldenModel(graph).run(inputs: [[UInt8](repeating: 77, count: graph.tensors[0].byteCount)])
      return [results[5], results[4]]
    }
    let without = try model { $0.nodes[0].inputs[3] = -1 }
    let zero = try model { $0.tensors[3].constant = $0.tensors[3].constant.map { $0.map { _ in 0 } } }
    #expect(try outputs(without) == outputs(zero))
    try expectPartsAreExact(without, seed: 9)
  }

  @Test func whatItNeedsIsChecked() throws {
    func message(_ change: (inout Graph) -> Void) throws -> String { validationError(try model(0, change)).message }
    #expect(try message { $0.tensors[0].type = .int16 }.hasPrefix("int16 activations are not supported, only int8 (operator 0 SVDF, tensor 0 'x')"))
    #expect(try message { $0.tensors[0].type = .float32 }.hasPrefix("hybrid quantization (float32 activations, int8 weights) is not supported"))
    #expect(try message { $0.tensors[0].shape[0] = 2 }.hasPrefix("a batch of 2 is not supported (operator 0 SVDF, tensor 0 'x'); convert with"))
    #expect(try message { $0.tensors[0].shape.append(1) }.hasPrefix("SVDF input must be rank 2, is rank 3"))
    #expect(try message { $0.tensors[1].constant = nil; $0.inputs.append(1) }.hasPrefix("weights must be int8 constants, are computed int8"))
    #expect(try message { $0.tensors[1].quantization.zeroPoints = [1] }.hasPrefix("int8 SVDF weights must have zero point 0, have 1"))
    #expect(try message { $0.tensors[1].quantization.scales = [1, 1]; $0.tensors[1].quantization.zeroPoints = [0, 0] }.contains("2 scales"))
    #expect(try message { $0.tensors[1].shape[0] += 1 }.contains("the weights' shape is"))
    #expect(try message { $0.tensors[1].constant?.removeLast() }.hasPrefix("buffer has"))
    #expect(try message { $0.tensors[2].type = .int8 }.hasPrefix("weights over time must be int16 constants, are int8"))
    #expect(try message { $0.tensors[2].shape = [4] }.hasPrefix("SVDF weights over time must be rank 2"))
    #expect(try message { for index in [4, 6] { $0.tensors[index].type = .int8 }; $0.states[0].initial = Array($0.states[0].initial.prefix($0.tensors[4].byteCount)) }
      .hasPrefix("the state must be int16, is int8"))
    #expect(try message { $0.nodes[0].inputs.removeLast() }.hasPrefix("has 4 inputs, expected 5"))
    #expect(try message { $0.nodes[0].inputs[2] = -1 }.hasPrefix("input 2 is absent but needed"))
    #expect(try message { $0.nodes[0].operation = SingularValueFilter(rank: 1) }
      .hasPrefix("its state is no tensor that is marked as variable and that nothing else uses (operator 0 SVDF); convert the model again"))
  }
}

/// Checks that a graph's parts, which must be valid, make of random inputs and states what its operators do.
func expectPartsAreExact(_ graph: Graph, seed: UInt64) throws {
  let whole = try GoldenModel(graph), parts = try GoldenModel(graph.decomposed)
  #expect(parts.graph.nodes.count > graph.nodes.count)
  var random = SplitMix64(seed: seed)
  for round in 0..<20 {
    func bytes(_ count: Int) -> [UInt8] {
      let rails: [UInt8] = [0x80, 0x7F, 0xFF, 0]
      return (0..<count).map { _ in round % 4 == 0 ? rails[Int.random(in: 0..<4, using: &random)] : UInt8.random(in: 0...255, using: &random) }
    }
    let inputs = graph.inputs.map { bytes(graph.tensors[$0].byteCount) }, state = graph.states.map { bytes($0.initial.count) }
    let (one, other) = (try whole.run(inputs: inputs, state: state), try parts.run(inputs: inputs, state: state))
    for tensor in graph.activations { #expect(one[tensor] == other[tensor], "\(graph.label(tensor)), round \(round)") }
  }
}
