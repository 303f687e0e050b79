// Compares what the trace port showed with the tensors of the reference.
//
// Every traced write is compared as it happens, because memory is reused; afterwards every byte of every computed
// tensor must have been written. Fused additions show the tensor before the addition beside the sum. A reshaped
// tensor is compared under the tensor whose bytes it shares.

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
    let place = "sample \(sample), layer \(shorten(layer, 40)), \(tensor), element \(index)"
    let values = "expected \(expected.map(String.init) ?? "nothing"), got \(got.map(String.init) ?? "nothing")"
    let time = cycle.map { ", cycle \($0)" } ?? ""
    return switch kind {
    case .written: "\(place): \(values)\(time)"
    case .missing: "\(place): never written, expected \(expected.map(String.init) ?? "a value")"
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

  public init(_ mapping: Mapping) { self.mapping = mapping }

  /// The tensor under which the bytes of `tensor` are traced.
  func source(_ tensor: Int) -> Int {
    var tensor = tensor
    for _ in 0...mapping.aliases.count { if let next = mapping.aliases[tensor] { tensor = next } else { break } }
    return tensor
  }

  /// Tensors that the hardware writes, sums before fused additions included.
  var traced: Set<Int> { Set(mapping.steps.flatMap { [$0.outputTensor] + ($0.sumTensor.map { [$0] } ?? []) }) }

  /// Activations of the network that the hardware never has: those that were folded into their consumers.
  public var folded: [Int] {
    let traced = traced, inputs = Set(mapping.graph.inputs)
    return mapping.graph.activations.filter { !traced.contains(source($0)) && !inputs.contains(source($0)) }
  }

  private func layerName(_ step: Int) -> String {
    guard mapping.steps.indices.contains(step), mapping.layers.indices.contains(mapping.steps[step].layer) else { return "step \(step)" }
    return mapping.layers[mapping.steps[step].layer].name
  }

  /// - Parameters:
  ///   - run: what a simulation saw of the sample.
  ///   - golden: every activation by the golden kernels.
  ///   - expected: what the vectors say of the sample; empty without vectors.
  public func check(
    _ run: SampleRun, golden: [Int: [UInt8]], expected: [Int: [UInt8]]
  ) -> SampleCheck {
    var out = SampleCheck()
    func note(_ mismatch: Mismatch) { if out.first.count < Self.described { out.first.append(mismatch) } }
    func problem(_ text: String) {
      out.mismatches += 1
      if out.problems.count < Self.described { out.problems.append("sample \(run.sample): \(text)") }
    }
    func value(_ byte: UInt8?) -> Int? { byte.map { Int(Int8(bitPattern: $0)) } }

    // The run as a whole.
    for text in run.problems { problem(text) }
    if !run.finished { problem("the accelerator did not finish within \(run.countedCycles) cycles") }
    if let status = run.register(.status), Int(status) & RegisterMap.statusError != 0 {
      let error = run.register(.error) ?? 0
      let code = RegisterMap.ErrorCode(rawValue: Int(error & 0xFF))
      problem("the accelerator stopped: \(code?.summary ?? "error \(error & 0xFF)") at \(error >> 8)")
    }

    // Every write, as it happened.
    var observed: [Int: (bytes: [UInt8], cycles: [Int32])] = [:]  // cycle -1: never written
    var wrong: [Int: Set<Int>] = [:]
    for tensor in traced {
      let count = mapping.graph.tensors[tensor].byteCount
      observed[tensor] = ([UInt8](repeating: 0, count: count), [Int32](repeating: -1, count: count))
    }
    func see(_ tensor: Int, _ offset: Int, _ byte: UInt8, _ write: TraceWrite) {
      guard let count = observed[tensor]?.bytes.count, offset >= 0, offset < count else {
        out.mismatches += 1
        note(
          Mismatch(
            kind: .outside, sample: run.sample, layer: layerName(write.step), tensor: mapping.graph.label(tensor), index: offset,
            got: value(byte), cycle: write.cycle))
        return
      }
      observed[tensor]?.bytes[offset] = byte
      observed[tensor]?.cycles[offset] = Int32(truncatingIfNeeded: write.cycle)
      guard let reference = golden[tensor], reference[offset] != byte else { return }
      if wrong[tensor, default: []].insert(offset).inserted {
        out.mismatches += 1
        note(
          Mismatch(
            kind: .written, sample: run.sample, layer: layerName(write.step), tensor: mapping.graph.label(tensor), index: offset,
            expected: value(reference[offset]), got: value(byte), cycle: write.cycle))
      }
    }
    var unknownSteps = Set<Int>()
    for write in run.writes {
      guard mapping.steps.indices.contains(write.step) else {
        if unknownSteps.insert(write.step).inserted { problem("a write of step \(write.step), which the program does not have") }
        continue
      }
      let step = mapping.steps[write.step]
      let offset = write.address - step.outputBase
      for (index, byte) in write.data.enumerated() { see(step.outputTensor, offset + index, byte, write) }
      guard let sum = step.sumTensor else { continue }
      for (index, byte) in write.before.enumerated() { see(sum, offset + index, byte, write) }
    }

    // Every byte of every tensor, under its own name; then the vectors.
    for tensor in mapping.graph.activations {
      guard let seen = observed[source(tensor)] else { continue }
      out.tensors += 1
      out.elements += seen.bytes.count
      let vector = expected[tensor]
      out.vectorElements += vector?.count ?? 0
      let producer = mapping.steps.first { $0.outputTensor == source(tensor) || $0.sumTensor == source(tensor) }?.index ?? -1
      for index in seen.bytes.indices {
        if seen.cycles[index] < 0 {
          guard tensor == source(tensor) else { continue }
          out.mismatches += 1
          note(
            Mismatch(
              kind: .missing, sample: run.sample, layer: layerName(producer), tensor: mapping.graph.label(tensor), index: index,
              expected: value(golden[tensor]?[index])))
        } else if let vector, index < vector.count, vector[index] != seen.bytes[index], wrong[tensor]?.contains(index) != true {
          out.mismatches += 1
          note(
            Mismatch(
              kind: .vectors, sample: run.sample, layer: layerName(producer), tensor: mapping.graph.label(tensor), index: index,
              expected: value(vector[index]), got: value(seen.bytes[index]), cycle: Int(seen.cycles[index])))
        }
      }
    }
    for (tensor, vector) in expected.sorted(by: { $0.key < $1.key }) {
      guard let reference = golden[tensor] else {
        out.goldenMismatches += vector.count
        if out.problems.count < Self.described {
          out.problems.append("sample \(run.sample): the vectors hold \(mapping.graph.label(tensor)), which the network neither takes nor computes")
        }
        continue
      }
      if reference.count != vector.count { problem("the vectors have \(vector.count) bytes of \(mapping.graph.label(tensor)), which has \(reference.count)") }
      for index in vector.indices where index >= reference.count || reference[index] != vector[index] {
        out.goldenMismatches += 1
        note(
          Mismatch(
            kind: .golden, sample: run.sample, layer: "-", tensor: mapping.graph.label(tensor), index: index,
            expected: value(vector[index]), got: index < reference.count ? value(reference[index]) : nil))
      }
    }

    // Outputs as a host reads them.
    for tensor in mapping.graph.outputs {
      guard let address = mapping.address(of: tensor), let reference = golden[tensor] else { continue }
      for (index, byte) in run.features(address, count: reference.count).enumerated() where byte != reference[index] {
        out.mismatches += 1
        note(
          Mismatch(
            kind: .readBack, sample: run.sample, layer: "output", tensor: mapping.graph.label(tensor), index: index,
            expected: value(reference[index]), got: value(byte)))
      }
    }
    return out
  }
}
