import Emit
import Machine
import Mapper
import Model
import Testing
import Verify

/// Each test breaks one thing in a faultless run and sees the check go red.
@Suite struct TensorCheckTests {
  /// Records of a faultless run of the embedded network, with the golden tensors.
  private func faultless() throws -> (mapping: Mapping, records: [UInt32], golden: [Int: [UInt8]]) {
    let mapping = try Digits.mapping()
    let golden = try GoldenModel(mapping.graph).run(inputs: try Digits.samples(1)[0].inputs)
    var records: [UInt32] = [3, 0]
    for step in mapping.steps {
      let data = golden[step.outputTensor] ?? [], before = step.sumTensor.flatMap { golden[$0] } ?? data
      for start in stride(from: 0, to: data.count, by: 4) {
        let part = start..<min(start + 4, data.count)
        records += [6, UInt32(step.index) | UInt32(part.count) << 16, UInt32(step.outputBase + start), UInt32(start)]
        records += MemoryImages.words(littleEndian: Array(data[part])) + MemoryImages.words(littleEndian: Array(before[part]))
      }
    }
    records += [2, 1, 100, 0]
    for tensor in mapping.graph.outputs {
      let address = try #require(mapping.address(of: tensor))
      let bytes = [UInt8](repeating: 0, count: address % 4) + (golden[tensor] ?? [])
      let words = MemoryImages.words(littleEndian: bytes)
      records += [1, UInt32(RegisterMap.Region.features.base + address / 4 * 4), UInt32(words.count)] + words
    }
    return (mapping, records + [0], golden)
  }

  private func check(_ mapping: Mapping, _ records: [UInt32], _ golden: [Int: [UInt8]], expected: [Int: [UInt8]] = [:]) throws -> SampleCheck {
    let results = try SimulationResults(words: records)
    return TensorCheck(mapping).check(try #require(results.samples.first), in: results, golden: golden, expected: expected)
  }

  /// The position of the first write record of a step.
  private func firstWrite(_ records: [UInt32], step: Int = 0) throws -> Int {
    try #require(records.indices.first { records[$0] == 6 && records.indices.contains($0 + 3) && records[$0 + 1] == UInt32(step) | 4 << 16 })
  }

  @Test func aFaultlessRunPasses() throws {
    let (mapping, records, golden) = try faultless()
    let found = try check(mapping, records, golden, expected: golden)
    #expect(found.mismatches == 0 && found.goldenMismatches == 0)
    #expect(found.tensors == mapping.graph.activations.count - mapping.graph.inputs.count - TensorCheck(mapping).folded.count)
  }

  @Test func oneWrongBitIsFoundWhereItIs() throws {
    var (mapping, records, golden) = try faultless()
    let at = try firstWrite(records)
    records[at + 4] ^= 0x0100
    let found = try check(mapping, records, golden)
    #expect(found.mismatches == 1)
    let mismatch = try #require(found.first.first)
    #expect(mismatch.kind == .written && mismatch.index == 1 && mismatch.cycle == 0)
    #expect(mismatch.layer == mapping.layers[0].name)
  }

  @Test func aSumBeforeAFusedAdditionIsCompared() throws {
    var (mapping, records, golden) = try faultless()
    let step = try #require(mapping.steps.first { $0.sumTensor != nil }, "the network has a fused addition")
    let at = try firstWrite(records, step: step.index)
    records[at + 5] ^= 1
    let found = try check(mapping, records, golden)
    #expect(found.mismatches == 1)
    #expect(found.first.first?.tensor == mapping.graph.label(step.sumTensor ?? -1))
  }

  @Test func aMissingWriteIsFound() throws {
    var (mapping, records, golden) = try faultless()
    let at = try firstWrite(records)
    records.removeSubrange(at..<(at + 6))
    let found = try check(mapping, records, golden)
    #expect(found.mismatches == 4)
    #expect(found.first.allSatisfy { $0.kind == .missing })
  }

  @Test func aWriteElsewhereIsFound() throws {
    var (mapping, records, golden) = try faultless()
    let at = try firstWrite(records)
    records[at + 2] = 0xFF_FF00
    let found = try check(mapping, records, golden)
    #expect(found.first.contains { $0.kind == .outside } && found.first.contains { $0.kind == .missing })
  }

  @Test func aWriteOfNoStepIsFound() throws {
    var (mapping, records, golden) = try faultless()
    let at = try firstWrite(records)
    records[at + 1] = 999 | 4 << 16
    #expect(try check(mapping, records, golden).problems == ["sample 0: a write of step 999, which the program does not have"])
  }

  @Test func aWrongOutputOnTheBusIsFound() throws {
    var (mapping, records, golden) = try faultless()
    records[records.count - 2] ^= 0x10000 << 0
    // The last word read holds the last bytes of the output; a byte of it is now wrong, or lies beyond the output.
    records[records.count - 3] ^= 1
    let found = try check(mapping, records, golden)
    #expect(found.first.contains { $0.kind == .readBack })
  }

  @Test func vectorsThatDisagreeWithBothAreCountedForBoth() throws {
    let (mapping, records, golden) = try faultless()
    var expected = golden
    let tensor = mapping.steps[0].outputTensor
    expected[tensor]?[3] ^= 1
    let found = try check(mapping, records, golden, expected: expected)
    #expect(found.mismatches == 1 && found.goldenMismatches == 1)
  }

  @Test func aRunThatDidNotFinishFails() throws {
    var (mapping, records, golden) = try faultless()
    let at = try #require(records.indices.last { records[$0] == 2 && records[$0 + 1] == 1 && records[$0 + 2] == 100 })
    records[at + 1] = 0
    #expect(try check(mapping, records, golden).problems == ["sample 0: the accelerator did not finish within 100 cycles"])
  }

  @Test func anErrorOfTheAcceleratorIsNamed() throws {
    var (mapping, records, golden) = try faultless()
    records.removeLast()
    records += [1, UInt32(RegisterMap.Register.status.address), 1, 4, 1, UInt32(RegisterMap.Register.error.address), 1, 3 | 77 << 8, 0]
    #expect(try check(mapping, records, golden).problems == ["sample 0: the accelerator stopped: write beyond the feature memory at 77"])
  }
}
