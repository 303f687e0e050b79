// From the nodes of an ONNX file to a graph of int8 operators.
//
// A file says in one of two ways what is computed in integers: by operators of their own (QLinearConv), which read scales and zero
// points beside their tensors, or by operators on real numbers between DequantizeLinear and QuantizeLinear. Both become the same
// calls here: an operator on features that stand for real numbers, whose result waits until somebody says how it is quantized.
//
// A feature of four dimensions is N, C, H, W in the file and N, H, W, C for the hardware. It is made in the order of the operator
// that makes it; the other order is a TRANSPOSE, made when an operator asks for it. The ends of the network stay as they are in
// the file. Bytes without sign become int8: they and their zero points are 128 less.

/// A value of the file, as far as it is known.
enum ONNXOperand: Sendable {
  /// An integer tensor, an index into `features`.
  case feature(Int)
  /// The real numbers that a feature stands for.
  case real(Int)
  /// A constant as the file has it.
  case constant(Tensor)
  /// The real numbers that a constant of integers stands for; int8 or int32, quantized.
  case scaled(Tensor)
  /// Real numbers of which each depends on one byte of a feature.
  case function(ONNXFunction)
  /// What an operator makes that is left to the host, an index into `tensors`.
  case left(Int)
  /// A graph input in floating point, an index into `tensors`.
  case float(Int)
  /// The real numbers that an operator makes, which nobody has quantized yet.
  case pending(ONNXCall)
}

/// An operator with what it reads.
struct ONNXCall: Sendable {
  var node: ONNXNode
  /// The operator's name without the domain and without `QLinear`.
  var name: String
  var operands: [ONNXOperand?]
  /// What limits its real numbers, of all operators behind it before the QuantizeLinear.
  var limits: ClosedRange<Float>?
}

/// What somebody says of a result: its name in the file, and how it is quantized.
struct ONNXResult: Sendable {
  var name: String
  var quantization: Quantization
  var fileType: ElementType
}

/// An integer tensor of the file.
struct ONNXFeature: Sendable {
  var name: String
  /// In the order of the file.
  var shape: [Int]
  /// As int8; none as long as nobody has said it.
  var quantization: Quantization
  /// int8 or uint8.
  var fileType: ElementType
  /// The tensors of the graph that hold it, in the order of the file and with channels last.
  var plain: Int?, channelsLast: Int?
}

/// Makes a graph of one file.
struct ONNXImporter {
  let file: ONNXFile
  let name: String
  var values: [String: ONNXOperand] = [:]
  var features: [ONNXFeature] = []
  var tensors: [Tensor] = []
  var nodes: [Node] = []
  private var refusals: [(node: ONNXNode, error: ModelError)] = []
  /// The names of all results in the file.
  private let results: Set<String>
  /// Bytes of constants that may still be looked at, see `charge`.
  private var budget: Int

  init(_ file: ONNXFile, name: String) throws(ModelError) {
    (self.file, self.name) = (file, name)
    results = Set(file.nodes.flatMap(\.outputs))
    budget = 16 * file.constants.values.reduce(1 << 20) { $0 + $1.byteCount }
    for (name, tensor) in file.constants where tensor.constant != nil { values[name] = .constant(tensor) }
  }

  /// The graph; what cannot be one is among its problems, all kinds of it at once.
  mutating func graph() -> Graph {
    var problems = file.problems, inputs: [Int] = [], outputs: [Int] = []
    for input in file.inputs {
      do throws(ModelError) { inputs.append(try addInput(input)) } catch { problems.append(error) }
    }
    for node in file.nodes {
      // What reads a result that could not be made is not to blame.
      guard node.inputs.allSatisfy({ $0.isEmpty || values[$0] != nil || !results.contains($0) }) else { continue }
      do throws(ModelError) { try add(node) } catch { refusals.append((node, error)) }
    }
    if let refusal { problems.append(refusal) }
    if problems.isEmpty {
      for output in file.outputs {
        do throws(ModelError) { outputs.append(try addOutput(output)) } catch { problems.append(error) }
      }
    }
    var graph = Graph(name: name, tensors: tensors, nodes: nodes, inputs: inputs, outputs: outputs)
    graph.rounding = .exact
    graph.prepare()
    graph.problems = problems
    return graph
  }

  /// One error for all nodes that are refused.
  private var refusal: ModelError? {
    guard let first = refusals.first, refusals.count > 1 else { return refusals.first?.error }
    var kinds: [String] = [], counts: [String: Int] = [:]
    for (node, error) in refusals {
      let kind = "\(node.name)\0\(error.reason)" + (error.advice.map { ", \($0)" } ?? "")
      if counts[kind] == nil { kinds.append(kind) }
      counts[kind, default: 0] += 1
    }
    let list = kinds.map { kind in
      let parts = kind.split(separator: "\0", maxSplits: 1)
      return "\(parts[0]) ×\(counts[kind] ?? 0): \(parts.last ?? "")"
    }
    return ModelError(
      first.error.category, "\(refusals.count) of \(file.nodes.count) nodes cannot be read: \(list.joined(separator: "; "))", limit: 4_000)
  }

