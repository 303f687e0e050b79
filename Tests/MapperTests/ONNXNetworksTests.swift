// Small networks of ONNX operators: the program, interpreted, gives every tensor that the golden kernels give.

import Foundation
import Machine
import Model
import Testing

@testable import Mapper

@Suite struct ONNXNetworksTests {
  /// The vectors of `ModelTests`.
  static let networks: [String] = {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let root = tests.appendingPathComponent("ModelTests/Fixtures/onnx").path
    return ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted().map { "\(root)/\($0)" }
      .filter { FileManager.default.fileExists(atPath: $0 + "/manifest.json") }
  }()

  @Test func thereAreSome() { #expect(!Self.networks.isEmpty) }

  /// Rounded to the nearest, every network is compiled; exactly, it is or it is said at how many sums or pairs of bytes that cannot be.
  @Test(arguments: networks) func programsAreExact(_ directory: String) throws {
    for rounding in [Rounding.nearest, .exact] {
      let graph = try loadModel(contentsOf: directory + "/model.onnx", rounding: rounding), vectors = try VectorSet.load(directory)
      var configuration = try #require(Configuration.named("edge64"))
      configuration.limits.memoryBytes = nil
      do {
        try expectExact(graph, configuration, inputs: vectors.inputs(ofSample: 0, for: graph), "\(directory.suffix(24)) \(rounding)")
      } catch let error as MappingError where rounding == .exact {
        #expect(error.message.hasPrefix("the post unit cannot round as ONNX Runtime does at every sum"), "\(error)")
        print("refused:", error.message)
      }
    }
  }
}
