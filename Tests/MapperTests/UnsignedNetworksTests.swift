// Networks of uint8, whose weights have zero points: exact in the reference machine.

import Foundation
import Machine
import Model
import TestTools
import Testing

@testable import Mapper

@Suite struct UnsignedNetworksTests {
  /// The directed vectors of uint8.
  private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
    + "/ModelTests/Fixtures/reference/"
  private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).filter { $0.hasPrefix("uint8_") }.sorted()

  private func expectExact(_ path: String, samples: Int, _ configurations: [Configuration]) throws {
    let vectors = try VectorSet.load(path), graph = try loadModel(contentsOf: vectors.modelPath)
    for configuration in configurations {
      let mapping = try Mapper.map(graph, for: configuration)
      for sample in 0..<min(samples, vectors.sampleCount) {
        for mistake in try mistakes(in: mapping, inputs: vectors.inputs(ofSample: sample, for: graph)) {
          Issue.record("\(path), \(configuration.name), sample \(sample): \(mistake)")
        }
      }
    }
  }

  @Test func directedVectors() throws {
    #expect(Self.names.count >= 81)
    for name in Self.names { try expectExact(Self.directory + name, samples: 2, [.edge16, .edge64, .edge256]) }
  }

  @Test(.enabled(if: corpus != nil)) func legacyNetwork() throws {
    try expectExact(#require(corpus) + "/ops/uint8_legacy", samples: 8, [.up5k, .edge16, .edge64, .edge256])
  }
}
