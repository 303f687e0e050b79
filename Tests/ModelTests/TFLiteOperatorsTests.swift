import Model
import Testing

@Suite struct TFLiteOperatorsTests {
  func operation(_ code: Int8, _ options: (UInt8, [Int: FlatValue])? = nil) throws -> any Operation {
    var fields: [Int: FlatValue] = [:]
    if let options {
      fields[3] = .uint8(options.0)
      fields[4] = .table(options.1)
    }
    let bytes = tinyModel(operation: fields, code: [0: .int8(code), 3: .int32(Int32(code))])
    return try readTFLite(bytes: bytes, name: "test").nodes[0].operation
  }

  @Test func optionsAreRead() throws {
    let window: [Int: FlatValue] = [0: .int8(1), 1: .int32(2), 2: .int32(3), 3: .int8(3), 4: .int32(4), 5: .int32(5)]
    let convolution = try #require(try operation(3, (1, window)) as? Convolution2D)
    #expect((convolution.strideWidth, convolution.strideHeight) == (2, 3))
    #expect((convolution.dilationWidth, convolution.dilationHeight) == (4, 5))
    #expect(convolution.padding == .valid && convolution.activation == .relu6)

    let depthwise = try #require(
      try operation(4, (2, [1: .int32(2), 2: .int32(3), 3: .int32(7), 4: .int8(1), 5: .int32(4), 6: .int32(5)]))
        as? DepthwiseConvolution2D)
    #expect((depthwise.strideWidth, depthwise.strideHeight, depthwise.depthMultiplier) == (2, 3, 7))
    #expect((depthwise.dilationWidth, depthwise.dilationHeight) == (4, 5))
    #expect(depthwise.padding == .same && depthwise.activation == .relu)

    let pool: [Int: FlatValue] = [1: .int32(2), 2: .int32(3), 3: .int32(4), 4: .int32(5), 5: .int8(2)]
    let average = try #require(try operation(1, (5, pool)) as? AveragePool2D)
    #expect((average.strideWidth, average.strideHeight, average.filterWidth, average.filterHeight) == (2, 3, 4, 5))
    #expect(average.activation == .reluN1To1)
    let maximum = try #require(try operation(17, (5, pool)) as? MaxPool2D)
    #expect((maximum.strideWidth, maximum.strideHeight, maximum.filterWidth, maximum.filterHeight) == (2, 3, 4, 5))

    #expect((try operation(9, (8, [0: .int8(1), 2: .uint8(1)])) as? FullyConnected)?.keepDimensions == true)
    #expect((try operation(40, (27, [0: .uint8(1)])) as? Reduction)?.keepDimensions == true)
    for (code, kind) in [(40, Reduction.Kind.mean), (74, .sum), (82, .maximum), (89, .minimum)] {
      let reduction = try #require(try operation(Int8(code), (27, [0: .uint8(1)])) as? Reduction)
      #expect(reduction.kind == kind && reduction.keepDimensions)
    }
    #expect((try operation(57) as? Maximum)?.isMinimum == true)
    #expect((try operation(55) as? Maximum)?.isMinimum == false)
    let bilinear = try #require(try operation(23, (15, [2: .uint8(1), 3: .uint8(0)])) as? ResizeBilinear)
    #expect(bilinear.alignsCorners && !bilinear.halfPixelCenters)
    #expect((try operation(25, (9, [0: .float(0.5)])) as? Softmax)?.beta == 0.5)
    #expect((try operation(2, (10, [0: .int32(-1)])) as? Concatenation)?.axis == -1)
    #expect((try operation(0) as? Addition)?.activation == Activation.none)
    #expect((try operation(18, (21, [0: .int8(3)])) as? Multiplication)?.activation == .relu6)
    #expect((try operation(27, (6, [0: .int32(3), 1: .int8(1)])) as? SingularValueFilter)?.rank == 3)
    let lstm: [Int: FlatValue] = [0: .int8(4), 1: .float(2.5), 3: .uint8(1)]
    let memory = try #require(try operation(44, (71, lstm)) as? LongShortTermMemory)
    #expect(memory.cellClip == 2.5 && memory.isTimeMajor && !memory.isResolved)
    for (changes, reason) in [([0: .int8(1)], "an LSTM with another activation than TANH"), ([5: .uint8(1)], "an LSTM with diagonal recurrent weights")]
      as [([Int: FlatValue], String)]
    {
      let other = try operation(44, (71, lstm.merging(changes) { $1 })) as? UnsupportedOperation
      #expect(other?.reason.hasPrefix(reason) == true)
    }
    #expect(try operation(99, (76, [:])) is SquaredDifference)
    #expect(try operation(22) is Reshape)
    #expect(try operation(70).name == "EXPAND_DIMS")
    #expect(try operation(43).name == "SQUEEZE")
    #expect(try operation(34) is Pad)
    #expect(try operation(21) is UnaryFunction)

