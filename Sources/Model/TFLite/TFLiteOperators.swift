// Operator codes and options of the TFLite schema.
//
// Each operator has a number and a table of options. Those that this module runs become
// its types; every other one becomes an `UnsupportedOperation` that carries its name,
// so that a model can still be shown and is refused with a reason. Numbers of options
// tables and of their fields are the schema's.

/// An entry of the model's table of operator codes.
package struct TFLiteOperatorCode: Sendable {
  /// The schema's number of the operator.
  package let builtin: Int
  /// The name of a custom operator.
  package let custom: String?

  /// The schema's name, as messages use it.
  package var name: String {
    if builtin == 32 { return "custom operator '\(cleanedText(custom ?? "", limit: 80))'" }
    return tfliteOperatorName(builtin) ?? "builtin operator number \(builtin)"
  }

  /// The operator with `options`, unsupported ones included.
  /// - Throws: `ModelError` when the options make no sense.
  package func operation(_ options: TFLiteOptions) throws(ModelError) -> any Operation {
    do throws(ModelError) {
      return try supportedOperation(options) ?? UnsupportedOperation(name: name)
    } catch where error.category == .unsupported {
      return UnsupportedOperation(name: name, reason: error.message)
    }
  }

  private func supportedOperation(_ options: TFLiteOptions) throws(ModelError) -> (any Operation)? {
    switch name {
    case "CONV_2D": try Convolution2D(options)
    case "DEPTHWISE_CONV_2D": try DepthwiseConvolution2D(options)
    case "TRANSPOSE_CONV": try TransposeConvolution(options)
    case "FULLY_CONNECTED": try FullyConnected(options)
    case "BATCH_MATMUL":
      BatchMatrixMultiplication(transposesFirst: try options.flag(101, 0, "adj_x"), transposesSecond: try options.flag(101, 1, "adj_y"))
    case "ADD": Addition(activation: try options.activation(try options.fields(11), 0))
    case "SUB": Addition(isSubtraction: true, activation: try options.activation(try options.fields(28), 0))
    case "MUL": Multiplication(activation: try options.activation(try options.fields(21), 0))
    case "MAXIMUM", "MINIMUM": Maximum(isMinimum: name == "MINIMUM")
    case "PRELU": ParametricRectifier()
    case "SQUARED_DIFFERENCE": SquaredDifference()
    case "AVERAGE_POOL_2D": try AveragePool2D(pool: options)
    case "MAX_POOL_2D": try MaxPool2D(pool: options)
    case _ where Reduction.Kind(rawValue: name) != nil: try Reduction(Reduction.Kind(rawValue: name) ?? .mean, options)
    case "SOFTMAX": try Softmax(options)
    case "CONCATENATION": try Concatenation(options)
    case "RESHAPE", "EXPAND_DIMS", "SQUEEZE": Reshape(name: name)
    case "PAD", "PADV2": Pad(name: name)
    case "MIRROR_PAD": MirrorPad(reflects: try options.number(77, 0, "mode", default: Int8(0)) == 0)
    case "SPLIT", "SPLIT_V": Split(name: name)
    case "SLICE": Slice()
    case "STRIDED_SLICE": try Slice(strided: options)
    case "PACK": Pack(axis: Int(try options.number(59, 1, "axis", default: Int32(0))))
    case "UNPACK": Unpack(axis: Int(try options.number(64, 1, "axis", default: Int32(0))))
    case "TRANSPOSE": Transpose()
    case "SPACE_TO_DEPTH": SpaceToDepth(blockSize: Int(try options.number(19, 0, "block_size", default: Int32(0))))
    case "DEPTH_TO_SPACE": DepthToSpace(blockSize: Int(try options.number(94, 0, "block_size", default: Int32(0))))
    case "SPACE_TO_BATCH_ND", "BATCH_TO_SPACE_ND": SpaceToBatch(name: name)
    case "RESIZE_NEAREST_NEIGHBOR":
      ResizeNearestNeighbor(
        alignsCorners: try options.flag(74, 0, "align_corners"), halfPixelCenters: try options.flag(74, 1, "half_pixel_centers"))
    case "RESIZE_BILINEAR":
      ResizeBilinear(
        alignsCorners: try options.flag(15, 2, "align_corners"), halfPixelCenters: try options.flag(15, 3, "half_pixel_centers"))
    case "GATHER": try Gather(options)
    case "TILE", "BROADCAST_TO": Tile(name: name)
    case "QUANTIZE": Quantize()
    case "DEQUANTIZE": Dequantize()
    case "SHAPE": Shape()
    case "ARG_MAX", "ARG_MIN": ArgMax(isMinimum: name == "ARG_MIN")
    case "L2_NORMALIZATION": L2Normalization()
    case "VAR_HANDLE": try VariableHandle(options)
    case "READ_VARIABLE": ReadVariable()
    case "ASSIGN_VARIABLE": AssignVariable()
    case "CALL_ONCE": CallOnce(subgraph: Int(try options.number(103, 0, "init_subgraph_index", default: Int32(0))))
    case "SVDF": try SingularValueFilter(options)
    case "UNIDIRECTIONAL_SEQUENCE_LSTM": try LongShortTermMemory(options)
    case "LEAKY_RELU": UnaryFunction(name, alpha: try options.fields(75)?.float(0, "alpha", default: 0) ?? 0)
    case "GELU": UnaryFunction(name, isApproximate: try options.flag(116, 0, "approximate"))
    case _ where UnaryFunction.all.contains { $0.name == name }: UnaryFunction(name)
    default: nil
    }
  }
}

