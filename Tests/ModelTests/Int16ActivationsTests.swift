// Layers whose activations are int16.

import Testing

@testable import Model

@Suite struct Int16ActivationsTests {
  /// A layer of two channels: weights of 1/4, outputs of 1/2.
  private func layer(
    _ operation: any Operation = Convolution2D(), bias: Tensor? = int64Integers([2], [1 << 20, -3]), scale: Float = 0.5, factor: Float = 0.25,
    _ change: (inout Graph) -> Void = { _ in }
  ) -> Graph {
    let filter = weights(operation is FullyConnected ? [2, 3] : [2, 1, 1, 3], [1, 2, 3, -128, 127, 1], scale: factor)
    let shapes = operation is FullyConnected ? ([1, 3], [1, 2]) : ([1, 1, 1, 3], [1, 1, 1, 2])
    var result = graph(operation, [int16Activation(shapes.0, name: "x"), filter, bias], output: int16Activation(shapes.1, scale: scale, name: "y"))
    change(&result)
    return result
  }

  @Test func sumsAreRoundedOnce() throws {
    // Sums of -32767·1 + 2·2 + 0·3 + 2^20 and 32767·128 + 2·127 − 3, times 1/2.
    #expect(try runInt16(layer(), [-32_767, 2, 0]) == [32_767, 32_767])
    #expect(try runInt16(layer(bias: int64Integers([2], [5, -3])), [-32_767, 2, 1]) == [-16_377, 32_767])
    #expect(try runInt16(layer(FullyConnected(), bias: int64Integers([2], [5, -3])), [-1, 2, 1]) == [6, 190])
    // A quarter of −2 is rounded up, with an int32 bias away from zero.
    #expect(try runInt16(layer(bias: nil, scale: 1), [-2, 0, 0]) == [0, 64])
    #expect(try runInt16(layer(bias: integers([2], [0, 2]), scale: 1), [-2, 0, 0]) == [-1, 65])
  }

  @Test func depthwiseLayersAndPoolsCompute() throws {
    let filter = weights([1, 1, 2, 2], [1, 2, 3, -128])
    let depthwise = graph(
      DepthwiseConvolution2D(padding: .same), [int16Activation([1, 1, 2, 2]), filter, int64Integers([2], [1_000, -1])],
      output: int16Activation([1, 1, 2, 2], scale: 2))
    // (100·1 + 7·3 + 1000)/2 = 560.5; behind the image are zeros.
    #expect(try runInt16(depthwise, [100, 300, 7, -300]) == [561, 19_500, 504, -300])
    let pool = graph(MaxPool2D(filterHeight: 1, filterWidth: 2), [int16Activation([1, 1, 3, 1])], output: int16Activation([1, 1, 2, 1]))
    #expect(try runInt16(pool, [-32_768, -300, 299]) == [-300, 299])
    let groups = graph(
      Convolution2D(), [int16Activation([1, 1, 1, 2]), weights([2, 1, 1, 1], [3, -5]), nil], output: int16Activation([1, 1, 1, 2]))
    #expect(try runInt16(groups, [1_000, 2_000]) == [3_000, -10_000] && groups.multiplyAccumulates == 2)
  }

  @Test func activationsAreFused() throws {
    #expect(try runInt16(layer(Convolution2D(activation: .relu6)), [-32_767, 2, 0]) == [12, 12])
    #expect(try runInt16(layer(FullyConnected(activation: .relu), bias: nil), [-5, 0, 0]) == [0, 320])
  }

  @Test func factorsSayTheRule() {
    func factors(_ bias: Tensor?) -> [SumFactor] {
      let graph = layer(bias: bias)
      return Convolution2D().arithmetic(graph.nodes[0], in: graph).factors
    }
    let half = QuantizedMultiplier(0.5)
    #expect(factors(int64Integers([2], [5, -5])) == [.reduced(half), .reduced(half)] && factors(nil) == [.reduced(half), .reduced(half)])
    #expect(factors(integers([2], [5, -5])) == [.fixedPoint(half), .fixedPoint(half)])
    let graph = layer()
    #expect(Convolution2D().arithmetic(graph.nodes[0], in: graph).bias == [1 << 20, -3] && graph.isInt16(graph.nodes[0]))
  }