    #expect((try operation(41, (28, [0: .int8(1)])) as? Addition)?.isSubtraction == true)
    #expect((try operation(41, (28, [0: .int8(1)])) as? Addition)?.activation == .relu)
    #expect((try operation(98, (75, [0: .float(0.25)])) as? UnaryFunction)?.alpha == 0.25)
    #expect((try operation(83, (59, [0: .int32(2), 1: .int32(-1)])) as? Pack)?.axis == -1)
    #expect((try operation(88, (64, [0: .int32(2), 1: .int32(1)])) as? Unpack)?.axis == 1)
    #expect((try operation(36, (23, [0: .int32(-2)])) as? Gather)?.axis == -2)
    #expect((try operation(36, (23, [1: .int32(1)])) as? UnsupportedOperation)?.reason.hasPrefix("GATHER with batch dim") == true)
    #expect((try operation(26, (19, [0: .int32(3)])) as? SpaceToDepth)?.blockSize == 3)
    #expect((try operation(5, (94, [0: .int32(2)])) as? DepthToSpace)?.blockSize == 2)
    #expect((try operation(100, (77, [0: .int8(1)])) as? MirrorPad)?.reflects == false)
    let transposed = try #require(try operation(67, (49, [0: .int8(1), 1: .int32(2), 2: .int32(3), 3: .int8(1)])) as? TransposeConvolution)
    #expect((transposed.strideWidth, transposed.strideHeight) == (2, 3) && transposed.padding == .valid && transposed.activation == .relu)
    let resize = try #require(try operation(97, (74, [0: .uint8(1), 1: .uint8(0)])) as? ResizeNearestNeighbor)
    #expect(resize.alignsCorners && !resize.halfPixelCenters)
    let masks: [Int: FlatValue] = [0: .int32(1), 1: .int32(2), 4: .int32(4)]
    let slice = try #require(try operation(45, (32, masks)) as? Slice)
    #expect((slice.beginMask, slice.endMask, slice.shrinkMask) == (1, 2, 4) && slice.name == "STRIDED_SLICE")
    for masks: [Int: FlatValue] in [[2: .int32(1)], [3: .int32(1)], [5: .uint8(1)]] {
      #expect((try operation(45, (32, masks)) as? UnsupportedOperation)?.reason.hasPrefix("STRIDED_SLICE with an ellipsis, a new") == true)
    }
    for (code, name) in [
      (34, "PAD"), (60, "PADV2"), (49, "SPLIT"), (102, "SPLIT_V"), (65, "SLICE"), (39, "TRANSPOSE"), (69, "TILE"), (38, "SPACE_TO_BATCH_ND"),
      (37, "BATCH_TO_SPACE_ND"), (55, "MAXIMUM"), (101, "ABS"), (56, "ARG_MAX"), (79, "ARG_MIN"), (77, "SHAPE"), (6, "DEQUANTIZE"), (11, "L2_NORMALIZATION"), (114, "QUANTIZE"), (20, "RELU_N1_TO_1"), (14, "LOGISTIC"),
      (111, "ELU"), (47, "EXP"), (75, "SQRT"), (76, "RSQRT"), (73, "LOG"), (54, "PRELU"), (57, "MINIMUM"),
    ] {
      let operation = try operation(Int8(code))
      #expect(operation.name == name && !(operation is UnsupportedOperation))
    }
  }

  @Test func absentDilationIsOne() throws {
    let convolution = try #require(try operation(3, (1, [1: .int32(1), 2: .int32(1)])) as? Convolution2D)
    #expect((convolution.dilationWidth, convolution.dilationHeight) == (1, 1))
  }

  @Test func nonsenseIsMalformed() {
    func error(_ code: Int8, _ options: (UInt8, [Int: FlatValue])?) -> ModelError? {
      do {
        _ = try operation(code, options)
        return nil
      } catch {
        return error as? ModelError
      }
    }
    #expect(error(3, (1, [0: .int8(7)]))?.message == "unknown padding 7 (operator 0 CONV_2D); SAME is 0, VALID is 1")
    #expect(error(3, (1, [3: .int8(99)]))?.message == "unknown fused activation 99 (operator 0 CONV_2D)")
    #expect(error(3, (2, [:]))?.message == "options are of type number 2, expected 1 (operator 0 CONV_2D)")
    #expect(error(3, nil)?.message == "the operator's options are missing (operator 0 CONV_2D)")
    #expect(error(3, (2, [:]))?.category == .malformed)
  }

  @Test func whatIsNotSupportedKeepsItsName() throws {
    #expect(try operation(13).name == "LOCAL_RESPONSE_NORMALIZATION")
    let tanh = tinyModel(operation: [3: .uint8(11), 4: .table([0: .int8(4)])], code: [0: .int8(0), 3: .int32(0)])
    #expect(loadError(tanh).message == "fused activation TANH is not supported (operator 0 ADD)")
    #expect(loadError(tanh).category == .unsupported)
    let shuffled = tinyModel(operation: [3: .uint8(8), 4: .table([1: .int8(1)])], code: [0: .int8(9), 3: .int32(9)])
    #expect(loadError(shuffled).message.hasPrefix("shuffled FULLY_CONNECTED weights"))
    let normalization = tinyModel(code: [0: .int8(13), 3: .int32(13)])
    #expect(loadError(normalization).message == "LOCAL_RESPONSE_NORMALIZATION is not supported (operator 0 LOCAL_RESPONSE_NORMALIZATION)")
  }

  @Test func codesAboveTheNarrowField() throws {
    // Operators from 127 on are in the wide field only; the narrow one holds 127 as a placeholder.
    let gelu = tinyModel(operation: [3: .uint8(116), 4: .table([0: .uint8(1)])], code: [0: .int8(127), 3: .int32(150)])
    #expect((try readTFLite(bytes: gelu, name: "").nodes[0].operation as? UnaryFunction)?.isApproximate == true)
    // Old files have the narrow field only.
    let old = tinyModel(code: [0: .int8(21), 3: .int32(0)])
    #expect(try readTFLite(bytes: old, name: "").nodes[0].operation.name == "RELU6")
    let unknown = tinyModel(code: [3: .int32(9_999)])
    #expect(loadError(unknown).message.hasPrefix("builtin operator number 9999 is not supported"))
    let negative = tinyModel(code: [0: .int8(-5), 3: .int32(-5)])
    #expect(loadError(negative).category == .unsupported)
    let custom = tinyModel(code: [0: .int8(32), 1: .string("My\nOp"), 3: .int32(32)])
    #expect(loadError(custom).message.hasPrefix("custom operator 'My_Op' is not supported"))
  }
}
