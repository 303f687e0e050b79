import Emit
import Machine
import Mapper
import Model
import TestNetworks
import Testing
import Verify

/// Each test breaks one thing in a faultless run and sees the check go red.
@Suite struct TensorCheckTests {
  /// A faultless run of the embedded network, with the golden tensors.
  private func faultless() throws -> (mapping: Mapping, run: SampleRun, golden: [Int: [UInt8]]) {
    let mapping = try Digits.mapping()
    let golden = try GoldenModel(mapping.graph).run(inputs: try Digits.samples(1)[0].inputs)
    var run = SampleRun(sample: 0)
    (run.finished, run.countedCycles) = (true, 100)
    for step in mapping.steps {
      let data = golden[step.outputTensor] ?? [], before = step.before.flatMap { golden[$0] } ?? data
      for start in stride(from: 0, to: data.count, by: 4) {
        let part = start..<min(start + 4, data.count)
        run.writes.append(
          TraceWrite(step: step.index, address: step.bufferAddress + start, cycle: start, data: data[part], before: before[part]))
      }
    }
    for tensor in mapping.graph.outputs {
      let address = try #require(mapping.address(of: tensor))
      let bytes = [UInt8](repeating: 0, count: address % 4) + (golden[tensor] ?? [])
      for (index, word) in MemoryImages.words(littleEndian: bytes).enumerated() {
        run.read[RegisterMap.Region.features.base + address / 4 * 4 + 4 * index] = word
      }
    }
    return (mapping, run, golden)
  }

  private func check(_ mapping: Mapping, _ run: SampleRun, _ golden: [Int: [UInt8]], expected: [Int: [UInt8]] = [:]) -> SampleCheck {
    TensorCheck(mapping).check(run, golden: golden, expected: expected)
  }

  /// The first whole write of a step.
  private func firstWrite(_ run: SampleRun, step: Int = 0) throws -> Int {
    try #require(run.writes.firstIndex { $0.step == step && $0.data.count == 4 })
  }

  @Test func aFaultlessRunPasses() throws {
    let (mapping, run, golden) = try faultless()
    let found = check(mapping, run, golden, expected: golden)
    #expect(found.mismatches == 0 && found.goldenMismatches == 0)
    #expect(found.tensors == mapping.graph.activations.count - mapping.graph.inputs.count - TensorCheck(mapping).folded.count)
  }

  @Test func oneWrongBitIsFoundWhereItIs() throws {
    var (mapping, run, golden) = try faultless()
    let at = try firstWrite(run)
    run.writes[at].data[run.writes[at].data.startIndex + 1] ^= 1
    let found = check(mapping, run, golden)
    #expect(found.mismatches == 1)
    let mismatch = try #require(found.first.first)
    #expect(mismatch.kind == .written && mismatch.index == 1 && mismatch.cycle == 0)
    #expect(mismatch.layer == mapping.layers[0].name)
  }

  @Test func aSumBeforeAFusedAdditionIsCompared() throws {
    var (mapping, run, golden) = try faultless()
    let step = try #require(mapping.steps.first { $0.before != nil }, "the network has a fused addition")
    let at = try firstWrite(run, step: step.index)
    run.writes[at].before[run.writes[at].before.startIndex] ^= 1
    let found = check(mapping, run, golden)
    #expect(found.mismatches == 1)
    #expect(found.first.first?.tensor == mapping.graph.label(step.before ?? -1))
  }

  @Test func aMissingWriteIsFound() throws {
    var (mapping, run, golden) = try faultless()
    run.writes.remove(at: try firstWrite(run))
    let found = check(mapping, run, golden)
    #expect(found.mismatches == 4)
    #expect(found.first.allSatisfy { $0.kind == .missing })
  }

  @Test func aWriteElsewhereIsFound() throws {
    var (mapping, run, golden) = try faultless()
    run.writes[try firstWrite(run)].address = 0xFF_FF00
    let found = check(mapping, run, golden)
    #expect(found.first.contains { $0.kind == .outside } && found.first.contains { $0.kind == .missing })
  }

  @Test func aWriteOfNoStepIsFound() throws {
    var (mapping, run, golden) = try faultless()
    run.writes[try firstWrite(run)].step = 999
    #expect(check(mapping, run, golden).problems == ["sample 0: a write of step 999, which the program does not have"])
  }

  @Test func aWrongOutputOnTheBusIsFound() throws {
    var (mapping, run, golden) = try faultless()
    let address = try #require(mapping.address(of: mapping.graph.outputs[0]))
    run.read[RegisterMap.Region.features.base + address / 4 * 4 + 4]? ^= 0x10000
    let found = check(mapping, run, golden)
    #expect(found.mismatches == 1 && found.first.map(\.kind) == [.readBack])
  }

  @Test func vectorsThatDisagreeWithBothAreCountedForBoth() throws {
    let (mapping, run, golden) = try faultless()
    var expected = golden
    let tensor = mapping.steps[0].outputTensor
    expected[tensor]?[3] ^= 1
    let found = check(mapping, run, golden, expected: expected)
    #expect(found.mismatches == 1 && found.goldenMismatches == 1)
  }

  @Test func aRunThatDidNotFinishFails() throws {
    var (mapping, run, golden) = try faultless()
    run.finished = false
    #expect(check(mapping, run, golden).problems == ["sample 0: the accelerator did not finish within 100 cycles"])
  }

  @Test func anErrorOfTheAcceleratorIsNamed() throws {
    var (mapping, run, golden) = try faultless()
    run.read[RegisterMap.Register.status.address] = UInt32(RegisterMap.statusError)
    run.read[RegisterMap.Register.error.address] = 3 | 77 << 8
    #expect(check(mapping, run, golden).problems == ["sample 0: the accelerator stopped: write beyond the feature memory at 77"])
  }

  /// A channel that was left out is compared by its constant, with the golden kernels and with vectors.
  @Test func aWrongConstantIsFound() throws {
    let graph = networkWithAConstant(), inputs: [[UInt8]] = [[7, 200]]
    var mapping = try Mapper.map(graph, for: .edge16)
    func report(_ mapping: Mapping, expected: [Int: [UInt8]] = [:]) throws -> VerificationReport {
      try verify(VerificationRequest(mapping, samples: [VerificationSample(inputs: inputs, expected: expected)], simulator: .interpreter))
    }
    let golden = try GoldenModel(graph).run(inputs: inputs), faultless = try report(mapping, expected: golden)
    #expect(faultless.passed && faultless.tensors == 2 && faultless.elements == 5 && faultless.vectorElements == 5)
    var sums = try #require(golden[2])
    sums[1] = 8
    #expect(try report(mapping, expected: [2: sums]).first.map(\.kind) == [.constant, .golden])
    mapping.channels[2] = StoredChannels(constants: [nil, 8, nil])
    let found = try report(mapping)
    #expect(found.mismatches == 1 && found.first.map(\.description) == [
      "sample 0, layer sums, tensor 2 'sums', element 1, left out as a constant: expected 9, got 8",
    ])
  }
}
