// The reference page of operators: docs/operators.md. What is supported, exact against which reference, and where it runs.

/// What is to be said of some operators.
package struct OperatorRow: Sendable {
  /// As TFLite names them.
  package var names: [String]
  var types: String
  /// What of it, in a phrase; empty for all.
  var limits: String
  /// The interpreter whose results are met bit for bit.
  var reference: String
  var place: String

  init(_ names: String, _ place: String, _ limits: String = "", types: String = "int8", reference: String = micro) {
    self.names = names.split(separator: " ").map(String.init)
    (self.types, self.limits, self.reference, self.place) = (types, limits, reference, place)
  }

  private static let micro = "TFLM"
  private static let lite = "LiteRT, reference kernels (TFLM has none)"
  private static let array = "array", post = "post unit", table = "table behind the post unit", scalar = "scalar unit", host = "host, at the ends"
  private static let move = "nothing where its neighbours can work on the bytes as they lie, else a copy by the array; any type on the host"
  private static let folded = "folded when the file is read"

  /// Every operator of which anything is supported.
  package static let all: [OperatorRow] = [
    .init("CONV_2D", array, "groups, dilation; weights int8 per tensor or channel, zero point 0"),
    .init("DEPTHWISE_CONV_2D", array, "any multiplier, dilation; the same weights"),
    .init("TRANSPOSE_CONV", "array, a convolution for every phase of the output", "the same weights"),
    .init("FULLY_CONNECTED", array, "constant weights, per tensor or channel, perhaps with a zero point; computed weights, per tensor"),
    .init("BATCH_MATMUL", "array, a product for every matrix; the second operand goes to the weight memory before", "rank 2 to 5, either operand transposed or repeating; not a constant first operand"),
    .init("AVERAGE_POOL_2D MAX_POOL_2D", array),
    .init("MEAN SUM", array, "any dimensions of rank up to 5"),
    .init("REDUCE_MAX REDUCE_MIN", array, "any dimensions"),
    .init("RESIZE_BILINEAR", "array, windows for every phase of the output; weights beyond int8 digit by digit", "up to 4,096 phases"),
    .init("ADD SUB", "post unit, behind the layer that makes an operand; scalar unit where no affine form is exact, and for int16", "two tensors or a constant, either repeating; of int16 two tensors of one shape"),
    .init("MUL", "post unit, behind the layer that makes an operand; with a constant, array; for int16 scalar unit", "the same"),
    .init("SQUARED_DIFFERENCE", scalar, "two tensors or a constant, either repeating"),
    .init("MAXIMUM MINIMUM", "as ADD, SUB and limits, or limits alone", "two tensors or a constant"),
    .init("PRELU", "as two products and a sum", "constant factors"),
    .init("SOFTMAX", scalar, "along the last dimension, rows of up to 4,095"),
    .init("RELU RELU6", post, "fused or alone"),
    .init("RELU_N1_TO_1", post, "fused or alone", reference: "TFLM fused, LiteRT alone"),
    .init("RELU_0_TO_1", post, reference: lite),
    .init("LEAKY_RELU ABS LOGISTIC TANH HARD_SWISH ELU", table + "; for int16 scalar unit"),
    .init("RSQRT", table, "inputs with zero point −128"),
    .init("EXP GELU", table, reference: lite),
    .init("SQRT LOG", table, "inputs with zero point −128", reference: lite),
    .init("QUANTIZE", "table; host at the ends", types: "int8 inside; float32, uint8, int16, int32 at the ends"),
    .init("DEQUANTIZE", host, types: "int8, uint8, int16 to float32"),
    .init("ARG_MAX ARG_MIN", host, types: "int8, uint8, int16, float32"),
    .init("L2_NORMALIZATION", host),
    .init(
      "SVDF", "as FULLY_CONNECTED to int16, copies and sums over time", "batch 1; int8 weights, int16 weights over time and state; the fused activation has no effect, as in TFLM",
      types: "int8, state int16"),
    .init(
      "UNIDIRECTIONAL_SEQUENCE_LSTM", "as FULLY_CONNECTED to int16 and the operators above on int16, step by step",
      "batch 1, up to 256 steps, clipped cell; no peepholes, projection or normalization, no coupled gates", types: "int8, cell state int16"),
    .init("RESHAPE EXPAND_DIMS SQUEEZE", move),
    .init("CONCATENATION", move, "equal scales"),
    .init("SPLIT SPLIT_V SLICE PACK UNPACK TRANSPOSE", move),
    .init("STRIDED_SLICE", move, "no ellipsis, no new dimensions"),
    .init("GATHER", move, "constant places"),
    .init("SPACE_TO_DEPTH DEPTH_TO_SPACE SPACE_TO_BATCH_ND BATCH_TO_SPACE_ND", move),
    .init("RESIZE_NEAREST_NEIGHBOR TILE BROADCAST_TO MIRROR_PAD", move),
    .init("PAD PADV2", "the window behind it where that can pad, else the feeder", "any value"),
    .init("SHAPE", folded, types: "int32, int64"),
    .init("VAR_HANDLE READ_VARIABLE", "state in feature memory", "constant first values"),
    .init("ASSIGN_VARIABLE", "a copy at the end of the program", "constant first values"),
    .init("CALL_ONCE", folded, "initializers of variables"),
  ]

  /// The types of activations, those of 16 bits among them.
  var allTypes: String {
    let functions = Set(Int16Activations.functions.keys), onHost = Int16Activations.onHost
    let known = Int16Activations.operators.union(Int16Activations.elementwise).union(Int16Activations.movements).union(functions.subtracting(onHost))
    let wide = names.filter(known.contains), ends = names.filter(onHost.contains)
    func some(_ part: [String]) -> String { part == names ? "int16" : "int16 (\(part.joined(separator: ", ")))" }
    return types + (wide.isEmpty ? "" : ", " + some(wide)) + (ends.isEmpty ? "" : ", " + some(ends) + " on the host, at the end")
  }

  /// Those that are known for uint8, but the ones that move bytes.
  package static let onUnsigned = [
    "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "AVERAGE_POOL_2D", "MAX_POOL_2D", "ADD", "SUB", "MUL", "MEAN", "SUM", "REDUCE_MAX",
    "REDUCE_MIN", "MAXIMUM", "MINIMUM", "PRELU", "SOFTMAX", "LOGISTIC", "TANH", "HARD_SWISH", "RELU", "RELU6", "RELU_N1_TO_1", "RELU_0_TO_1",
    "LEAKY_RELU", "QUANTIZE",
  ]
}

