// Where the tests find golden vectors that are not part of the repository.

import Foundation
import Model
import Testing

/// The corpus of models and golden vectors, at `$WEFT_CORPUS` or beside the repository.
enum Corpus {
  /// The repository's root directory.
  static let repository: String = {
    var parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/")
  }()

  /// The corpus' directory; `nil`, loudly, when there is none.
  static let directory: String? = {
    let path = ProcessInfo.processInfo.environment["WEFT_CORPUS"] ?? repository + "/../shared/corpus"
    if FileManager.default.fileExists(atPath: path + "/FORMAT.md") { return path }
    print("SKIPPED: no corpus at \(path); set WEFT_CORPUS to compare with the golden vectors of real models")
    return nil
  }()

  static var isPresent: Bool { directory != nil }

  /// A path inside the corpus; empty when there is none.
  static func path(_ part: String) -> String { directory.map { "\($0)/\(part)" } ?? "" }

  /// A path inside the fixtures that are part of the repository.
  static func fixture(_ part: String) -> String { "\(repository)/Tests/ModelTests/Fixtures/\(part)" }
}

/// Runs every sample of a directory of vectors and returns how many elements were compared and how many differ,
/// over outputs and stored tensors. Mismatches are described in `report`.
func compare(
  _ directory: String, samples: Int = .max
) throws -> (elements: Int, mismatches: Int, tensors: Int, report: [String]) {
  let vectors = try VectorSet.load(directory)
  let graph = try loadTFLite(contentsOf: vectors.modelPath)
  try vectors.check(against: graph)
  let model = try GoldenModel(graph)
  var result = (elements: 0, mismatches: 0, tensors: 0, report: [String]())
  var state = graph.states.map(\.initial)
  let unread = Set(graph.unread.flatMap(\.outputs))
  for sample in 0..<min(samples, vectors.sampleCount) {
    let computed = try model.run(inputs: vectors.inputs(ofSample: sample, for: graph), state: state)
    if vectors.isStateful { state = model.state(after: computed) }
    for (tensor, expected) in vectors.expected(ofSample: sample, for: graph) where !unread.contains(tensor) {
      let got = computed[tensor] ?? []
      result.tensors += 1
      result.elements += expected.count
      let differing = expected.indices.filter { $0 >= got.count || got[$0] != expected[$0] }
      result.mismatches += differing.count
      if let first = differing.first {
        result.report.append(
          "sample \(sample), \(graph.label(tensor)): \(differing.count) of \(expected.count) differ, first at "
            + "\(first): expected \(Int8(bitPattern: expected[first])), "
            + "got \(first < got.count ? String(Int8(bitPattern: got[first])) : "nothing")")
      }
    }
  }
  return result
}
