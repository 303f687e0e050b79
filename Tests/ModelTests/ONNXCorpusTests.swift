import Foundation
import Model
import Testing

/// Real networks of ONNX: every output and every quantized tensor is that of ONNX Runtime.
@Suite(.enabled(if: Corpus.isPresent)) struct ONNXCorpusTests {
  private static let networks = [
    "cnn_digits_qdq_s8s8_pc", "cnn_digits_qop_s8s8", "cnn_digits_qop_u8s8_pc", "mlp_digits_qdq_s8s8_pc", "mlp_digits_qop_s8s8",
  ]

  @Test(arguments: networks) func theGoldenModelIsTheOracle(_ network: String) throws {
    let vectors = try VectorSet.load(Corpus.path("onnx/" + network))
    let graph = try loadModel(contentsOf: vectors.modelPath)
    try vectors.check(against: graph)
    let model = try GoldenModel(graph), unread = Set(graph.unread.flatMap(\.outputs))
    var compared = 0
    for sample in 0..<vectors.sampleCount {
      let computed = try model.run(inputs: vectors.inputs(ofSample: sample, for: graph))
      for (tensor, expected) in vectors.expected(ofSample: sample, for: graph) where !unread.contains(tensor) {
        compared += 1
        if computed[tensor] != expected { Issue.record("sample \(sample), \(graph.label(tensor))") }
      }
    }
    // Outputs of 360 samples, and every quantized tensor of the first.
    #expect(compared == 360 + (network.hasPrefix("cnn") ? 7 : 3))
  }
}
