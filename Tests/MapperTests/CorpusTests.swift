// Whole networks: the program, interpreted, gives every tensor that the golden model gives.

import Foundation
import Machine
import Model
import Reference
import Testing
import Verify

@testable import Mapper

/// The directory of reference networks: `$WEFT_CORPUS`, or `../shared/corpus` beside the repository.
let corpus: String? = {
  var candidates: [String] = []
  if let named = ProcessInfo.processInfo.environment["WEFT_CORPUS"] { candidates.append(named) }
  let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  candidates.append(repository.deletingLastPathComponent().appendingPathComponent("shared/corpus").path)
  for candidate in candidates where FileManager.default.fileExists(atPath: candidate + "/mlperf_tiny") { return candidate }
  print("SKIPPED: no corpus of networks; set WEFT_CORPUS to its directory")
  return nil
}()

/// What is wrong with the interpreted program of a mapping, tensor by tensor, beside the golden model.
/// - Parameters:
///   - inputs: of the network, in its types.
///   - state: before the inference; nil: the first values.
func mistakes(in mapping: Mapping, inputs: [[UInt8]], state: [[UInt8]]? = nil) throws -> [String] {
  let graph = mapping.graph, golden = try GoldenModel(mapping.network).run(inputs: inputs, state: state)
  var machine = ReferenceMachine(mapping, inputs: graph.inputs.map { golden[$0] ?? [] }, state: state)
  let tensors = try mapping.tensors(of: machine.run(mapping.program.map(\.instruction)))
  var mistakes: [String] = []
  for step in mapping.steps where tensors[step.outputTensor] == nil { mistakes.append("step \(step.index) writes no tensor") }
  for (tensor, bytes) in tensors.sorted(by: { $0.key < $1.key }) {
    guard let expected = golden[tensor], bytes != expected else { continue }
    let wrong = zip(bytes, expected).filter { $0 != $1 }.count
    mistakes.append("\(graph.label(tensor)): \(wrong) of \(expected.count) bytes differ")
  }
  for variable in graph.states {
    guard let address = mapping.address(of: variable.tensor) else {
      mistakes.append("the state \(graph.label(variable.tensor)) has no address")
      continue
    }
    let bytes = Array(machine.memory[address..<address + variable.initial.count])
    if mapping.loaded(bytes, of: variable.tensor) != golden[variable.next] {
      mistakes.append("the next state \(graph.label(variable.tensor)) is not in memory")
    }
  }
  for output in graph.outputs {
    guard let address = mapping.address(of: output) else {
      mistakes.append("the output \(graph.label(output)) has no address")
      continue
    }
    if mapping.loaded(Array(machine.memory[address..<address + graph.tensors[output].byteCount]), of: output) != golden[output] {
      mistakes.append("the output \(graph.label(output)) is not in memory")
    }
  }
  for line in mapping.program where !line.instruction.isEncodable { mistakes.append("\(line.instruction.assembly) does not fit") }
  return mistakes
}

/// Compiles a graph and compares the interpreted program with the golden model, tensor by tensor.
@discardableResult
func expectExact(
  _ graph: Graph, _ configuration: Configuration, inputs: [[UInt8]], _ comment: String = "", policy: LayoutPolicy = .leastCycles,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Mapping {
  let mapping = try Mapper.map(graph, for: configuration, policy: policy)
  for mistake in try mistakes(in: mapping, inputs: inputs) {
    Issue.record("\(comment) \(configuration.name) \(mistake)", sourceLocation: sourceLocation)
  }
  return mapping
}

@Suite struct CorpusTests {
  @Test(.enabled(if: corpus != nil), arguments: [
    "anomaly_detection", "image_classification", "image_classification_large", "keyword_spotting",
    "streaming_wakeword", "visual_wake_words",
  ])
  func mlperfTiny(_ name: String) throws {
    let directory = try #require(corpus) + "/mlperf_tiny/" + name
    let graph = try loadTFLite(contentsOf: directory + "/model.tflite")
    let vectors = try VectorSet.load(directory)
    let kibibytes = [
      "keyword_spotting": 15.6, "image_classification": 48.0, "visual_wake_words": 54.0, "streaming_wakeword": 6.5,
      "anomaly_detection": 0.75, "image_classification_large": 120,
    ]
    #if DEBUG
      // An unoptimized interpreter takes minutes for these.
      let (names, skipped) = (["edge64"], ["image_classification_large", "image_classification", "visual_wake_words"])
    #else
      let (names, skipped) = (["edge16", "edge64", "edge256"], [""])
    #endif
    if skipped.contains(name) { return }
    for configuration in names.compactMap({ Configuration.named($0) }) {
      if configuration.name != "edge64", name == "image_classification_large" { continue }
      let start = Date()
      _ = try Mapper.map(graph, for: configuration)
      let time = Date().timeIntervalSince(start)
      let mapping = try expectExact(graph, configuration, inputs: vectors.inputs(ofSample: 0, for: graph))
      let live = mapping.placements.count
      #expect(Double(mapping.featureMemoryPeakBytes) <= (kibibytes[name] ?? 0) * 1024 + 52 + 64 * Double(live))
      print(
        name, configuration.name, "cycles", mapping.predictedCycles, "macs", mapping.macs, "memory",
        mapping.featureMemoryPeakBytes, "accumulator", mapping.hardware.accumulatorBits, "weights", mapping.weights.count,
        "words", mapping.program.count, "compiled in", time)
      if ProcessInfo.processInfo.environment["WEFT_LAYERS"] != nil {
        for layer in mapping.layers {
          print("  ", layer.operatorName, layer.name.suffix(30), layer.steps.count, layer.predictedCycles, layer.bound,
            100 * layer.macs / max(1, layer.predictedCycles * configuration.macs), "%")
        }
      }
    }
  }

  @Test(.enabled(if: corpus != nil))
  func operators() throws {
    let directory = try #require(corpus) + "/ops"
    var exact = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() {
      guard let graph = try? loadTFLite(contentsOf: "\(directory)/\(name)/model.tflite") else {
        print("not loadable:", name)
        continue
      }
      let vectors = try VectorSet.load("\(directory)/\(name)")
      for configuration in Configuration.named {
        do {
          // Whether it fits a device is not the question here.
          var boundless = configuration
          boundless.limits.memoryBytes = nil
          let mapping = try expectExact(graph, boundless, inputs: vectors.inputs(ofSample: 0, for: graph), name)
          if vectors.isStateful {
            let model = try GoldenModel(graph)
            var state = graph.states.map(\.initial)
            for sample in 0..<min(4, vectors.sampleCount) {
              let inputs = vectors.inputs(ofSample: sample, for: graph)
              #expect(try mistakes(in: mapping, inputs: inputs, state: state).isEmpty)
              state = model.state(after: try model.run(inputs: inputs, state: state))
            }
          }
          exact += 1
        } catch let error as MappingError {
          Issue.record("\(name) \(configuration.name): \(error)")
        }
      }
    }
    #expect(exact > 0)
  }

  @Test(.enabled(if: corpus != nil))
  func manyOperators() throws {
    let graph = try loadTFLite(contentsOf: try #require(corpus) + "/bad/chain_3000_ops.tflite")
    let mapping = try Mapper.map(graph, for: try #require(Configuration.named("edge64")))
    print("chain_3000_ops:", mapping.steps.count, "steps,", mapping.weights.count, "weight bytes")
    #expect(mapping.steps.count > 2900)
  }
}
