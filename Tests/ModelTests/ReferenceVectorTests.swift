// The golden kernels against directed vectors: ties, rails, saturation, odd windows.
//
// Ordinary networks hardly ever hit a rounding tie, so a wrong formula looks exact on
// them. These vectors come from the reference interpreter itself, one operator each,
// with scales that are powers of two; `generate.py`, `generate_uint8.py`, `generate_int16.py` and `generate_states.py` beside them make
// more, and `$WEFT_REFERENCE` may name a directory of those.

import Foundation
import Model
import Testing

@Suite struct ReferenceVectorTests {
  static func directories(_ root: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.sorted().map { "\(root)/\($0)" }
      .filter { FileManager.default.fileExists(atPath: $0 + "/manifest.json") }
  }

  static let all =
    directories(Corpus.fixture("reference"))
    + (ProcessInfo.processInfo.environment["WEFT_REFERENCE"].map(directories) ?? [])

  /// Whether the only operator is one of the host's, which alone is no network.
  static func isHosts(_ directory: String) -> Bool { directory.contains("/host_") }

  @Test func everyOperatorHasVectors() {
    let names = Self.directories(Corpus.fixture("reference")).compactMap { $0.split(separator: "/").last }
    #expect(Set(names.map { $0.dropLast(2) }).count == 77)
  }

  @Test func everyElementAgrees() throws {
    var elements = 0
    for directory in Self.all where !Self.isHosts(directory) {
      do {
        let result = try compare(directory)
        elements += result.elements
        #expect(result.mismatches == 0, "\(directory): \(result.report.prefix(2).joined(separator: "; "))")
      } catch {
        Issue.record("\(directory): \(error)")
      }
    }
    #expect(elements > 0)
  }

  @Test func operatorsOfTheHostAgree() throws {
    var elements = 0
    for directory in Self.all where Self.isHosts(directory) {
      let vectors = try VectorSet.load(directory), graph = try readModel(contentsOf: vectors.modelPath), node = graph.nodes[0]
      try #require(node.operation as? any HostOperation, "\(directory)").validateOnHost(node, in: graph)
      for sample in 0..<vectors.sampleCount {
        var store = TensorStore(graph)
        store[node.inputs[0]] = vectors.inputs(ofSample: sample, for: graph)[0]
        node.operation.evaluate(node, in: graph, on: &store)
        let expected = vectors.outputs(ofSample: sample)[node.outputs[0]] ?? []
        elements += expected.count
        #expect(store[node.outputs[0]] == expected, "\(directory), sample \(sample)")
      }
    }
    #expect(elements > 0)
  }
}
