// The golden kernels against vectors that no code of this project produced.

import Foundation
import Model
import Testing

@Suite struct GoldenModelTests {
  static let networks = [
    "mlperf_tiny/anomaly_detection", "mlperf_tiny/image_classification", "mlperf_tiny/image_classification_large",
    "mlperf_tiny/keyword_spotting", "mlperf_tiny/streaming_wakeword", "mlperf_tiny/visual_wake_words",
    "ops/conv1d_rank3", "ops/conv_k1x7_s3_valid_c3_33", "ops/conv_k5_s2_same_c1_10_relu6", "ops/digits_mlp",
    "ops/digits_cnn", "ops/digits_resnet", "ops/dw_mult2_s2_c5", "ops/fc_big_1000_257_10",
    "ops/mbv2_inverted_residual", "ops/multi_io", "ops/pad_asym_conv", "ops/pools_odd", "ops/residual_add_scales",
    "ops/softmax_5x37", "ops/tc_resnet_1d",
  ]

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
    #expect(graph.multiplyAccumulates == (try JSONDecoder().decode(Manifest.self, from: data)).stats.macs)
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
    let model = try GoldenModel(graph(Relu(), [activation([2, 2])], output: activation([2, 2])))
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
    #expect(throws: ModelError.self) { try GoldenModel(graph(Relu(), [activation([2])], output: activation([3]))) }
  }

  /// A residual and a layer with two consumers; every tensor is in the result.
  @Test func allTensorsAreReturned() throws {
    let results = try GoldenModel(GraphTests.residual).run(inputs: [[1, 255, 3, 128]])
    #expect(results == [0: [1, 255, 3, 128], 1: [1, 0, 3, 0], 2: [2, 255, 6, 128]])
  }
}
