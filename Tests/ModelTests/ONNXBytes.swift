// ONNX files for tests, written field by field in the encoding of protocol buffers.

/// A message of protocol buffers.
struct Message {
  private(set) var bytes: [UInt8] = []

  /// A number, as a variable-length integer.
  func number(_ field: Int, _ value: Int) -> Message { adding(Self.varint(field << 3) + Self.varint(value)) }

  /// A float32.
  func float(_ field: Int, _ value: Float) -> Message {
    adding(Self.varint(field << 3 | 5) + (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) })
  }

  func data(_ field: Int, _ contents: [UInt8]) -> Message { adding(Self.varint(field << 3 | 2) + Self.varint(contents.count) + contents) }
  func text(_ field: Int, _ value: String) -> Message { data(field, Array(value.utf8)) }
  func message(_ field: Int, _ value: Message) -> Message { data(field, value.bytes) }
  func messages(_ field: Int, _ values: [Message]) -> Message { values.reduce(self) { $0.message(field, $1) } }

  private func adding(_ more: [UInt8]) -> Message {
    var result = self
    result.bytes += more
    return result
  }

  private static func varint(_ value: Int) -> [UInt8] {
    var (rest, result) = (UInt(bitPattern: value), [UInt8]())
    while rest >= 128 {
      result.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }
}

/// A model of one graph.
func onnxModel(
  operatorSet: Int = 17, nodes: [Message], constants: [Message] = [], inputs: [Message] = [], outputs: [Message] = []
) -> [UInt8] {
  let graph = Message().messages(1, nodes).text(2, "g").messages(5, constants).messages(11, inputs).messages(12, outputs)
  let sets = [("", operatorSet), ("com.microsoft", 1)].map { Message().text(1, $0.0).number(2, $0.1) }
  return Message().number(1, 8).message(7, graph).messages(8, sets).bytes
}

/// A node; `name` may have a domain in front, `com.microsoft.QGemm`.
func onnxNode(_ name: String, _ inputs: [String], _ outputs: [String], _ attributes: [Message] = []) -> Message {
  let parts = name.split(separator: ".")
  let message = inputs.reduce(Message()) { $0.text(1, $1) }
  return outputs.reduce(message) { $0.text(2, $1) }.text(4, String(parts.last ?? "")).messages(5, attributes)
    .text(7, parts.dropLast().joined(separator: "."))
}

/// An attribute of integers, or of one.
func onnxAttribute(_ name: String, _ values: [Int]) -> Message { values.reduce(Message().text(1, name).number(20, 7)) { $0.number(8, $1) } }
func onnxAttribute(_ name: String, _ value: Int) -> Message { Message().text(1, name).number(3, value).number(20, 2) }

/// A constant of int8 (type 3) or uint8 (2).
func onnxBytes(_ name: String, _ shape: [Int], _ values: [Int], type: Int = 3) -> Message {
  shape.reduce(Message()) { $0.number(1, $1) }.number(2, type).text(8, name).data(9, values.map { UInt8(truncatingIfNeeded: $0) })
}

/// A constant of int32.
func onnxWords(_ name: String, _ shape: [Int], _ values: [Int]) -> Message {
  values.reduce(shape.reduce(Message()) { $0.number(1, $1) }.number(2, 6).text(8, name)) { $0.number(5, $1) }
}

/// A constant of float32.
func onnxFloats(_ name: String, _ shape: [Int], _ values: [Float]) -> Message {
  values.reduce(shape.reduce(Message()) { $0.number(1, $1) }.number(2, 1).text(8, name)) { $0.float(4, $1) }
}

/// A graph's input or output.
func onnxValue(_ name: String, _ shape: [Int], type: Int = 3) -> Message {
  let sizes = shape.map { $0 < 0 ? Message().text(2, "N") : Message().number(1, $0) }
  return Message().text(1, name).message(2, Message().message(1, Message().number(1, type).message(2, Message().messages(1, sizes))))
}

/// A small network of operators on integers: uint8 features 1×2×4×4, int8 weights.
func smallONNX() -> [UInt8] {
  onnxModel(
    nodes: [
      onnxNode("QuantizeLinear", ["x", "xs", "xz"], ["xq"]),
      onnxNode("QLinearConv", ["xq", "xs", "xz", "w", "ws", "wz", "cs", "cz", "b"], ["c"], [onnxAttribute("pads", [1, 1, 1, 1])]),
      onnxNode("MaxPool", ["c"], ["p"], [onnxAttribute("kernel_shape", [2, 2]), onnxAttribute("strides", [2, 2])]),
      onnxNode("Flatten", ["p"], ["f"]),
      onnxNode("com.microsoft.QGemm", ["f", "cs", "cz", "v", "vs", "vz", "", "ys", "cz"], ["yq"]),
      onnxNode("DequantizeLinear", ["yq", "ys", "cz"], ["y"]),
    ],
    constants: [
      onnxFloats("xs", [], [0.5]), onnxBytes("xz", [], [128], type: 2), onnxFloats("ws", [3], [0.1, 0.2, 0.3]),
      onnxBytes("wz", [3], [0, 0, 0]), onnxBytes("vz", [], [0]), onnxFloats("cs", [], [0.7]), onnxBytes("cz", [], [3], type: 2), onnxWords("b", [3], [100, -200, 5]),
      onnxBytes("w", [3, 2, 3, 3], (0..<54).map { $0 * 7 % 41 - 20 }), onnxFloats("vs", [], [0.01]),
      onnxBytes("v", [12, 2], (0..<24).map { $0 * 11 % 61 - 30 }), onnxFloats("ys", [], [0.25]),
    ], inputs: [onnxValue("x", [1, 2, 4, 4], type: 1)], outputs: [onnxValue("y", [1, 2], type: 1)])
}
