import Emit
import Foundation
import Machine
import Mapper
import Model
import Testing
import Verify

/// Whole verifications of the embedded network. Simulations are built once per test process and cached.
@Suite(.serialized) struct VerificationTests {
  @Test func theInterpreterAgreesWithTheVectors() throws {
    let report = try verify(VerificationRequest(try Digits.mapping(), samples: try Digits.samples(5), simulator: .interpreter))
    #expect(report.passed && report.samples == 5 && report.tensors == 35 && report.elements > 9_000)
  }

  /// The hardware without any tool: the same bytes in the same cycles, with an idle bus and with a slow one.
  @Test func theHardwareAgreesInProcess() throws {
    let mapping = try Digits.mapping()
    let report = try verify(VerificationRequest(mapping, samples: try Digits.samples(5), simulator: .inProcess))
    #expect(report.passed, "\(report.problems) \(report.first.map(\.description))")
    #expect(report.cycles == [Int](repeating: mapping.predictedCycles, count: 5))
    #expect(report.network.layers.allSatisfy { $0.cycles == $0.predictedCycles })
    let slow = HostBehaviour(waiting: .polling, waitStates: 128, seed: 5)
    let again = try verify(VerificationRequest(mapping, samples: try Digits.samples(2), simulator: .inProcess, host: slow))
    #expect(again.passed, "\(again.problems) \(again.first.map(\.description))")
  }

  @Test func aWrongWeightIsFoundAndShownInProcess() throws {
    let mapping = try Digits.mapping()
    var images = MemoryImages(mapping)
    let index = try #require(images.images.firstIndex { $0.region == .weights })
    images.images[index].words[0] ^= 0x40
    let scratch = try TemporaryDirectory()
    let waveform = scratch.file("wrong.vcd").path
    let report = try verify(
      VerificationRequest(mapping, images: images, samples: try Digits.samples(1), simulator: .inProcess, waveform: waveform))
    #expect(!report.passed)
    #expect(report.first.first?.layer == mapping.layers[0].name)
    let text = try String(contentsOfFile: waveform, encoding: .utf8)
    #expect(text.contains("$enddefinitions") && text.contains("trace_write"))
  }

  @Test(.enabled(if: hasVerilator)) func theHardwareAgreesWithTheVectors() throws {
    let mapping = try Digits.mapping()
    let request = VerificationRequest(mapping, samples: try Digits.samples(5))
    let report = try verify(request)
    #expect(report.passed, "\(report.problems) \(report.first.map(\.description))")
    #expect(report.cycles.count == 5 && report.network.layers.allSatisfy { ($0.cycles ?? 0) > 0 })
    #expect(report.network.mispredicted.isEmpty, "\(report.network.mispredicted)")
    let again = try verify(request)
    #expect(again.cycles == report.cycles, "the same run takes the same time")
  }

  @Test(.enabled(if: hasVerilator)) func waitStatesAndPollingChangeNoResult() throws {
    let mapping = try Digits.mapping()
    let report = try verify(
      VerificationRequest(
        mapping, samples: try Digits.samples(2),
        host: HostBehaviour(waiting: .polling, waitStates: 128, seed: 5)))
    #expect(report.passed, "\(report.problems) \(report.first.map(\.description))")
  }

  @Test(.enabled(if: hasVerilator)) func aWrongWeightIsFoundAndShown() throws {
    let mapping = try Digits.mapping()
    var images = MemoryImages(mapping)
    let index = try #require(images.images.firstIndex { $0.region == .weights })
    images.images[index].words[0] ^= 0x40
    let scratch = try TemporaryDirectory()
    let waveform = scratch.file("wrong.vcd").path
    let report = try verify(
      VerificationRequest(mapping, images: images, samples: try Digits.samples(1), waveform: waveform))
    #expect(!report.passed)
    #expect(report.first.first?.layer == mapping.layers[0].name)
    #expect(report.waveform == waveform)
    let text = try String(contentsOfFile: waveform, encoding: .utf8)
    #expect(text.contains("$enddefinitions") && text.contains("trace_write"))
  }

  @Test(.enabled(if: hasVerilator)) func wrongHardwareIsFound() throws {
    let mapping = try Digits.mapping()
    var verilog = try makeVerilog(for: mapping.hardware)
    // The requantizer's rounding goes the other way.
    let at = try #require(verilog.firstIndex { $0.name.contains("requantize") })
    let changed = verilog[at].text.replacing(">>> ", with: ">>> 1'b1 + ")
    try #require(changed != verilog[at].text, "the requantizer shifts")
    verilog[at].text = changed
    let report = try verify(VerificationRequest(mapping, verilog: verilog, samples: try Digits.samples(1)))
    #expect(!report.passed && report.mismatches > 100)
  }

  @Test(.enabled(if: hasVerilator)) func aProgramForOtherHardwareIsRefused() throws {
    let mapping = try Digits.mapping()
    var other = mapping.hardware
    other.programWords *= 2
    let report = try verify(VerificationRequest(mapping, verilog: try makeVerilog(for: other), samples: try Digits.samples(1)))
    #expect(!report.passed)
    #expect(report.problems.contains { $0.hasPrefix("register FINGERPRINT reads") })
  }

  /// Byte tables behind a convolution and alone, and an addition of scales without an affine form: every element, and
  /// every layer's prediction.
  @Test func tablesAndScalarAdditionsAgree() throws {
    let mapping = try Mapper.map(gatedNetwork(), for: try Configuration.load(nameOrPath: "edge16"))
    #expect(mapping.layers.map(\.operatorName) == ["FULLY_CONNECTED + LOGISTIC", "TANH", "ADD"])
    let inputs = (0..<3).map { sample in [(0..<64).map { UInt8(truncatingIfNeeded: $0 * 37 + sample * 101) }] }
    let report = try verify(
      VerificationRequest(mapping, samples: inputs.map { VerificationSample(inputs: $0) }, simulator: .inProcess))
    #expect(report.passed, "\(report.problems) \(report.first.map(\.description))")
    #expect(report.network.layers.allSatisfy { $0.cycles == $0.predictedCycles })
    #expect(report.cycles == [Int](repeating: mapping.predictedCycles, count: 3))
  }

