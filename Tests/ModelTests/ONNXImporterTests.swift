import Model
import Testing

/// From nodes to a graph: layouts, signs, and what is refused, all at once.
@Suite struct ONNXImporterTests {
  private func problem(_ nodes: [Message], output: String = "y", input: Message = onnxValue("x", [1, 2, 4, 4])) throws -> String? {
    let bytes = onnxModel(
      nodes: nodes,
      constants: [
        onnxFloats("s", [], [0.5]), onnxFloats("t", [], [0.25]), onnxBytes("z", [], [0]), onnxBytes("w", [2, 2, 1, 1], [1, 2, 3, 4]),
        onnxBytes("open", [2, 2], [1, 2, 3, 4]), onnxWords("long", [3], [1, 2, 3]),
      ], inputs: [input], outputs: [onnxValue(output, [1])])
    return try readModel(bytes, name: "x.onnx").problems.first?.message
  }

  private func convolution(_ inputs: [String] = ["x", "s", "z", "w", "s", "z", "s", "z"], _ attributes: [Message] = []) -> Message {
    onnxNode("QLinearConv", inputs, ["y"], attributes)
  }

  @Test func channelsGoLastAndEndsStay() throws {
    let graph = try loadModel(smallONNX(), name: "small.onnx")
    #expect(
      graph.nodes.map(\.operation.name)
        == ["QUANTIZE", "TRANSPOSE", "CONV_2D", "MAX_POOL_2D", "TRANSPOSE", "RESHAPE", "FULLY_CONNECTED", "DEQUANTIZE"])
    #expect(graph.inputs.map { graph.tensors[$0].shape } == [[1, 2, 4, 4]])
    let convolution = graph.nodes[2]
    #expect(graph.tensors[convolution.outputs[0]].shape == [1, 4, 4, 3])
    #expect(graph.tensors[convolution.inputs[1]].shape == [3, 3, 3, 2])
    // Row 0, column 1 of channel 1 of output 0: index 10 of O×C×kh×kw.
    #expect(graph.tensors[convolution.inputs[1]].int8Values()[3] == Int8(10 * 7 % 41 - 20))
    #expect(graph.tensors[convolution.outputs[0]].fileForm == FileForm(isChannelsFirst: true, isUnsigned: true))
    // 3 of uint8.
    #expect(graph.tensors[convolution.outputs[0]].zeroPoint == -125)
    #expect(graph.rounding == .exact)
    #expect(try loadModel(smallONNX(), name: "small.onnx", rounding: .nearest).rounding == .nearest)
  }

  @Test func whatFitsHasNoProblem() throws {
    #expect(try problem([convolution()]) == nil)
  }

  @Test func allThatIsNotSupportedIsSaidAtOnce() throws {
    let message = try problem([onnxNode("Foo", ["x"], ["a"]), onnxNode("Bar", ["x"], ["b"]), onnxNode("Foo", ["x"], ["c"]), onnxNode("Baz", ["a"], ["y"])])
    #expect(message == "3 of 4 nodes cannot be read: Foo ×2: is not supported; Bar ×1: is not supported")
  }

  @Test func mistakesAreNamed() throws {
    #expect(
      try problem([convolution(["x", "s", "z", "w", "s", "z", "s", "z", "long"])])
        == "the bias has 3 elements for 2 channels (node 0 QLinearConv)")
    #expect(try problem([convolution(["q", "s", "z", "w", "s", "z", "s", "z"])])
      == "reads 'q', which is no constant, no graph input and no earlier result (node 0 QLinearConv)")
    #expect(try problem([convolution(["x", "s", "z", "open", "s", "z", "s", "z"])])
      == "weights of int8 with shape [2, 2] are not supported here (node 0 QLinearConv)")
    #expect(try problem([convolution(["x", "z", "z", "w", "s", "z", "s", "z"])]) == "scales are absent or no float32 (node 0 QLinearConv)")
    #expect(
      try problem([convolution(), onnxNode("DequantizeLinear", ["y", "t", "z"], ["r"])], output: "r")
        == "a tensor is read with another scale or zero point than it was written with (node 1 DequantizeLinear)")
    #expect(try problem([convolution()], output: "other") == "a graph output is never computed (graph output 'other')")
    #expect(
      try problem([convolution()], input: onnxValue("x", [1, 2, -1, 4]))
        == "a size is left open in shape 1x2x?x4 (graph input 'x'); fix it")
    let pads = onnxAttribute("pads", [1, 1, 1, 1 << 40])
    #expect(
      try problem([convolution(["x", "s", "z", "w", "s", "z", "s", "z"], [pads])])
        == "pads are [1, 1, 1, 1099511627776], expected 4 numbers from 0 to 65536 (node 0 QLinearConv)")
  }

  @Test func resultsThatNobodyQuantizesAreRefused() throws {
    let nodes = [
      onnxNode("DequantizeLinear", ["x", "s", "z"], ["r"]), onnxNode("DequantizeLinear", ["w", "s", "z"], ["v"]), onnxNode("Conv", ["r", "v"], ["y"]),
    ]
    #expect(
      try problem(nodes)
        == "the result of node 2 Conv is not quantized (graph output 'y'); put a QuantizeLinear and a DequantizeLinear behind it")
  }

  @Test func functionsSayWhatTheyCannot() throws {
    let real = onnxNode("DequantizeLinear", ["x", "s", "z"], ["r"])
    #expect(
      try problem([real, onnxNode("Sqrt", ["r"], ["f"]), onnxNode("QuantizeLinear", ["f", "s", "z"], ["y"])])
        == "Sqrt has no result for some of the bytes in front of it (node 2 QuantizeLinear)")
    #expect(
      try problem([real, onnxNode("Tanh", ["r"], ["y"])])
        == "the result of Tanh is not quantized (graph output 'y'); put a QuantizeLinear and a DequantizeLinear behind it")
    #expect(
      try problem([real, onnxNode("Div", ["r", "r"], ["f"]), onnxNode("QuantizeLinear", ["f", "s", "z"], ["y"])])
        == "is supported with a constant number only (node 1 Div)")
    #expect(
      try problem([real, onnxNode("Mul", ["r", "r"], ["f"]), onnxNode("Relu", ["f"], ["g"]), onnxNode("QuantizeLinear", ["g", "s", "z"], ["y"])])
        == "a product that is limited before it is quantized, or of unlike types, is not supported (node 1 Mul); quantize the product")
  }

  @Test func functionsBetweenScalesAreOneTable() throws {
    let nodes = [
      onnxNode("DequantizeLinear", ["x", "s", "z"], ["r"]), onnxNode("HardSigmoid", ["r"], ["h"]), onnxNode("Mul", ["h", "r"], ["p"]),
      onnxNode("QuantizeLinear", ["p", "t", "z"], ["q"]), onnxNode("DequantizeLinear", ["q", "t", "z"], ["a"]), onnxNode("QuantizeLinear", ["a", "s", "z"], ["y"]),
    ]
    let bytes = onnxModel(
      nodes: nodes, constants: [onnxFloats("s", [], [0.5]), onnxFloats("t", [], [0.25]), onnxBytes("z", [], [0])], inputs: [onnxValue("x", [4])],
      outputs: [onnxValue("y", [4])])
    let graph = try loadModel(bytes, name: "x.onnx")
    #expect(graph.nodes.map(\.operation.name) == ["HardSigmoid · Mul", "QUANTIZE"])
    // 1 is (0.2·1 + 0.5)·1 = 0.7, three quarters as steps of 0.25, and 1.5 steps of 0.5.
    let outputs = try GoldenModel(graph).run(inputs: [[2, 4, 254, 0]])
    #expect(outputs[graph.outputs[0]] == [2, 4, 0, 0])
  }

  @Test func movementsSayWhatTheyCannot() throws {
    let real = onnxNode("DequantizeLinear", ["x", "s", "z"], ["r"])
    #expect(try problem([real, onnxNode("Split", ["r"], ["y", "a", "b"], [onnxAttribute("axis", 2), onnxAttribute("split", [1, 1, 1])])])
      == "sizes [1, 1, 1] do not make up the 4 elements of dimension 2 (node 1 Split)")
    #expect(try problem([real, onnxNode("Pad", ["r"], ["y"], [onnxAttribute("pads", [0, 0, -1, 0, 0, 0, 0, 0])])])
      == "pads are [0, 0, -1, 0, 0, 0, 0, 0], expected 8 numbers from 0 to 65536 (node 1 Pad)")
    #expect(try problem([real, onnxNode("Neg", ["r"], ["n"]), onnxNode("MaxPool", ["n"], ["y"], [onnxAttribute("kernel_shape", [2, 2])])])
      == "the maximum of a function that decreases is not supported (node 2 MaxPool); quantize in front of it")
    #expect(try problem([real, onnxNode("Concat", ["r", "x"], ["y"], [onnxAttribute("axis", 1)])]) == "joins integers and real numbers (node 1 Concat)")
    #expect(try problem([real, onnxNode("Concat", ["r", "r"], ["y"], [onnxAttribute("axis", 4)])])
      == "axis 4 is out of range for 4 dimensions (node 1 Concat)")
    #expect(try problem([real, onnxNode("Slice", ["r", "long", "long"], ["y"])])
      == "leaves no element of shape [1, 2, 4, 4] (node 1 Slice)")
    #expect(try problem([real, onnxNode("Resize", ["r"], ["y"])]) == "has neither sizes nor scales that are constants of 4 numbers (node 1 Resize)")
  }

  @Test func aSoftmaxAtTheEndIsLeftToTheHost() throws {
    let constants = [onnxFloats("s", [], [0.5]), onnxFloats("t", [], [0.25]), onnxBytes("z", [], [0])]
    let nodes = [
      onnxNode("DequantizeLinear", ["x", "s", "z"], ["r"]), onnxNode("Tanh", ["r"], ["h"]), onnxNode("QuantizeLinear", ["h", "t", "z"], ["q"]),
      onnxNode("DequantizeLinear", ["q", "t", "z"], ["a"]), onnxNode("Softmax", ["a"], ["b"]), onnxNode("QuantizeLinear", ["b", "s", "z"], ["c"]),
      onnxNode("DequantizeLinear", ["c", "s", "z"], ["y"]),
    ]
    let graph = try loadModel(
      onnxModel(nodes: nodes, constants: constants, inputs: [onnxValue("x", [1, 4])], outputs: [onnxValue("y", [1, 4], type: 1)]), name: "x.onnx")
    #expect(graph.partition.remaining.map(\.operation.name) == ["Softmax", "QuantizeLinear", "DequantizeLinear"])
    #expect(graph.partition.accelerator.nodes.map(\.operation.name) == ["Tanh"])
    let behind = nodes + [onnxNode("Tanh", ["y"], ["f"]), onnxNode("QuantizeLinear", ["f", "s", "z"], ["g"])]
    let problem = try readModel(
      onnxModel(nodes: behind, constants: constants, inputs: [onnxValue("x", [1, 4])], outputs: [onnxValue("g", [1, 4])]), name: "x.onnx").problems.first
    #expect(
      problem?.message
        == "its input is no quantized tensor (node 7 Tanh); put a QuantizeLinear and a DequantizeLinear in front of it")
  }

  @Test func transposedConvolutionsSayWhatTheyCannot() throws {
    let before = [onnxNode("DequantizeLinear", ["x", "s", "z"], ["r"]), onnxNode("DequantizeLinear", ["w", "s", "z"], ["v"])]
    func refused(_ attributes: [Message]) throws -> String? {
      try problem(before + [onnxNode("ConvTranspose", ["r", "v"], ["c"], attributes), onnxNode("QuantizeLinear", ["c", "s", "z"], ["y"])])
    }
    #expect(try refused([]) == nil)
    #expect(try refused([onnxAttribute("group", 2)]) == "groups, dilations, output_shape and auto_pad are not supported (node 2 ConvTranspose)")
    #expect(
      try refused([onnxAttribute("output_padding", [1, 0]), onnxAttribute("strides", [2, 2])])
        == "output_padding [1, 0] beyond the pads [0, 0, 0, 0] is not supported (node 2 ConvTranspose)")
    #expect(try refused([onnxAttribute("strides", [2])]) == "strides or pads are out of range (node 2 ConvTranspose)")
  }

  /// Many nodes that read one large constant, each of which would make its own of it.
  @Test func aFileDoesNotUnfold() throws {
    let nodes = (0..<400).map { onnxNode("QLinearMatMul", ["x", "s", "z", "w", "s", "z", "s", "z"], ["y\($0)"]) }
    let bytes = onnxModel(
      nodes: nodes,
      constants: [onnxFloats("s", [], [0.5]), onnxBytes("z", [], [0]), onnxBytes("w", [1 << 10, 1 << 8], [Int](repeating: 1, count: 1 << 18))],
      inputs: [onnxValue("x", [1, 1 << 10])], outputs: [onnxValue("y0", [1, 1 << 8])])
    #expect(try readModel(bytes, name: "x.onnx").problems.first?.category == .resourceLimit)
  }
}
