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
  static let refused = [
    "ops/lstm_seq": "state that an operator keeps in a tensor of its own is not supported (operator 0 UNIDIRECTIONAL_SEQUENCE_LSTM, tensor 14 'output",
    "ops/svdf_stream": "state that an operator keeps in a tensor of its own is not supported (operator 0 SVDF, tensor 4 'state')",
  ]

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

  /// In networks that are refused, too, every operator that is supported makes of the stored tensors what it should.
  @Test(.enabled(if: Corpus.isPresent)) func supportedOperatorsOfRefusedNetworksAgree() throws {
    struct Manifest: Decodable { var oracle_kind: String }
    var compared: [String: Int] = [:]
    for network in Self.refused.keys.sorted() {
      let directory = Corpus.path(network)
      let data = try #require(FileManager.default.contents(atPath: directory + "/manifest.json"))
      let vectors = try VectorSet.load(directory)
      var graph = try readModel(contentsOf: vectors.modelPath)
      if try JSONDecoder().decode(Manifest.self, from: data).oracle_kind == "ref" { graph.reference = .litert }
      let expected = vectors.expected(ofSample: 0, for: graph)
      var store = TensorStore(graph)
      for (tensor, bytes) in expected { store[tensor] = bytes }
      for node in graph.nodes {
        let known = (node.inputs + node.outputs).allSatisfy { $0 < 0 || !store[$0].isEmpty }
        guard known, (try? node.operation.validate(node, in: graph)) != nil else { continue }
        var computed = store
        node.operation.evaluate(node, in: graph, on: &computed)
        for output in node.outputs {
          #expect(computed[output] == store[output], "\(network), operator \(node.index) \(node.operation.name)")
        }
        compared[node.operation.name, default: 0] += 1
      }
    }
    #expect(compared["FULLY_CONNECTED"] == 2 && compared["SOFTMAX"] == 1, "\(compared)")
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
