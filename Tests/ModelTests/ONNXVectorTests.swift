import Foundation
import Model
import Testing

/// Small networks of ONNX operators: every output is that of ONNX Runtime, whose vectors `Fixtures/onnx/generate.py` makes.
@Suite struct ONNXVectorTests {
  static let all = ReferenceVectorTests.directories(Corpus.fixture("onnx"))

  @Test func thereAreAllKinds() {
    let names = Self.all.compactMap { $0.split(separator: "/").last?.split(separator: "_").first }
    #expect(Set(names) == ["columns", "functions", "joined", "maxima", "means", "movements", "network", "products", "resizes", "sums", "transposed"])
  }

  @Test(arguments: all) func everyElementAgrees(_ directory: String) throws {
    let graph = try loadModel(contentsOf: directory + "/model.onnx"), model = try GoldenModel(graph), vectors = try VectorSet.load(directory)
    try vectors.check(against: graph)
    for sample in 0..<vectors.sampleCount {
      let computed = try model.run(inputs: vectors.inputs(ofSample: sample, for: graph))
      for (tensor, expected) in vectors.expected(ofSample: sample, for: graph) {
        let wrong = zip(computed[tensor] ?? [], expected).filter { $0 != $1 }.count
        if computed[tensor] != expected { Issue.record("sample \(sample), \(graph.label(tensor)): \(wrong) of \(expected.count) differ") }
      }
    }
  }
}
