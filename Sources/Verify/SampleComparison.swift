// The comparison of one sample with golden kernels and vectors, a question after the other.
//
// Every traced write is compared as it happens, because memory is reused; afterwards every byte of every computed
// tensor must have been written. Fused additions show the tensor before the addition beside the sum. A reshaped
// tensor is compared under the tensor whose bytes it shares.

import Emit
import Machine
import Mapper

/// One sample and what is known of it.
struct SampleComparison {
  private let check: TensorCheck
  private let run: SampleRun
  /// Every activation by the golden kernels.
  private let golden: [Int: [UInt8]]
  /// What the vectors say.
  private let expected: [Int: [UInt8]]
  /// What was found so far.
  private(set) var found = SampleCheck()
  /// By traced tensor, the last byte written to each element and when; cycle -1: never.
  private var written: [Int: (bytes: [UInt8], cycles: [Int32])] = [:]
  /// By tensor, elements that differ from the golden kernels.
  private var wrong: [Int: Set<Int>] = [:]

  init(_ check: TensorCheck, _ run: SampleRun, golden: [Int: [UInt8]], expected: [Int: [UInt8]]) {
    (self.check, self.run, self.golden, self.expected) = (check, run, golden, expected)
    for tensor in check.traced {
      let count = check.mapping.graph.tensors[tensor].byteCount
      written[tensor] = ([UInt8](repeating: 0, count: count), [Int32](repeating: -1, count: count))
    }
  }

  private var mapping: Mapping { check.mapping }

  /// Whether the run ended, and well.
  mutating func checkEnd() {
    for text in run.problems { addProblem(text) }
    if !run.finished { addProblem("the accelerator did not finish within \(run.countedCycles) cycles") }
    if let status = run.register(.status), Int(status) & RegisterMap.statusError != 0 {
      let error = run.register(.error) ?? 0
      let code = RegisterMap.ErrorCode(rawValue: Int(error & 0xFF))
      addProblem("the accelerator stopped: \(code?.summary ?? "error \(error & 0xFF)") at \(error >> 8)")
    }
  }

  /// Every write against the golden kernels, as it happened.
  mutating func checkWrites() {
    var unknownSteps = Set<Int>()
    for write in run.writes {
      guard mapping.steps.indices.contains(write.step) else {
        if unknownSteps.insert(write.step).inserted { addProblem("a write of step \(write.step), which the program does not have") }
        continue
      }
      let step = mapping.steps[write.step], offset = write.address - step.outputBase
      for (index, byte) in write.data.enumerated() { checkByte(step.outputTensor, offset + index, byte, write) }
      guard let sum = step.sumTensor else { continue }
      for (index, byte) in write.before.enumerated() { checkByte(sum, offset + index, byte, write) }
    }
  }

  private mutating func checkByte(_ tensor: Int, _ offset: Int, _ byte: UInt8, _ write: TraceWrite) {
    guard let count = written[tensor]?.bytes.count, offset >= 0, offset < count else {
      add(.outside, tensor, offset, layer: check.layerName(write.step), got: byte, cycle: write.cycle)
      return
    }
    written[tensor]?.bytes[offset] = byte
    written[tensor]?.cycles[offset] = Int32(truncatingIfNeeded: write.cycle)
    guard let reference = golden[tensor], reference[offset] != byte else { return }
    if wrong[tensor, default: []].insert(offset).inserted {
      add(.written, tensor, offset, layer: check.layerName(write.step), expected: reference[offset], got: byte, cycle: write.cycle)
    }
  }

  /// That every byte of every tensor was written, under its own name, and is what the vectors say.
  mutating func checkTensors() {
    for tensor in mapping.graph.activations {
      let source = check.source(tensor)
      guard let seen = written[source] else { continue }
      found.tensors += 1
      found.elements += seen.bytes.count
      let vector = expected[tensor]
      found.vectorElements += vector?.count ?? 0
      let producer = mapping.steps.first { $0.outputTensor == source || $0.sumTensor == source }?.index ?? -1
      for index in seen.bytes.indices {
        if seen.cycles[index] < 0 {
          guard tensor == source else { continue }
          add(.missing, tensor, index, layer: check.layerName(producer), expected: golden[tensor]?[index])
        } else if let vector, index < vector.count, vector[index] != seen.bytes[index], wrong[tensor]?.contains(index) != true {
          add(
            .vectors, tensor, index, layer: check.layerName(producer), expected: vector[index], got: seen.bytes[index],
            cycle: Int(seen.cycles[index]))
        }
      }
    }
  }

  /// The golden kernels against the vectors.
  mutating func checkVectors() {
    for (tensor, vector) in expected.sorted(by: { $0.key < $1.key }) {
      let label = mapping.graph.label(tensor)
      guard let reference = golden[tensor] else {
        found.goldenMismatches += vector.count
        describe("the vectors hold \(label), which the network neither takes nor computes")
        continue
      }
      if reference.count != vector.count { addProblem("the vectors have \(vector.count) bytes of \(label), which has \(reference.count)") }
      for index in vector.indices where index >= reference.count || reference[index] != vector[index] {
        add(.golden, tensor, index, layer: "-", expected: vector[index], got: index < reference.count ? reference[index] : nil)
      }
    }
  }

  /// The outputs as a host reads them.
  mutating func checkOutputs() {
    for tensor in mapping.graph.outputs {
      guard let address = mapping.address(of: tensor), let reference = golden[tensor] else { continue }
      for (index, byte) in run.features(address, count: reference.count).enumerated() where byte != reference[index] {
        add(.readBack, tensor, index, layer: "output", expected: reference[index], got: byte)
      }
    }
  }

  // MARK: What was found

  /// Counts a wrong value, and describes it when it is one of the first.
  private mutating func add(
    _ kind: Mismatch.Kind, _ tensor: Int, _ index: Int, layer: String, expected: UInt8? = nil, got: UInt8? = nil, cycle: Int? = nil
  ) {
    if kind == .golden { found.goldenMismatches += 1 } else { found.mismatches += 1 }
    guard found.first.count < TensorCheck.described else { return }
    func value(_ byte: UInt8?) -> Int? { byte.map { Int(Int8(bitPattern: $0)) } }
    found.first.append(
      Mismatch(
        kind: kind, sample: run.sample, layer: layer, tensor: mapping.graph.label(tensor), index: index, expected: value(expected),
        got: value(got), cycle: cycle))
  }

  /// Counts what is wrong with more than a value.
  private mutating func addProblem(_ text: String) {
    found.mismatches += 1
    describe(text)
  }

  private mutating func describe(_ text: String) {
    if found.problems.count < TensorCheck.described { found.problems.append("sample \(run.sample): \(text)") }
  }
}