/// The page, in Markdown.
public func operatorReference() -> String {
  func list(_ names: [String]) -> String { names.joined(separator: ", ") }
  var text = """
    # Operators
    Exact means: every byte of every tensor equals the reference's, for all inputs. TFLM is TensorFlow Lite for Microcontrollers; where it and LiteRT's
    reference kernels differ (`ReferenceException.swift`), `--reference` chooses and `verify` says which was followed. Types are those of activations;
    biases are int32, or as below, shapes and axes int32 or int64 constants.

    | operator | types | what is supported | reference | where it runs |
    |---|---|---|---|---|

    """
  for row in OperatorRow.all {
    text += "| \(list(row.names)) | \(row.allTypes) | \(row.limits.isEmpty ? "all" : row.limits) | \(row.reference) | \(row.place) |\n"
  }
  text += """

    Fused activations: NONE, RELU, RELU6, RELU_N1_TO_1. Integer arithmetic on shapes is folded, of int32 and int64: \(list(IntegerOperator.allCases.map(\.rawValue)));
    and operators above on constants, but pools and sums of two constants.

    Activations of int16 have zero point 0, weights are int8 then with zero point 0, and biases int64, within 32 bits, or missing: sums are
    exact and rounded once. An int32 bias of CONV_2D or FULLY_CONNECTED makes sums of 32 bits that are rounded twice, as on int8. One operator
    has one type, but for state. Windows have no gaps between their rows. SOFTMAX takes β·scale below 5, LOGISTIC and TANH scales below 5.3, and they give steps of
    1/32768. ADD and MUL take two computed tensors of one shape, and multipliers below 1. The reference is TFLM, whatever `--reference` says.

    Of networks of uint8, weights with zero points among them, these are exact against LiteRT's reference kernels (TFLM has none), whatever `--reference`
    says: \(list(OperatorRow.onUnsigned)), and whatever moves bytes. They run as int8, 128
    less (`UnsignedOperation.swift`); inputs and outputs stay uint8.

    Left to the host at the end of a network, and named: custom operators (but not files compiled for other accelerators), TOPK_V2,
    NON_MAX_SUPPRESSION_V4 and V5, and whatever computes with float32, float16, int32, int64 or bool. Everything else is refused by name; among it
    int16 where it is not named above, CUMSUM, DIV (for quotients near zero both references
    shift by more bits than a word has, which gives what the processor makes of it), and of uint8 all operators that are not in the
    list above.

    ## ONNX
    Operator sets 10 to 21, quantized: operators on integers, or on real numbers between DequantizeLinear and QuantizeLinear. Activations int8 or uint8,
    weights int8 with zero point 0 per tensor or channel, biases int32 in input scale times weight scale. Convolutions and pools of one dimension or two.
    Read are

    - QuantizeLinear and DequantizeLinear, from one scale to another, too;
    - on integers QLinearConv, QLinearMatMul, QGemm, QLinearAdd, QLinearMul, QLinearConcat, QLinearAveragePool,
      QLinearGlobalAveragePool, QLinearSigmoid and QLinearLeakyRelu;
    - before a QuantizeLinear Conv, ConvTranspose, Gemm, MatMul, Add, Sub, Mul, Concat, AveragePool (padding counts), GlobalAveragePool and ReduceMean, perhaps with a Relu or Clip behind them;
    - functions of one number, as many as there are between DequantizeLinear and QuantizeLinear, as a table: \(onnxFunctionNames.joined(separator: ", ")), and
      Add, Sub, Mul, Div, Max and Min with a constant number or of two functions of one tensor; Relu and Clip of integers;
    - what moves or compares: MaxPool, Concat, Flatten, Reshape, Transpose, Squeeze, Unsqueeze, Slice, Split, Gather with constant indices, Pad (constant or
      reflect), DepthToSpace (DCR), SpaceToDepth, Resize (nearest, from operator set 11 on), Identity and Dropout.

    Softmax, LogSoftmax and QLinearSoftmax at the end are left to the host, and named. All others are refused by name, all at once, and constants in other
    files.

    The reference is ONNX Runtime's CPU provider: sums times a float32, halves to even. Between DequantizeLinear and QuantizeLinear it may instead compute
    in float32 throughout, when its graph optimizations are off; what its optimizer makes of these operators is followed here. `--rounding exact` refuses a
    network in which a sum could be rounded otherwise, `--rounding nearest` rounds the product of sum and factor once, and says at how many sums
    that may be one step off. Of sums and products of two tensors all pairs of bytes are tried: ONNX Runtime's kernels QLinearAdd and QLinearMul, which it
    also makes of Add and Mul between DequantizeLinear and QuantizeLinear, as they compute on x86-64 with fused multiply-add. AveragePool, ReduceMean and
    ConvTranspose add real numbers in float32; sums that are so near to a half that the order of additions decides are counted, and where there are any,
    --rounding exact refuses. ONNX Runtime's kernels for x86-64 without VNNI saturate sums of two products; weights of 7 bits (quantize_static's reduce_range) avoid that.

    """
  return text
}
