// The comparison of one sample with golden kernels and vectors, a question after the other.
//
// Every traced write is compared as it happens, because memory is reused; afterwards every byte of every computed tensor must
// have been written. Fused additions show the tensor before the addition beside the sum. A tensor that lies in another one
// (reshaped, concatenated, split) is compared where its bytes are, and each byte once. Constant channels that were left out
// are compared by the values that the compiler took them for.

import Emit
import Machine
import Mapper

/// One sample and what is known of it.
struct SampleComparison {
  private let check: TensorCheck
  private let run: SampleRun
  // Bytes of tensors, in the order in which they lie.
  /// Every activation by the golden kernels.
  private let golden: [Int: [UInt8]]
  /// What the vectors say.
  private let expected: [Int: [UInt8]]
  /// What was found so far.
  private(set) var found = SampleCheck()
  /// The last byte written to each place and when; cycle -1: never. By buffer, and by tensor for those before an addition.
  private var buffers: [Int: Seen] = [:], before: [Int: Seen] = [:]
  /// By tensor, the layer that writes it last. What an earlier one writes there, an operand that repeats, is not yet the tensor's.
  private let lastLayers: [Int: Int]
  /// Places that differ from the golden kernels or were never written, as they were found.
  private var wrong: Set<Place> = []

  private struct Seen {
    var bytes: [UInt8], cycles: [Int32]

    init(count: Int) { (bytes, cycles) = ([UInt8](repeating: 0, count: count), [Int32](repeating: -1, count: count)) }

    mutating func note(_ byte: UInt8, at place: Int, cycle: Int) {
      (bytes[place], cycles[place]) = (byte, Int32(truncatingIfNeeded: cycle))
    }
  }

  private struct Place: Hashable {
    var buffer: Int, byte: Int, isBefore: Bool
  }

