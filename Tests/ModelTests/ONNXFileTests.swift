import Model
import Testing

/// The container: what a file says, in every form in which it may say it.
@Suite struct ONNXFileTests {
  private func error(_ bytes: [UInt8]) -> ModelError? {
    do throws(ModelError) {
      _ = try ONNXFile(bytes)
      return nil
    } catch {
      return error
    }
  }

  private func file(_ constants: [Message]) throws -> ONNXFile { try ONNXFile(onnxModel(nodes: [], constants: constants)) }

  @Test func nodesWithTheirNamesAndAttributes() throws {
    let file = try ONNXFile(
      onnxModel(
        nodes: [
          onnxNode("Conv", ["x", "", "b"], ["y"], [onnxAttribute("pads", [1, 2, 3, -4]), onnxAttribute("group", 3)]),
          onnxNode("com.microsoft.QGemm", ["y"], ["z"]), onnxNode("ai.onnx.Relu", ["z"], ["r"]),
        ], inputs: [onnxValue("x", [-1, 3, 8, 8], type: 1)], outputs: [onnxValue("r", [1, 10], type: 2)]))
    #expect(file.nodes.map(\.name) == ["Conv", "com.microsoft.QGemm", "Relu"])
    #expect(file.nodes[0].input(0) == "x" && file.nodes[0].input(1) == nil && file.nodes[0].input(3) == nil)
    #expect(file.nodes[0].integers("pads") == [1, 2, 3, -4] && file.nodes[0].integer("group", default: 1) == 3)
    #expect(file.nodes[0].integer("other", default: 7) == 7 && file.nodes[0].real("alpha", default: 0.5) == 0.5)
    #expect(file.nodes[1].place == "node 1 com.microsoft.QGemm")
    #expect(file.inputs.map(\.shape) == [[1, 3, 8, 8]] && file.inputs[0].type == .float32)
    #expect(file.outputs.map(\.type) == [.uint8])
    #expect(file.operatorSets == ["": 17, "com.microsoft": 1])
  }

  @Test func constantsInEveryForm() throws {
    let file = try file([
      onnxBytes("raw", [2, 2], [1, -1, 127, -128]), onnxWords("words", [2], [70_000, -3]), onnxFloats("floats", [], [0.5]),
      Message().number(1, 2).number(2, 3).text(8, "narrow").number(5, -5).number(5, 6),
      Message().number(1, 1).number(2, 7).text(8, "wide").number(7, -9),
    ])
    #expect(file.constants["raw"]?.int8Values() == [1, -1, 127, -128])
    #expect(file.constants["words"]?.int32Values() == [70_000, -3])
    #expect(file.constants["floats"].map { $0.numbers($0.constant ?? []) } == [0.5])
    #expect(file.constants["narrow"]?.int8Values() == [-5, 6])
    #expect(file.constants["wide"]?.indexValues() == [-9])
  }

  @Test func aConstantAmongTheInputsIsNone() throws {
    let file = try ONNXFile(
      onnxModel(nodes: [], constants: [onnxBytes("w", [1], [1])], inputs: [onnxValue("x", [1]), onnxValue("w", [1])]))
    #expect(file.inputs.map(\.name) == ["x"])
  }

  @Test func whatMakesNoSenseIsRefused() {
    #expect(error([])?.message == "the file is empty (0 bytes), not an ONNX model")
    #expect(error([8, 8, 58, 200])?.message == "is no well-formed ONNX model (a protocol buffer message is damaged or cut off)")
    #expect(error([8, 8])?.message == "is no ONNX model, or one without a graph")
    func constant(_ message: Message) -> String? { error(onnxModel(nodes: [], constants: [message]))?.message }
    #expect(constant(onnxBytes("w", [3], [1])) == "holds 1 bytes, shape [3] of int8 needs 3 (constant 'w')")
    #expect(constant(onnxBytes("w", [1], [1], type: 99)) == "unknown element type 99 (constant 'w')")
    #expect(constant(onnxBytes("w", [-1], [1])) == "shape [-1] is not possible (constant 'w')")
    #expect(constant(onnxBytes("w", [1 << 40], [])) == "shape [1099511627776] is too large, the limit is 67108864 bytes (constant 'w')")
    let twice = onnxBytes("w", [1], [1])
    #expect(error(onnxModel(nodes: [], constants: [twice, twice]))?.message == "there are two constants named 'w'")
  }

  @Test func whatIsNotSupportedIsAProblem() throws {
    let external = onnxBytes("w", [1], []).number(14, 1)
    #expect(
      try file([external]).problems.map(\.message)
        == ["constant 'w' lies in another file, which is not supported; save the model with all data inside"])
    #expect(
      try ONNXFile(onnxModel(operatorSet: 9, nodes: [])).problems.map(\.message)
        == ["ONNX operator set 9 is not supported, only 10 to 21; convert the model with one of these"])
  }

  @Test func noBytesTrap() {
    let bytes = onnxModel(nodes: [onnxNode("Conv", ["x"], ["y"])], constants: [onnxBytes("w", [2], [1, 2])])
    for length in bytes.indices { _ = error(Array(bytes[..<length])) }
    for position in bytes.indices {
      for value: UInt8 in [0, 1, 127, 128, 255] {
        var damaged = bytes
        damaged[position] = value
        _ = error(damaged)
      }
    }
  }
}