  /// Hardware, golden kernels and an interpreter's own outputs, for each interpreter; the other one's are refused.
  @Test(arguments: ["relu6_zero_point_only", "keras_relu6_first"], ReferenceInterpreter.allCases)
  func hardwareFollowsTheReference(name: String, reference: ReferenceInterpreter) throws {
    let base = Digits.repository + "/Tests/ModelTests/Fixtures/relu6_rescale/" + name
    func bytes(_ suffix: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(base).\(suffix)"))) }
    let graph = try loadTFLite(contentsOf: base + ".tflite", reference: reference)
    let mapping = try Mapper.map(graph, for: try Configuration.load(nameOrPath: "edge16"))
    func report(_ interpreter: ReferenceInterpreter) throws -> VerificationReport {
      let sample = VerificationSample(inputs: [try bytes("in.bin")], expected: [graph.outputs[0]: try bytes("\(interpreter.rawValue)_out.bin")])
      return try verify(VerificationRequest(mapping, samples: [sample], simulator: .inProcess))
    }
    let right = try report(reference)
    #expect(right.passed, "\(right.problems) \(right.first.map(\.description))")
    #expect(right.exceptions == [MetException(exception: .relu6, operators: [0])] && right.reference == reference)
    #expect(right.json.contains("\"exceptions\": [") && right.json.contains("\"name\": \"relu6\""))
    #expect(try !report(reference == .tflm ? .litert : .tflm).passed)
  }

  /// A report of nothing is no success.
  @Test func nothingComparedIsNothingPassed() throws {
    let report = try verify(VerificationRequest(try Digits.mapping(), samples: [], simulator: .interpreter))
    #expect(!report.passed && report.problems == ["nothing was compared: 0 samples, 0 elements"])
  }

  /// The vectors' words are counted, and a tensor that the network does not have is not passed over.
  @Test func everyWordOfTheVectorsIsCompared() throws {
    let mapping = try Digits.mapping()
    var sample = try Digits.samples(1)[0]
    func report() throws -> VerificationReport {
      try verify(VerificationRequest(mapping, samples: [sample], simulator: .interpreter))
    }
    let all = try report()
    #expect(all.passed && all.vectorElements == all.elements)
    sample.expected[1] = [0]
    #expect(try !report().passed)
    sample.expected = [mapping.graph.outputs[0]: sample.expected[mapping.graph.outputs[0]] ?? []]
    #expect(try report().passed && report().vectorElements == 10)
    sample.expected[mapping.graph.outputs[0]]?.removeLast()
    #expect(try !report().passed)
  }

  /// All pairs of operands, with scales that make ties of every odd sum, and with others.
  @Test(.enabled(if: hasVerilator)) func scalarAdditionsAreExactForAllOperands() throws {
    var configuration = try Configuration.load(nameOrPath: "edge16")
    configuration.units.residual = false
    let mapping = try Mapper.map(additionsOfAllPairs(outputScales: [1 / 32, 1 / 48, 0.0371]), for: configuration)
    #expect(mapping.steps.count == 3 && mapping.program.contains { $0.instruction == .add(step: 2) })
    let inputs = [(0..<65_536).map { UInt8($0 & 255) }, (0..<65_536).map { UInt8($0 >> 8) }]
    let report = try verify(
      VerificationRequest(mapping, samples: [VerificationSample(inputs: inputs)]))
    #expect(report.passed && report.elements == 3 << 16, "\(report.problems) \(report.first.map(\.description))")
    #expect(report.network.layers.allSatisfy { $0.cycles == $0.predictedCycles })
  }

  @Test(.enabled(if: hasIcarus)) func icarusAgrees() throws {
    let mapping = try Digits.mapping()
    let report = try verify(
      VerificationRequest(mapping, samples: try Digits.samples(1), simulator: .icarus))
    #expect(report.passed, "\(report.problems) \(report.first.map(\.description))")
  }

  /// The second operand is read while the feeder reads, of a tile that drains in one cycle some cycles behind it.
  @Test func sumsOfPartsTakeWhatWasPredicted() throws {
    func tensor(_ name: String, _ shape: [Int]) -> Tensor {
      Tensor(name: name, shape: shape, type: .int8, quantization: Quantization(scale: 0.05, zeroPoint: 3))
    }
    let axis = Tensor(name: "axis", shape: [1], type: .int32, constant: [3, 0, 0, 0])
    let graph = Graph(
      name: "parts", tensors: [axis, tensor("x", [1, 6, 6, 8]), tensor("a", [1, 6, 6, 4]), tensor("b", [1, 6, 6, 4]), tensor("y", [1, 6, 6, 4])],
      nodes: [
        Node(index: 0, operation: Split(), inputs: [0, 1], outputs: [2, 3]),
        Node(index: 1, operation: Addition(), inputs: [2, 3], outputs: [4]),
      ], inputs: [1], outputs: [4])
    try graph.validate()
    let mapping = try Mapper.map(graph, for: .edge64)
    let inputs = [(0..<288).map { UInt8(truncatingIfNeeded: $0 * 7) }]
    let report = try verify(VerificationRequest(mapping, samples: [VerificationSample(inputs: inputs)], simulator: .inProcess))
    #expect(report.passed && report.isPredicted, "\(report.cycles), predicted \(mapping.predictedCycles)")
  }
}
