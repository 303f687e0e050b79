// One-operator networks of int16 and with state of int16: the program, interpreted, gives every tensor that the golden kernels give, over
// consecutive inferences.

import Foundation
import Machine
import Model
import Testing

@testable import Mapper

@Suite struct Int16NetworksTests {
  /// The vectors of `ModelTests`, which golden kernels are held against.
  static let networks: [String] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("ModelTests/Fixtures/reference").path
    let kinds = ["svdf_", "unidirectional_sequence_lstm_", "int16_add_", "int16_mul_", "int16_logistic_", "int16_tanh_"]
    return ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted().filter { name in kinds.contains { name.hasPrefix($0) } }
      .map { "\(root)/\($0)" }
  }()

  @Test func thereAreSome() { #expect(Self.networks.count >= 28) }

  @Test(arguments: networks) func programsAreExact(_ directory: String) throws {
    let graph = try loadTFLite(contentsOf: directory + "/model.tflite"), vectors = try VectorSet.load(directory)
    for configuration in [Configuration.edge16, .edge64, .odd] {
      var boundless = configuration
      boundless.limits.memoryBytes = nil
      let mapping = try Mapper.map(graph, for: boundless), model = try GoldenModel(graph)
      var state = graph.states.map(\.initial)
      for sample in 0..<min(4, vectors.sampleCount) {
        let inputs = vectors.inputs(ofSample: sample, for: graph)
        #expect(try mistakes(in: mapping, inputs: inputs, state: state) == [], "\(directory.suffix(34)), \(configuration.name), inference \(sample)")
        state = model.state(after: try model.run(inputs: inputs, state: state))
      }
    }
  }
}