  @Test func typesAndZeroPointsAreChecked() {
    func message(_ graph: Graph) -> String { validationError(graph).message }
    #expect(
      message(layer { $0.tensors[3].type = .int8 })
        == "int16 and int8 activations in one operator are not supported (operator 0 CONV_2D, tensor 3 'y'); quantize all activations to one type")
    #expect(message(layer { $0.tensors[0].type = .int8 }).hasPrefix("int8 and int16 activations in one operator"))
    #expect(
      message(layer { $0.tensors[0].quantization.zeroPoints = [3] })
        == "int16 activations must have zero point 0, have 3 (operator 0 CONV_2D, tensor 0 'x'); convert the model with symmetric activations")
    #expect(message(layer { $0.tensors[3].quantization = .none }).hasPrefix("int16 activations have no scale"))
    #expect(message(layer { $0.tensors[1].type = .int16 }).hasPrefix("int16 weights are not supported, only int8"))
    #expect(message(layer(FullyConnected()) { $0.tensors[1].quantization.zeroPoints = [1] }).hasPrefix("int8 FULLY_CONNECTED weights must be symmetric"))
    let computed = graph(FullyConnected(), [int16Activation([1, 3]), int16Activation([2, 3])], output: int16Activation([1, 2]))
    #expect(message(computed).hasPrefix("int16 weights that are computed are not supported"))
  }

  @Test func biasesAreChecked() throws {
    func message(_ graph: Graph) -> String { validationError(graph).message }
    #expect(
      message(layer(bias: int64Integers([2], [0, 1 << 31], name: "b")))
        == "bias 2147483648 of channel 1 does not fit in 32 bits (operator 0 CONV_2D, tensor 2 'b')")
    try layer(bias: int64Integers([2], [0, -1 << 31])).validate()
    #expect(message(layer(bias: weights([2], [1, 2]))).hasPrefix("bias must be int64, is int8"))
    let int8 = graph(
      Convolution2D(), [activation([1, 1, 1, 1]), weights([1, 1, 1, 1], [1]), int64Integers([1], [1])], output: activation([1, 1, 1, 1]))
    #expect(message(int8).hasPrefix("bias must be int32, is int64"))
    let depthwise = graph(
      DepthwiseConvolution2D(), [int16Activation([1, 1, 1, 1]), weights([1, 1, 1, 1], [1]), integers([1], [1])], output: int16Activation([1, 1, 1, 1]))
    #expect(
      message(depthwise) == "TensorFlow Lite Micro reads the int32 bias of a DEPTHWISE_CONV_2D on int16 as int64 (operator 0 DEPTHWISE_CONV_2D, tensor 2 'b'); "
        + "convert the model with int64 biases")
  }

  /// 513 weights of −128 reach beyond 32 bits, which an int32 bias means.
  @Test func sumsHaveTheirBits() throws {
    func dense(_ depth: Int, _ bias: Tensor) -> Graph {
      graph(
        FullyConnected(), [int16Activation([1, depth]), weights([1, depth], [Int8](repeating: -128, count: depth)), bias],
        output: int16Activation([1, 1], scale: 65_536))
    }
    try dense(511, integers([1], [0])).validate()
    try dense(600, int64Integers([1], [0])).validate()
    #expect(
      validationError(dense(513, integers([1], [0]))).message == "sums of channel 0 reach ±2151677952, beyond the 32 bits that they have with an int32 bias "
        + "(operator 0 FULLY_CONNECTED, tensor 3 't'); convert the model with int64 biases")
    #expect(try runInt16(dense(600, int64Integers([1], [1 << 16])), [Int](repeating: -32_768, count: 600)) == [32_767])

    let check = NodeCheck(layer().nodes[0], in: layer()), small = SumFactor.reduced(QuantizedMultiplier(0x1p-20))
    try check.requireInt16Sum(1 << 47 - 1, small, channel: 0)
    func message(_ reach: Int, _ factor: Double) -> String {
      do throws(ModelError) { try check.requireInt16Sum(reach, .reduced(QuantizedMultiplier(factor)), channel: 7) } catch { return error.message }
      return ""
    }
    #expect(message(1 << 47, 0x1p-20) == "sums of channel 7 reach ±140737488355328, beyond 48 bits (operator 0 CONV_2D, tensor 3 'y')")
    #expect(message(1 << 31 - 1, 1).isEmpty && message(1 << 24 - 1, 127).isEmpty)
    #expect(message(1 << 31, 1).contains("the product is beyond 32 bits") && message(1 << 32, 0.5).contains("the product is beyond 32 bits"))
    #expect(message(1, 128).hasPrefix("input·weight/output scale of channel 7 is 128.0, must be less than 128 on int16"))
    #expect(message(1, 127.999).isEmpty)
  }

  @Test func otherOperatorsRefuseInt16() {
    for operation: any Operation in [UnaryFunction("RELU"), Softmax(), AveragePool2D(filterHeight: 1, filterWidth: 1), Transpose()] {
      let error = validationError(graph(operation, [int16Activation([1, 1, 1, 4])], output: int16Activation([1, 1, 1, 4])))
      #expect(error.category == .unsupported || error.category == .invalidGraph, "\(operation.name)")
    }
    #expect(
      validationError(graph(UnaryFunction("RELU"), [int16Activation([4])], output: int16Activation([4]))).message
        == "int16 activations are not supported, only int8 (operator 0 RELU, tensor 0 't'); quantize activations to int8")
    // As before where another interpreter is followed.
    let changes: [(inout Graph) -> Void] = [{ $0.rounding = .exact }, { $0.nodes[0].operation = Convolution2D().onUnsigned ?? Convolution2D() }]
    for change in changes {
      #expect(validationError(layer(Convolution2D(), change)).message.hasPrefix("int16 activations are not supported, only int8"))
    }
  }

  /// LiteRT rounds a FULLY_CONNECTED on int16 otherwise.
  @Test func theReferenceIsTensorFlowLiteMicro() {
    var graph = layer()
    graph.reference = .litert
    #expect(graph.followed.name == "tflm")
  }
}