  // MARK: Ends

  private mutating func addInput(_ value: ONNXValue) throws(ModelError) -> Int {
    let place = "graph input '\(cleanedText(value.name, limit: 80))'"
    try requireSizes(value.shape, place)
    guard [.float32, .int8, .uint8].contains(value.type) else {
      throw ModelError(.unsupported, "\(value.type) inputs are not supported, only float32, int8 and uint8 (\(place))")
    }
    tensors.append(Tensor(name: cleanedText(value.name, limit: 1_024), shape: value.shape, type: value.type))
    let tensor = tensors.count - 1
    if value.type == .float32 {
      values[value.name] = .float(tensor)
    } else {
      features.append(
        ONNXFeature(name: value.name, shape: value.shape, quantization: .none, fileType: value.type, plain: value.type == .int8 ? tensor : nil))
      if value.type == .uint8 { inputOfBytes[features.count - 1] = tensor }
      values[value.name] = .feature(features.count - 1)
    }
    return tensor
  }

  /// By feature, the graph input of uint8 that it is made of as soon as its quantization is known.
  private var inputOfBytes: [Int: Int] = [:]

  private mutating func addOutput(_ value: ONNXValue) throws(ModelError) -> Int {
    let place = "graph output '\(cleanedText(value.name, limit: 80))'"
    switch values[value.name] {
    case .feature(let feature):
      let tensor = try plain(feature)
      // The end has the file's name, not what it is made of.
      if let inner = features[feature].channelsLast, tensors[inner].name == features[feature].name {
        tensors[tensor].name = tensors[inner].name
        tensors[inner].name = cleanedText(tensors[inner].name + "/NHWC", limit: 1_024)
      }
      guard features[feature].fileType == .uint8 else { return tensor }
      var output = tensors[tensor]
      tensors[tensor].name += "/int8"
      (output.type, output.fileForm) = (.uint8, nil)
      output.quantization.zeroPoints = output.quantization.zeroPoints.map { $0 + 128 }
      return append(Quantize(), [tensor], output)
    case .real(let feature):
      let tensor = try plain(feature)
      return append(Dequantize(), [tensor], Tensor(name: cleanedText(value.name, limit: 1_024), shape: tensors[tensor].shape, type: .float32))
    case .left(let tensor): return tensor
    case .pending(let call):
      throw ModelError(
        .unsupported, "the result of \(call.node.place) is not quantized (\(place)); put a QuantizeLinear and a DequantizeLinear behind it")
    case .function(let function):
      throw ModelError(
        .unsupported,
        "the result of \(function.names.last ?? "a function") is not quantized (\(place)); put a QuantizeLinear and a DequantizeLinear behind it")
    case .constant, .scaled, .float: throw ModelError(.unsupported, "a graph output is no result (\(place))")
    case nil: throw ModelError(.invalidGraph, "a graph output is never computed (\(place))")
    }
  }

  // MARK: Tensors

  /// Counts what is made of constants against a multiple of their size: in an honest file each is read a few times, in a hostile one
  /// by every node.
  mutating func charge(_ tensor: Tensor, _ node: ONNXNode) throws(ModelError) {
    budget -= tensor.byteCount
    if budget < 0 {
      throw ModelError(
        .resourceLimit, what: "constants are read so often that the file would unfold to many times its size", place: node.place, advice: nil)
    }
  }

  /// Adds a node that writes one new tensor.
  /// - Returns: the tensor.
  @discardableResult
  mutating func append(_ operation: any Operation, _ inputs: [Int], _ output: Tensor) -> Int {
    tensors.append(output)
    nodes.append(Node(index: nodes.count, operation: operation, inputs: inputs, outputs: [tensors.count - 1]))
    return tensors.count - 1
  }

  /// Adds a constant.
  mutating func append(constant: Tensor) -> Int {
    tensors.append(constant)
    return tensors.count - 1
  }

  /// Adds a constant of int32 without a name.
  mutating func append(integers: [Int], shape: [Int]? = nil) -> Int {
    append(constant: Tensor(name: "", shape: shape ?? [integers.count], type: .int32, constant: Elements.bytes(integers, .int32)))
  }