  init(_ check: TensorCheck, _ run: SampleRun, golden: [Int: [UInt8]], expected: [Int: [UInt8]]) {
    (self.check, self.run) = (check, run)
    func stored(_ tensors: [Int: [UInt8]]) -> [Int: [UInt8]] {
      Dictionary(uniqueKeysWithValues: tensors.map { ($0, check.mapping.int16[$0] == nil ? $1 : check.mapping.stored($1, of: $0)) })
    }
    (self.golden, self.expected) = (stored(golden), stored(expected))
    lastLayers = Dictionary(check.mapping.steps.map { ($0.outputTensor, $0.layer) }, uniquingKeysWith: { max($0, $1) })
    for buffer in check.written { buffers[buffer] = Seen(count: mapping.storedBytes(of: buffer)) }
    for tensor in check.before { before[tensor] = Seen(count: mapping.graph.tensors[tensor].byteCount) }
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
      let step = mapping.steps[write.step]
      for (index, value) in write.data.enumerated() {
        let byte = write.address + index - step.bufferAddress
        guard let element = mapping.element(at: byte, of: step) else {
          add(.outside, step.outputTensor, byte - step.output.offset, layer: check.layerName(write.step), got: value, cycle: write.cycle)
          continue
        }
        buffers[step.output.buffer]?.note(value, at: byte, cycle: write.cycle)
        guard lastLayers[step.outputTensor] == step.layer else { continue }
        compare(value, step.outputTensor, element, Place(buffer: step.output.buffer, byte: byte, isBefore: false), write)
        guard let tensor = step.before, let value = write.before.dropFirst(index).first else { continue }
        before[tensor]?.note(value, at: element, cycle: write.cycle)
        compare(value, tensor, element, Place(buffer: tensor, byte: element, isBefore: true), write)
      }
    }
  }

  private mutating func compare(_ byte: UInt8, _ tensor: Int, _ element: Int, _ place: Place, _ write: TraceWrite) {
    guard let reference = golden[tensor], reference[element] != byte, wrong.insert(place).inserted else { return }
    add(.written, tensor, element, layer: check.layerName(write.step), expected: reference[element], got: byte, cycle: write.cycle)
  }

  /// That every byte of every tensor was written, and is what the golden kernels and the vectors say.
  mutating func checkTensors() {
    let writers = Dictionary(mapping.steps.map { ($0.outputTensor, $0.index) }, uniquingKeysWith: { first, _ in first })
    for tensor in mapping.graph.activations {
      let view = mapping.view(of: tensor)
      let isBefore = buffers[view.buffer] == nil
      guard let seen = isBefore ? before[tensor] : buffers[view.buffer] else { continue }
      let producer = writers[tensor] ?? mapping.steps.first { $0.output.buffer == view.buffer || $0.before == tensor }?.index ?? -1
      let layer = check.layerName(producer), vector = expected[tensor], reference = golden[tensor]
      found.tensors += 1
      let count = mapping.graph.tensors[tensor].byteCount
      found.elements += mapping.graph.tensors[tensor].elementCount
      found.vectorElements += (vector?.count ?? 0) * mapping.graph.tensors[tensor].elementCount / max(count, 1)
      for element in 0..<count {
        if let constant = mapping.constant(of: element, in: tensor) {
          let voices = [reference?.dropFirst(element).first, vector?.dropFirst(element).first].compactMap { $0 }
          if let other = voices.first(where: { $0 != constant }) { add(.constant, tensor, element, layer: layer, expected: other, got: constant) }
          continue
        }
        let byte = isBefore ? element : mapping.byte(of: element, in: tensor) ?? 0
        let place = Place(buffer: isBefore ? tensor : view.buffer, byte: byte, isBefore: isBefore)
        let value = seen.bytes[byte], cycle = Int(seen.cycles[byte])
        if cycle < 0 {
          if wrong.insert(place).inserted { add(.missing, tensor, element, layer: layer, expected: reference?[element]) }
        } else if let reference, reference[element] != value {
          if wrong.insert(place).inserted { add(.written, tensor, element, layer: layer, expected: reference[element], got: value, cycle: cycle) }
        } else if let vector, element < vector.count, vector[element] != value, !wrong.contains(place) {
          add(.vectors, tensor, element, layer: layer, expected: vector[element], got: value, cycle: cycle)
        }
      }
    }
  }

  /// The golden kernels against the vectors.
  mutating func checkVectors() {
    let uncomputed = check.uncomputed
    for (tensor, vector) in expected.sorted(by: { $0.key < $1.key }).map({ ($0, mapping.loaded($1, of: $0)) }) {
      let label = mapping.network.label(tensor)
      guard let reference = golden[tensor].map({ mapping.loaded($0, of: tensor) }) else {
        if uncomputed.contains(tensor) { continue }
        found.goldenMismatches += vector.count
        describe("the vectors hold \(label), which the network neither takes nor computes")
        continue
      }
      if reference.count != vector.count { addProblem("the vectors have \(vector.count) bytes of \(label), which has \(reference.count)") }
      let type = mapping.network.tensors[tensor], width = (type.type.bitCount ?? 8) / 8
      let (got, wanted) = width > 1 ? (type.stored(reference), type.stored(vector)) : ([], [])
      if width > 1, got.count * width == vector.count, got.count == wanted.count {
        // Bytes of a wider number say nothing to a person.
        for index in got.indices where reference[index * width..<(index + 1) * width] != vector[index * width..<(index + 1) * width] {
          found.goldenMismatches += 1
          describe("\(label), element \(index), golden kernels against the vectors: expected \(wanted[index]), got \(got[index])")
        }
        continue
      }
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
    let rows = mapping.int16[tensor], label = mapping.graph.label(tensor)
    found.first.append(
      Mismatch(
        kind: kind, sample: run.sample, layer: layer, tensor: rows.map { $0.isHigh(index) ? "high bytes of \(label)" : "low bytes of \(label)" } ?? label,
        index: rows?.element(at: index) ?? index, expected: value(expected), got: value(got), cycle: cycle))
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