/// The options table of one operator, and where it stands.
package struct TFLiteOptions {
  private let type: UInt8
  private let table: FlatBufferTable?
  private let place: String

  package init(type: UInt8, table: FlatBufferTable?, place: String) {
    self.type = type
    self.table = table
    self.place = place
  }

  /// The options as a table of the union's type number `expected`; `nil` when the operator has none.
  fileprivate func fields(_ expected: UInt8) throws(ModelError) -> FlatBufferTable? {
    guard type != 0 else { return nil }
    guard type == expected else {
      throw ModelError(.malformed, "options are of type number \(type), expected \(expected) (\(place))")
    }
    return table
  }

  /// Like `fields`, for operators that mean nothing without options.
  fileprivate func neededFields(_ expected: UInt8) throws(ModelError) -> FlatBufferTable {
    guard let table = try fields(expected) else {
      throw ModelError(.malformed, "the operator's options are missing (\(place))")
    }
    return table
  }

  /// A number of a table that may be absent.
  fileprivate func number<Number: FixedWidthInteger>(
    _ expected: UInt8, _ field: Int, _ name: StaticString, default fallback: Number
  ) throws(ModelError) -> Number {
    try fields(expected)?.number(field, name, default: fallback) ?? fallback
  }

  /// A flag of a table that may be absent.
  fileprivate func flag(_ expected: UInt8, _ field: Int, _ name: StaticString) throws(ModelError) -> Bool {
    try fields(expected)?.bool(field, name, default: false) ?? false
  }

  fileprivate func padding(_ table: FlatBufferTable, _ field: Int) throws(ModelError) -> Padding {
    let code: Int8 = try table.number(field, "padding", default: 0)
    switch code {
    case 0: return .same
    case 1: return .valid
    default: throw ModelError(.malformed, "unknown padding \(code) (\(place)); SAME is 0, VALID is 1")
    }
  }

  /// A window: padding and strides are fields 0 to 2 wherever there is one, dilations stand side by side.
  fileprivate func window(_ table: FlatBufferTable, dilationField: Int? = nil) throws(ModelError) -> Window2D {
    var window = Window2D(
      strideHeight: try integer(table, 2, "stride_h"), strideWidth: try integer(table, 1, "stride_w"),
      padding: try padding(table, 0))
    if let dilationField {
      window.dilationWidth = try integer(table, dilationField, "dilation_w_factor", default: 1)
      window.dilationHeight = try integer(table, dilationField + 1, "dilation_h_factor", default: 1)
    }
    return window
  }

  fileprivate func activation(_ table: FlatBufferTable?, _ field: Int) throws(ModelError) -> Activation {
    let code: Int8 = try table?.number(field, "fused_activation_function", default: 0) ?? 0
    switch code {
    case 0: return .none
    case 1: return .relu
    case 2: return .reluN1To1
    case 3: return .relu6
    case 4: throw ModelError(.unsupported, "fused activation TANH is not supported")
    case 5: throw ModelError(.unsupported, "fused activation SIGN_BIT is not supported")
    default: throw ModelError(.malformed, "unknown fused activation \(code) (\(place))")
    }
  }

  fileprivate func integer(
    _ table: FlatBufferTable, _ field: Int, _ name: StaticString, default fallback: Int32 = 0
  ) throws(ModelError) -> Int {
    Int(try table.number(field, name, default: fallback))
  }
}

extension Convolution2D {
  fileprivate init(_ options: TFLiteOptions) throws(ModelError) {
    let table = try options.neededFields(1)
    self.init(activation: try options.activation(table, 3))
    window = try options.window(table, dilationField: 4)
  }
}

