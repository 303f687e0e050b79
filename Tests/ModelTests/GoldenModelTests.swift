// The golden kernels against vectors that no code of this project produced.

import Foundation
import Model
import Testing

@Suite struct GoldenModelTests {
  static let operatorNetworks = ReferenceVectorTests.directories(Corpus.path("ops")).compactMap {
    $0.split(separator: "/").last.map { "ops/\($0)" }
  }

  static let networks =
    [
      "mlperf_tiny/anomaly_detection", "mlperf_tiny/image_classification", "mlperf_tiny/image_classification_large",
      "mlperf_tiny/keyword_spotting", "mlperf_tiny/streaming_wakeword", "mlperf_tiny/visual_wake_words",
    ] + operatorNetworks.filter { refused[$0] == nil }

  /// The networks of the corpus that are refused, and a part of what is said of them.
  static let refused: [String: String] = [:]

  @Test(.enabled(if: Corpus.isPresent)) func whatIsRefusedHasAReason() throws {
    #expect(Self.operatorNetworks.count >= 68)
    for network in Self.operatorNetworks {
      do throws(ModelError) {
        _ = try loadTFLite(contentsOf: Corpus.path(network) + "/model.tflite")
        #expect(Self.refused[network] == nil, "\(network) is accepted")
      } catch {
        #expect(Self.refused[network].map { error.message.contains($0) } == true, "\(network): \(error.message)")
      }
    }
  }

  @Test(.enabled(if: Corpus.isPresent), arguments: networks)
  func everyTensorOfTheCorpusAgrees(network: String) throws {
    let result = try compare(Corpus.path(network))
    #expect(result.elements > 0)
    #expect(result.mismatches == 0, "\(result.report.prefix(5).joined(separator: "\n"))")
  }

  @Test(.enabled(if: Corpus.isPresent), arguments: networks)
  func costsAreThoseOfTheCorpus(network: String) throws {
    struct Manifest: Decodable {
      struct Stats: Decodable { var macs: Int }
      var stats: Stats
    }
    let data = try #require(FileManager.default.contents(atPath: Corpus.path(network) + "/manifest.json"))
    let graph = try loadTFLite(contentsOf: Corpus.path(network) + "/model.tflite")
    // The corpus counts none of operators with state.
    let others = graph.nodes.filter { !($0.operation is any StatefulOperation) }
    #expect(
      others.reduce(0) { $0 + $1.operation.multiplyAccumulates($1, in: graph) } == (try JSONDecoder().decode(Manifest.self, from: data)).stats.macs)
  }

  static let digits = Corpus.repository + "/Examples/digits_resnet"

  @Test func theDigitsNetworkAgrees() throws {
    let result = try compare(Self.digits)
    #expect(result.elements > 5_000)
    #expect(result.mismatches == 0, "\(result.report.prefix(5).joined(separator: "\n"))")
  }

  @Test func theDigitsNetworkReads351Of360Digits() throws {
    let vectors = try VectorSet.load(Self.digits)
    let graph = try loadTFLite(contentsOf: vectors.modelPath)
    let model = try GoldenModel(graph)
    let labels = try #require(vectors.labels)
    var right = 0
    for (sample, label) in labels.enumerated() {
      let output = try model.run(inputs: vectors.inputs(ofSample: sample, for: graph))[graph.outputs[0]] ?? []
      let scores = output.map { Int8(bitPattern: $0) }
      if scores.firstIndex(of: scores.max() ?? 0) == label { right += 1 }
    }
    #expect(labels.count == 360)
    #expect(Double(right) / 360 == 0.975)
  }

  @Test func inputsAreChecked() throws {
    let model = try GoldenModel(graph(UnaryFunction("RELU"), [activation([2, 2])], output: activation([2, 2])))
    #expect(try model.run(inputs: [[1, 2, 3, 4]]) == [0: [1, 2, 3, 4], 1: [1, 2, 3, 4]])
    do throws(ModelError) {
      _ = try model.run(inputs: [[1, 2, 3]])
      Issue.record("too short an input was accepted")
    } catch {
      #expect(error.message == "input has 3 bytes, shape [2, 2] needs 4 (tensor 0 't')")
    }
    #expect(throws: ModelError.self) { try model.run(inputs: []) }
  }

  @Test func onlyValidGraphsRun() {
    #expect(throws: ModelError.self) { try GoldenModel(graph(UnaryFunction("RELU"), [activation([2])], output: activation([3]))) }
  }

  /// A residual and a layer with two consumers; every tensor is in the result.
  @Test func allTensorsAreReturned() throws {
    let results = try GoldenModel(GraphTests.residual).run(inputs: [[1, 255, 3, 128]])
    #expect(results == [0: [1, 255, 3, 128], 1: [1, 0, 3, 0], 2: [2, 255, 6, 128]])
  }
}
