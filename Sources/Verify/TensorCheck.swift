// Compares what the trace port showed with the tensors of the reference: which tensors there are, and what is said of
// those that differ. `SampleComparison` compares.

import Emit
import Foundation
import Machine
import Mapper
import Model

/// One wrong value.
public struct Mismatch: Sendable, Equatable {
  public enum Kind: String, Sendable {
    /// A traced write differs from the golden kernels.
    case written
    /// A byte was never written.
    case missing
    /// An element of a channel that the compiler took for constant and left out, which is another one.
    case constant
    /// A write outside the tensor of its step.
    case outside
    /// An output read over the bus differs from the golden kernels.
    case readBack
    /// What the hardware computed differs from the vectors.
    case vectors
    /// What the golden kernels computed differs from the vectors.
    case golden
  }
  public var kind: Kind
  public var sample: Int
  public var layer: String
  /// How messages name the tensor.
  public var tensor: String
  /// Element of the tensor, C order.
  public var index: Int
  public var expected: Int?
  public var got: Int?
  /// Clock edge of the run at which it was written.
  public var cycle: Int?

  public var description: String {
    let place = "sample \(sample), layer \(layer.shortened(to: 40)), \(tensor), element \(index)"
    let values = "expected \(expected.map(String.init) ?? "nothing"), got \(got.map(String.init) ?? "nothing")"
    let time = cycle.map { ", cycle \($0)" } ?? ""
    return switch kind {
    case .written: "\(place): \(values)\(time)"
    case .missing: "\(place): never written, expected \(expected.map(String.init) ?? "a value")"
    case .constant: "\(place), left out as a constant: \(values)"
    case .outside: "\(place): written outside the tensor\(time)"
    case .readBack: "\(place), read over the bus: \(values)"
    case .vectors: "\(place), against the vectors: \(values)\(time)"
    case .golden: "\(place), golden kernels against the vectors: \(values)"
    }
  }
}

/// What the comparison of one sample found.
public struct SampleCheck: Sendable {
  public var tensors = 0
  public var elements = 0
  /// Of the elements, those of which the vectors say something.
  public var vectorElements = 0
  /// Elements in which the hardware differs from the golden kernels or the vectors, each counted once, and
  /// structural problems.
  public var mismatches = 0
  public var goldenMismatches = 0
  /// The first few, in order of occurrence.
  public var first: [Mismatch] = []
  public var problems: [String] = []
}

/// Compares samples of one network.
public struct TensorCheck: Sendable {
  let mapping: Mapping
  /// How many mismatches are described.
  static let described = 8

  public init(_ mapping: Mapping) {
    self.mapping = mapping
    uncomputed = Set((mapping.network.unread + mapping.network.partition.remaining).flatMap(\.outputs))
  }

  /// Tensors that the trace shows beside those that are written: before a fused addition or table.
  var before: Set<Int> { Set(mapping.steps.compactMap(\.before)) }

  /// The buffers that the hardware writes.
  var written: Set<Int> { Set(mapping.steps.map(\.output.buffer)) }

  /// Activations of the network that the hardware never has: those that were folded into their consumers.
  public var folded: [Int] {
    let seen = written.union(mapping.graph.supplied), before = before
    return mapping.graph.activations.filter { !seen.contains(mapping.view(of: $0).buffer) && !before.contains($0) }
  }

  /// Tensors that vectors may hold and nobody computes: those that nobody reads, and those of operators left to the host.
  let uncomputed: Set<Int>

  func layerName(_ step: Int) -> String {
    guard mapping.steps.indices.contains(step), mapping.layers.indices.contains(mapping.steps[step].layer) else { return "step \(step)" }
    return mapping.layers[mapping.steps[step].layer].name
  }

  /// Compares one sample.
  /// - Parameters:
  ///   - run: what a simulation saw of the sample.
  ///   - golden: every activation by the golden kernels.
  ///   - expected: what the vectors say of the sample; empty without vectors.
  public func check(_ run: SampleRun, golden: [Int: [UInt8]], expected: [Int: [UInt8]]) -> SampleCheck {
    var comparison = SampleComparison(self, run, golden: golden, expected: expected)
    comparison.checkEnd()
    comparison.checkWrites()
    comparison.checkTensors()
    comparison.checkVectors()
    comparison.checkOutputs()
    return comparison.found
  }
}