  /// The tensor that holds a feature in the order of the file.
  mutating func plain(_ feature: Int) throws(ModelError) -> Int {
    if let tensor = features[feature].plain { return tensor }
    let known = features[feature]
    if let input = inputOfBytes[feature] {
      tensors[input].quantization = Quantization(scales: known.quantization.scales, zeroPoints: known.quantization.zeroPoints.map { $0 + 128 })
      features[feature].plain = append(Quantize(), [input], tensor(known, "int8", known.shape))
    } else if let tensor = known.channelsLast {
      features[feature].plain =
        known.shape.count == 3
        ? append(Transpose(), [reshaped(tensor, known, "NWC"), append(integers: [0, 2, 1])], self.tensor(known, "NCW", known.shape))
        : append(Transpose(), [tensor, append(integers: [0, 3, 1, 2])], self.tensor(known, "NCHW", known.shape))
    }
    guard let tensor = features[feature].plain else { throw ModelError(.invalidGraph, "'\(known.name)' is read before it is made") }
    return tensor
  }

  /// The rows of a feature of three dimensions, channels last, of which a tensor holds an image.
  private mutating func reshaped(_ tensor: Int, _ known: ONNXFeature, _ suffix: String) -> Int {
    let rows = self.tensor(known, suffix, [known.shape[0], known.shape[2], known.shape[1]])
    return append(Reshape(), [tensor, append(integers: rows.shape)], rows)
  }

  /// The tensor that holds a feature of four dimensions, or of three as images of one row, with channels last.
  mutating func channelsLast(_ feature: Int) throws(ModelError) -> Int {
    if let tensor = features[feature].channelsLast { return tensor }
    let plain = try plain(feature), known = features[feature]
    if known.shape.count == 3 {
      let rows = self.tensor(known, "NWC", [known.shape[0], known.shape[2], known.shape[1]]), image = Self.channelsLast(known.shape)
      let transposed = append(Transpose(), [plain, append(integers: [0, 2, 1])], rows)
      let tensor = append(Reshape(), [transposed, append(integers: image)], self.tensor(known, "N1WC", image))
      features[feature].channelsLast = tensor
      return tensor
    }
    let tensor = append(Transpose(), [plain, append(integers: [0, 2, 3, 1])], tensor(known, "NHWC", Self.channelsLast(known.shape)))
    features[feature].channelsLast = tensor
    return tensor
  }

  private func tensor(_ feature: ONNXFeature, _ suffix: String, _ shape: [Int]) -> Tensor {
    Tensor(name: cleanedText("\(feature.name)/\(suffix)", limit: 1_024), shape: shape, type: .int8, quantization: feature.quantization)
  }

  /// N, C, H, W, or N, C, W as images of one row: N, C, 1, W.
  static func image(_ shape: [Int]) -> [Int] { shape.count == 3 ? [shape[0], shape[1], 1, shape[2]] : shape }

  /// N, C, H, W → N, H, W, C.
  static func channelsLast(_ shape: [Int]) -> [Int] {
    let image = image(shape)
    return [image[0], image[2], image[3], image[1]]
  }

  /// Adds a node whose result is a feature.
  /// - Parameters:
  ///   - shape: in the order of the file.
  ///   - isChannelsLast: whether the operator makes it with channels last.
  mutating func append(
    _ operation: any Operation, _ inputs: [Int], _ result: ONNXResult, shape: [Int], isChannelsLast: Bool = false, of node: ONNXNode
  ) throws(ModelError) {
    try requireSizes(shape, node.place)
    let name = cleanedText(result.name, limit: 1_024)
    var output = Tensor(
      name: name, shape: isChannelsLast ? Self.channelsLast(shape) : shape, type: .int8, quantization: result.quantization)
    let isUnsigned = result.fileType == .uint8
    if isChannelsLast || isUnsigned { output.fileForm = FileForm(isChannelsFirst: isChannelsLast, isUnsigned: isUnsigned) }
    let tensor = append(operation, inputs, output)
    features.append(
      ONNXFeature(
        name: name, shape: shape, quantization: result.quantization, fileType: result.fileType, plain: isChannelsLast ? nil : tensor,
        channelsLast: isChannelsLast ? tensor : nil))
    values[result.name] = .feature(features.count - 1)
  }

  /// Checks that sizes are there, and small enough that nothing overflows.
  func requireSizes(_ shape: [Int], _ place: String) throws(ModelError) {
    if shape.contains(-1) {
      let sizes = shape.map { $0 < 0 ? "?" : "\($0)" }.joined(separator: "x")
      throw ModelError(.invalidShape, "a size is left open in shape \(sizes) (\(place)); fix it")
    }
    guard shape.count <= Graph.largestRank, shape.allSatisfy({ (1...Graph.largestTensor).contains($0) }),
      Tensor(name: "", shape: shape, type: .int8).byteCount <= Graph.largestTensor
    else {
      throw ModelError(.invalidShape, "shape \(shape.map(String.init).joined(separator: "x")) is empty or too large (\(place))")
    }
  }
}