extension DepthwiseConvolution2D {
  fileprivate init(_ options: TFLiteOptions) throws(ModelError) {
    let table = try options.neededFields(2)
    self.init(
      activation: try options.activation(table, 4), depthMultiplier: try options.integer(table, 3, "depth_multiplier"))
    window = try options.window(table, dilationField: 5)
  }
}

extension TransposeConvolution {
  fileprivate init(_ options: TFLiteOptions) throws(ModelError) {
    let table = try options.neededFields(49)
    self.init(activation: try options.activation(table, 3))
    window = try options.window(table)
  }
}

extension FullyConnected {
  fileprivate init(_ options: TFLiteOptions) throws(ModelError) {
    let table = try options.fields(8)
    let format: Int8 = try table?.number(1, "weights_format", default: 0) ?? 0
    guard format == 0 else {
      throw ModelError(.unsupported, "shuffled FULLY_CONNECTED weights (weights_format \(format)) are not supported")
    }
    self.init(
      activation: try options.activation(table, 0),
      keepDimensions: try table?.bool(2, "keep_num_dims", default: false) ?? false)
  }
}

extension Pooling {
  fileprivate init(pool options: TFLiteOptions) throws(ModelError) {
    let table = try options.neededFields(5)
    self.init(
      filterHeight: try options.integer(table, 4, "filter_height"),
      filterWidth: try options.integer(table, 3, "filter_width"), window: try options.window(table),
      activation: try options.activation(table, 5))
  }
}

extension Reduction {
  fileprivate init(_ kind: Kind, _ options: TFLiteOptions) throws(ModelError) {
    self.init(kind, keepDimensions: try options.flag(27, 0, "keep_dims"))
  }
}

extension Softmax {
  fileprivate init(_ options: TFLiteOptions) throws(ModelError) {
    self.init(beta: try options.neededFields(9).float(0, "beta", default: 0))
  }
}

extension Gather {
  fileprivate init(_ options: TFLiteOptions) throws(ModelError) {
    guard try options.number(23, 1, "batch_dims", default: Int32(0)) == 0 else {
      throw ModelError(.unsupported, "GATHER with batch dimensions is not supported")
    }
    self.init(axis: Int(try options.number(23, 0, "axis", default: Int32(0))))
  }
}

extension SingularValueFilter {
  fileprivate init(_ options: TFLiteOptions) throws(ModelError) {
    self.init(rank: try options.integer(try options.neededFields(6), 0, "rank"))
  }
}

extension LongShortTermMemory {
  fileprivate init(_ options: TFLiteOptions) throws(ModelError) {
    let table = try options.neededFields(71), code: Int8 = try table.number(0, "fused_activation_function", default: 0)
    guard code == 4 else { throw ModelError(.unsupported, "an LSTM with another activation than TANH (activation \(code)) is not supported") }
    guard try !table.bool(5, "diagonal_recurrent_tensors", default: false) else {
      throw ModelError(.unsupported, "an LSTM with diagonal recurrent weights is not supported")
    }
    self.init(cellClip: try table.float(1, "cell_clip", default: 0), isTimeMajor: try table.bool(3, "time_major", default: false))
  }
}

extension VariableHandle {
  fileprivate init(_ options: TFLiteOptions) throws(ModelError) {
    let table = try options.fields(111)
    func text(_ field: Int, _ name: StaticString) throws(ModelError) -> String {
      guard let bytes = try table?.vector(field, name, elementSize: 1)?.bytes.prefix(1_024) else { return "" }
      return cleanedText(String(decoding: bytes, as: UTF8.self))
    }
    self.init(container: try text(0, "container"), variable: try text(1, "shared_name"))
  }
}

extension Slice {
  fileprivate init(strided options: TFLiteOptions) throws(ModelError) {
    func mask(_ field: Int, _ name: StaticString) throws(ModelError) -> Int {
      Int(try options.number(32, field, name, default: Int32(0)))
    }
    guard try mask(2, "ellipsis_mask") == 0, try mask(3, "new_axis_mask") == 0, try !options.flag(32, 5, "offset") else {
      throw ModelError(.unsupported, "STRIDED_SLICE with an ellipsis, a new dimension or ends that are offsets is not supported")
    }
    self.init(
      name: "STRIDED_SLICE", beginMask: try mask(0, "begin_mask"), endMask: try mask(1, "end_mask"),
      shrinkMask: try mask(4, "shrink_axis_mask"))
  }
}

extension Concatenation {
  fileprivate init(_ options: TFLiteOptions) throws(ModelError) {
    let table = try options.neededFields(10)
    self.init(
      axis: try options.integer(table, 0, "axis"), activation: try options.activation(table, 1))
  }
}
