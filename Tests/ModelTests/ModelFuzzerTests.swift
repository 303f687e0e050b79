import Foundation
import Model
import Testing

@Suite struct ModelFuzzerTests {
  static let files: [(name: String, bytes: [UInt8])] =
    ["reference/conv_2d_0", "reference/mean_1", "reference/softmax_0"].map { directory in
      (directory, [UInt8](FileManager.default.contents(atPath: Corpus.fixture(directory + "/model.tflite")) ?? Data()))
    } + [("tiny", tinyModel())]

  /// A QLinearConv, MaxPool, Flatten and QGemm; one network of every kind of operators.
  static let onnx: [(name: String, bytes: [UInt8])] =
    [("small", smallONNX())]
    + ["columns", "functions", "joined", "maxima", "means", "movements", "products", "resizes", "sums", "transposed"].map { kind in
      (kind, [UInt8](FileManager.default.contents(atPath: Corpus.fixture("onnx/\(kind)_u8/model.onnx")) ?? Data()))
    }

  @Test func damagedONNXModelsAreRefusedOrRun() {
    #expect(Self.onnx.allSatisfy { !$0.bytes.isEmpty }, "a fixture is missing")
    let report = ModelFuzzer(seed: 3, files: Self.onnx).run(seconds: 60, limit: 3_000)
    #expect(report.cases == 3_000 && report.violations.isEmpty)
    #expect(report.accepted > 50 && report.ran > 50)
    for category in [ModelError.Category.malformed, .invalidGraph, .invalidShape, .invalidQuantization, .unsupported] {
      #expect(report.refused[category, default: 0] > 0, "\(category)")
    }
  }

  @Test func aShortRunFindsNothing() {
    let report = ModelFuzzer(seed: 1, files: Self.files).run(seconds: 60, limit: 1_500)
    #expect(report.cases == 1_500)
    #expect(report.violations.isEmpty)
    // All kinds of outcomes are reached, or the fuzzer tests nothing.
    #expect(report.accepted > 50 && report.ran > 50)
    #expect(report.accepted + report.refused.values.reduce(0, +) == report.cases)
    for category in [ModelError.Category.malformed, .invalidGraph, .invalidShape, .invalidQuantization, .unsupported] {
      #expect(report.refused[category, default: 0] > 0, "\(category)")
    }
  }

  /// Layers of int16.
  @Test func damagedModelsOfInt16AreRefusedOrRun() {
    let files = ["conv_2d_0", "depthwise_conv_2d_1", "fully_connected_2", "max_pool_2d_0"].map { name in
      (name: name, bytes: [UInt8](FileManager.default.contents(atPath: Corpus.fixture("reference/int16_\(name)/model.tflite")) ?? Data()))
    }
    let report = ModelFuzzer(seed: 2, files: files).run(seconds: 60, limit: 1_000)
    #expect(report.cases == 1_000 && report.violations.isEmpty)
    #expect(report.accepted > 50 && report.ran > 50)
  }

  /// Operators with state, and what they are made of.
  @Test func damagedModelsWithStateAreRefusedOrRun() {
    let files = ["svdf_0", "svdf_3", "unidirectional_sequence_lstm_0", "unidirectional_sequence_lstm_2", "int16_add_0", "int16_mul_1"].map { name in
      (name: name, bytes: [UInt8](FileManager.default.contents(atPath: Corpus.fixture("reference/\(name)/model.tflite")) ?? Data()))
    }
    let report = ModelFuzzer(seed: 4, files: files).run(seconds: 60, limit: 1_500)
    #expect(report.cases == 1_500 && report.violations.isEmpty)
    #expect(report.accepted > 50 && report.ran > 50)
  }

  @Test func casesDependOnlyOnSeedAndNumber() {
    let fuzzer = ModelFuzzer(seed: 7, files: Self.files)
    let whole = fuzzer.run(seconds: 60, limit: 40)
    var pieces = ModelFuzzer.Report()
    for iteration in 0..<40 {
      let one = fuzzer.tryCase(iteration)
      pieces.cases += one.cases
      pieces.accepted += one.accepted
      pieces.ran += one.ran
      pieces.refused.merge(one.refused, uniquingKeysWith: +)
    }
    #expect(pieces == whole)
    #expect(fuzzer.bytes(ofCase: 3).bytes == fuzzer.bytes(ofCase: 3).bytes)
    #expect(ModelFuzzer(seed: 8, files: Self.files).bytes(ofCase: 3).bytes != fuzzer.bytes(ofCase: 3).bytes)
  }

  @Test func theJournalNamesTheLastCase() {
    var last = ""
    let record = { (text: String) in
      last = text
      return true
    }
    _ = ModelFuzzer(seed: 5, files: Self.files).run(seconds: 60, limit: 11, first: 99, journal: record)
    #expect(last == "seed 5 case 109\n")
  }

  @Test func aJournalThatCannotBeWrittenEndsTheRun() {
    #expect(ModelFuzzer(seed: 5, files: Self.files).run(seconds: 60, limit: 11, journal: { !$0.hasSuffix("case 3\n") }).cases == 3)
  }

  @Test func timeAndEmptySeedsEndIt() {
    #expect(ModelFuzzer(seed: 1, files: Self.files).run(seconds: 0).cases == 0)
    #expect(ModelFuzzer(seed: 1, files: [("empty", [])]).run(seconds: 9).cases == 0)
  }

  @Test func summaries() {
    var report = ModelFuzzer.Report()
    report.cases = 3
    report.accepted = 1
    report.refused = [.malformed: 2]
    #expect(
      report.summary
        == "3 cases: 1 accepted (0 run), refused: 2 malformed; slowest 0.000 s (case 0); 0 violations")
  }
}
