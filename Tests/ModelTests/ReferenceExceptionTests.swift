import Foundation
import Model
import Testing

@Suite struct ReferenceExceptionTests {
  /// What two interpreters made of the same bytes: RELU6 with another zero point only, and with another scale before
  /// a convolution.
  @Test(arguments: ["relu6_zero_point_only", "keras_relu6_first"], ReferenceInterpreter.allCases)
  func eachInterpreterIsFollowedExactly(name: String, reference: ReferenceInterpreter) throws {
    func bytes(_ suffix: String) throws -> [UInt8] {
      [UInt8](try #require(FileManager.default.contents(atPath: Corpus.fixture("relu6_rescale/\(name).\(suffix)"))))
    }
    let graph = try loadTFLite(contentsOf: Corpus.fixture("relu6_rescale/\(name).tflite"), reference: reference)
    let results = try GoldenModel(graph).run(inputs: [try bytes("in.bin")])
    #expect(try results[graph.outputs[0]] == bytes("\(reference.rawValue)_out.bin"))
    #expect(graph.exceptions == [MetException(exception: .relu6, operators: [0])])
  }

  /// All 256 bytes through functions that one interpreter computes in fixed point and the other in float32: two bytes differ in each.
  @Test(arguments: [("logistic", ReferenceException.logistic), ("tanh", .tanh)], ReferenceInterpreter.allCases)
  func sigmoidsFollowEach(_ function: (name: String, exception: ReferenceException), reference: ReferenceInterpreter) throws {
    let graph = try loadTFLite(contentsOf: Corpus.fixture("sigmoids/\(function.name).tflite"), reference: reference)
    let expected = try #require(FileManager.default.contents(atPath: Corpus.fixture("sigmoids/\(function.name).\(reference.rawValue)_out.bin")))
    let results = try GoldenModel(graph).run(inputs: [(0...255).map { UInt8($0) }])
    #expect(results[graph.outputs[0]] == [UInt8](expected))
    #expect(graph.exceptions == [MetException(exception: function.exception, operators: [0])])
  }

  @Test func equalQuantizationIsNoException() throws {
    let same = graph(UnaryFunction("RELU6"), [activation([4], scale: 0.05, zeroPoint: -100)], output: activation([4], scale: 0.05, zeroPoint: -100))
    #expect(same.exceptions.isEmpty)
    let other = graph(UnaryFunction("RELU6"), [activation([4], scale: 0.05, zeroPoint: -100)], output: activation([4], scale: 0.04, zeroPoint: -100))
    #expect(other.exceptions.map(\.exception) == [.relu6])
  }

  /// A quotient that is 1.5 in float32 and less in double makes ties of odd inputs in one interpreter only.
  @Test func quotientsInFloatAreExceptionsOfEachOperatorThatFormsThem() throws {
    var output: Float = 0.01, input: Float = 0
    repeat {
      output = output.nextUp
      input = Float(Double(output) * 1.5)
    } while input / output != 1.5 || Double(input) / Double(output) >= 1.5
    let expected: [(String, ReferenceException?)] = [
      ("RELU", .relu), ("LEAKY_RELU", .leakyRelu), ("ABS", .abs), ("RELU_N1_TO_1", nil),
    ]
    for (name, exception) in expected {
      let layer = graph(UnaryFunction(name, alpha: 0.5), [activation([1], scale: input)], output: activation([1], scale: output))
      #expect(layer.exceptions.map(\.exception) == (exception.map { [$0] } ?? []), "\(name)")
    }
  }

  /// Multipliers that differ in float32 make no difference to 256 bytes unless one of them is a tie.
  @Test func aRectifierIsAnExceptionOnlyWhereAByteDiffers() throws {
    for seed in 1...40 {
      let scales = (Float(seed) * 0.0173, Float(seed % 7 + 1) * 0.0119)
      var layer = graph(UnaryFunction("RELU"), [activation([256], scale: scales.0)], output: activation([256], scale: scales.1))
      let micro = UnaryFunction("RELU").table(layer.nodes[0], in: layer)
      #expect(layer.exceptions.isEmpty == (micro == { layer.reference = .litert; return UnaryFunction("RELU").table(layer.nodes[0], in: layer) }()))
    }
  }

  /// Where the corpus' interpreters agree, so do these.
  @Test(.enabled(if: Corpus.isPresent), arguments: ["mbv3_se_block", "multi_io", "hard_swish", "sigmoid_tanh", "pools_odd"])
  func elsewhereNothingChanges(_ name: String) throws {
    let vectors = try VectorSet.load(Corpus.path("ops/\(name)"))
    guard let graph = try? loadTFLite(contentsOf: vectors.modelPath, reference: .litert) else { return }
    let inputs = vectors.inputs(ofSample: 0, for: graph)
    let results = try GoldenModel(graph).run(inputs: inputs)
    for (tensor, expected) in vectors.outputs(ofSample: 0) { #expect(results[tensor] == expected) }
  }

  @Test func everyExceptionSaysWhatEachInterpreterDoes() {
    for exception in ReferenceException.allCases {
      #expect(!exception.condition.isEmpty && exception.behaviour(.tflm) != exception.behaviour(.litert))
    }
  }

  /// Networks that only one interpreter runs follow that one, whatever was asked for.
  @Test func whoIsFollowed() {
    var any = graph(UnaryFunction("RELU"), [activation([1])], output: activation([1]))
    #expect(any.followed.name == "tflm")
    any.reference = .litert
    #expect(any.followed == FollowedInterpreter(name: "litert", title: "LiteRT"))
    any.reference = .tflm
    any.recentered = [0]
    #expect(any.followed.name == "litert")
    any.rounding = .nearest
    #expect(any.followed.name == "onnxruntime")
  }
}
