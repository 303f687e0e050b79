// The TFLite schema over FlatBuffers: from tables to a graph.
//
// A model holds operator codes, buffers and one subgraph; a subgraph holds tensors and
// operators that refer to each other by index. This file maps those tables and checks
// what only makes sense while the file is at hand: its identifier and version, indices
// into buffers and operator codes, and that nothing is read twice until memory runs
// out. What the operators mean is in `TFLiteOperators.swift`, whether the network makes
// sense in `GraphValidation.swift`.
//
// Field numbers are those of the schema's version 3,
// https://github.com/tensorflow/tensorflow/blob/master/tensorflow/compiler/mlir/lite/schema/schema.fbs

/// Reads one model. Reading is metered: see `charge`.
package struct TFLiteReader {
  private let file: FlatBuffer
  private var budget: Int
  private var constants: [Int: [UInt8]] = [:]
  /// What is well formed and not supported, so far.
  private var problems: [ModelError] = []

  /// The most tensors or operators that are read.
  package static let largestCount = 65_536

  package init(_ bytes: [UInt8]) {
    file = FlatBuffer(bytes)
    budget = 4 * bytes.count + 65_536
  }

  /// The model's first subgraph, its operators in the order of the file, prepared (see `Graph.prepare`).
  ///
  /// What makes sense and is not supported (other subgraphs, sparse weights) is in the graph's `problems`.
  package mutating func graph(named name: String) throws(ModelError) -> Graph {
    try checkIdentity()
    let model = try file.root()
    let version: UInt32 = try model.number(0, "version", default: 0)
    guard version == 3 else {
      throw ModelError(.malformed, "TFLite schema version \(version), expected 3; convert the model again")
    }
    let codes = try operatorCodes(model)
    let subgraphs = try model.vector(2, "subgraphs", elementSize: 4)
    guard let subgraphs, subgraphs.count > 0 else {
      throw ModelError(.invalidGraph, "the model has no subgraph")
    }
    try checkCount(subgraphs.count, "subgraphs")
    let buffers = try model.vector(4, "buffers", elementSize: 4)
    var graphs: [Graph] = []
    for index in 0..<subgraphs.count {
      let subgraph = try subgraphs.table(index)
      graphs.append(
        Graph(
          name: name, tensors: try tensors(subgraph, buffers: buffers), nodes: try nodes(subgraph, codes: codes),
          inputs: try indices(subgraph, 1, "subgraph inputs"), outputs: try indices(subgraph, 2, "subgraph outputs")))
    }
    var graph = graphs[0]
    graph.prepare(graphs)
    problems += graph.unresolvedState()
    // Those that give state its first value have done their part.
    let called = Set(graphs[0].nodes.compactMap { ($0.operation as? CallOnce)?.subgraph })
    if let other = graphs.indices.dropFirst().first(where: { !called.contains($0) }) {
      problems.append(
        ModelError(
          .unsupported,
          "the model has \(subgraphs.count) subgraphs (control flow or several entry points), only one and initializers of state are "
            + "supported (subgraph \(other))"))
    }
    graph.problems = problems
    return graph
  }

  /// Counts what is made from the file against four times its size.
  ///
  /// In an honest file every table and vector is read about once. A hostile one can point many times to the same
  /// large vector; this is where that ends.
  private mutating func charge(_ bytes: Int) throws(ModelError) {
    budget -= min(bytes, file.bytes.count + 64)
    if budget < 0 {
      throw ModelError(
        .resourceLimit, "the file refers to the same bytes so often that it would unfold to many times its size")
    }
  }

  private func checkIdentity() throws(ModelError) {
    let bytes = file.bytes
    if bytes.isEmpty { throw ModelError(.malformed, "the file is empty (0 bytes), not a TFLite model") }
    if let identifier = file.identifier, identifier == Array("TFL3".utf8) { return }
    if bytes.count < 8 {
      throw ModelError(.malformed, "the file is only \(bytes.count) bytes long, not a TFLite model")
    }
    let isText = bytes.prefix(256).allSatisfy { ($0 >= 32 && $0 < 127) || $0 == 9 || $0 == 10 || $0 == 13 }
    let isArchive = bytes.starts(with: [0x50, 0x4B, 0x03, 0x04])
    let looks = isText ? ", it looks like text" : isArchive ? ", it looks like a ZIP archive" : ""
    throw ModelError(.malformed, "not a TFLite model (no 'TFL3' at byte 4\(looks)); give a .tflite file")
  }

  // MARK: Operators

  private mutating func operatorCodes(_ model: FlatBufferTable) throws(ModelError) -> [TFLiteOperatorCode] {
    guard let vector = try model.vector(1, "operator_codes", elementSize: 4) else { return [] }
    try checkCount(vector.count, "operator codes")
    var codes: [TFLiteOperatorCode] = []
    for index in 0..<vector.count {
      let table = try vector.table(index)
      let narrow: Int8 = try table.number(0, "deprecated_builtin_code", default: 0)
      let wide: Int32 = try table.number(3, "builtin_code", default: 0)
      let custom = try text(table, 1, "custom_code")
      codes.append(TFLiteOperatorCode(builtin: max(Int(narrow), Int(wide)), custom: custom))
    }
    return codes
  }

  private mutating func nodes(
    _ subgraph: FlatBufferTable, codes: [TFLiteOperatorCode]
  ) throws(ModelError) -> [Node] {
    guard let vector = try subgraph.vector(3, "operators", elementSize: 4) else { return [] }
    try checkCount(vector.count, "operators")
    var nodes: [Node] = []
    nodes.reserveCapacity(vector.count)
    for index in 0..<vector.count {
      let table = try vector.table(index)
      let code: UInt32 = try table.number(0, "opcode_index", default: 0)
      guard Int(code) < codes.count else {
        throw ModelError(
          .invalidGraph, "operator \(index): operator code index \(code) is out of range, there are \(codes.count)")
      }
      let options = TFLiteOptions(
        type: try table.number(3, "builtin_options_type", default: 0),
        table: try table.table(4, "builtin_options"), place: "operator \(index) \(codes[Int(code)].name)")
      nodes.append(
        Node(
          index: index, operation: try codes[Int(code)].operation(options),
          inputs: try indices(table, 1, "operator inputs"), outputs: try indices(table, 2, "operator outputs")))
    }
    return nodes
  }

  // MARK: Tensors

  private mutating func tensors(
    _ subgraph: FlatBufferTable, buffers: FlatBufferVector?
  ) throws(ModelError) -> [Tensor] {
    guard let vector = try subgraph.vector(0, "tensors", elementSize: 4) else { return [] }
    try checkCount(vector.count, "tensors")
    var tensors: [Tensor] = []
    tensors.reserveCapacity(vector.count)
    for index in 0..<vector.count {
      tensors.append(try tensor(try vector.table(index), index: index, buffers: buffers))
    }
    return tensors
  }

  private mutating func tensor(
    _ table: FlatBufferTable, index: Int, buffers: FlatBufferVector?
  ) throws(ModelError) -> Tensor {
    let name = try text(table, 3, "tensor name") ?? ""
    let place = "tensor \(index) '\(cleanedText(name, limit: 80))'"
    let code: UInt8 = try table.number(1, "tensor type", default: 0)
    guard let type = ElementType(rawValue: code) else {
      throw ModelError(.malformed, "unknown element type \(code) (\(place))")
    }
    if try table.table(6, "sparsity") != nil {
      problems.append(
        ModelError(.unsupported, "sparse tensors are not supported (\(place)); store the weights densely"))
    }
    let shape = try numbers(table, 0, "shape", of: Int32.self)
    if shape.count > Graph.largestRank {
      throw ModelError(.invalidShape, "rank \(shape.count), the largest possible is \(Graph.largestRank) (\(place))")
    }
    var tensor = Tensor(
      name: name, shape: shape, type: type, quantization: try quantization(table, place: place),
      constant: try contents(table, shape: shape, place: place, buffers: buffers))
    tensor.isVariable = try table.bool(5, "is_variable", default: false)
    return tensor
  }

  private mutating func quantization(
    _ tensor: FlatBufferTable, place: String
  ) throws(ModelError) -> Quantization {
    guard let table = try tensor.table(4, "quantization") else { return .none }
    let details: UInt8 = try table.number(4, "quantization details type", default: 0)
    if details != 0 {
      problems.append(ModelError(.unsupported, "custom or blockwise quantization is not supported (\(place))"))
      return .none
    }
    let scales = try numbers(table, 2, "scale", of: UInt32.self).map {
      Float(bitPattern: UInt32(truncatingIfNeeded: $0))
    }
    let zeroPoints = try numbers(table, 3, "zero_point", of: Int64.self)
    let dimension: Int32 = try table.number(6, "quantized_dimension", default: 0)
    return Quantization(scales: scales, zeroPoints: zeroPoints, dimension: Int(dimension))
  }

  /// The bytes of a constant; `nil` when the tensor's buffer is absent or empty.
  private mutating func contents(
    _ tensor: FlatBufferTable, shape: [Int], place: String, buffers: FlatBufferVector?
  ) throws(ModelError) -> [UInt8]? {
    let number: UInt32 = try tensor.number(2, "buffer", default: 0)
    let index = Int(number)
    guard let buffers, index < buffers.count else {
      // Buffer 0 stands for "no contents" even where it is not written.
      if index == 0 { return nil }
      throw ModelError(
        .invalidGraph, "buffer index \(index) is out of range, there are \(buffers?.count ?? 0) buffers (\(place))")
    }
    if let known = constants[index] { return known.isEmpty && !shape.contains(0) ? nil : known }
    let table = try buffers.table(index)
    let offset: UInt64 = try table.number(1, "buffer offset", default: 0)
    guard offset <= 1 else {
      problems.append(
        ModelError(.unsupported, "buffers outside the FlatBuffer (models over 2 GB) are not supported (\(place))"))
      return []
    }
    var bytes: [UInt8] = []
    if let data = try table.vector(0, "buffer data", elementSize: 1) {
      try charge(data.byteCount)
      bytes = Array(data.bytes)
    }
    constants[index] = bytes
    // An empty buffer means "computed", unless the tensor has no elements anyway and is not buffer 0's.
    return bytes.isEmpty && !(shape.contains(0) && index != 0) ? nil : bytes
  }

  // MARK: Pieces

  private func checkCount(_ count: Int, _ what: String) throws(ModelError) {
    guard count <= Self.largestCount else {
      throw ModelError(.resourceLimit, "\(count) \(what), the limit is \(Self.largestCount)")
    }
  }

  private mutating func numbers<Value: FixedWidthInteger>(
    _ table: FlatBufferTable, _ field: Int, _ name: StaticString, of type: Value.Type
  ) throws(ModelError) -> [Int] {
    try charge(16)
    guard let vector = try table.vector(field, name, elementSize: Value.bitWidth / 8) else { return [] }
    try charge(vector.byteCount)
    return try vector.numbers(type).map { Int(truncatingIfNeeded: $0) }
  }

  private mutating func indices(
    _ table: FlatBufferTable, _ field: Int, _ name: StaticString
  ) throws(ModelError) -> [Int] {
    try numbers(table, field, name, of: Int32.self)
  }

  /// A string, repaired where it is not UTF-8 and cleaned of everything that could break a line.
  private mutating func text(
    _ table: FlatBufferTable, _ field: Int, _ name: StaticString
  ) throws(ModelError) -> String? {
    guard let vector = try table.vector(field, name, elementSize: 1) else { return nil }
    let bytes = vector.bytes.prefix(1_024)
    try charge(bytes.count)
    return cleanedText(String(decoding: bytes, as: UTF8.self))
  }
}
