// Whether a network makes sense: the checks that no single operator can make.
//
// They run in the order in which a reader would ask: are the tensors possible
// (sizes, scales, contents), do the indices point somewhere, is every tensor produced
// once and before it is read, and last, operator by operator, is each one something
// that can be computed. Everything is linear in the size of the graph.

extension Graph {
  /// The largest rank a tensor can have; operators set their own, lower limits.
  public static let largestRank = 8
  /// The most bytes of one tensor.
  public static let largestTensor = 64 << 20
  /// The most bytes of all computed tensors and inputs together.
  public static let largestActivations = 512 << 20

  /// Checks the structure of the graph, then every operator.
  ///
  /// A graph that passes can be run by `GoldenModel` and handed to a hardware mapper: its nodes are in executable
  /// order, and every shape, type and quantization is one that its operator supports.
  /// - Throws: the first `ModelError` found, without a file.
  public func validate() throws(ModelError) {
    if let error = summary(of: try operatorProblems()) { throw error }
    try validateContents()
  }

  /// The first problem of every operator, by position in `nodes`; empty when all are supported. Operators that run on the
  /// host, or are left to it, have none.
  ///
  /// For showing a network that may not be supported entirely. Throws what `validateStructure` throws.
  public func operatorProblems() throws(ModelError) -> [Int: ModelError] {
    try validateStructure()
    let errors = operatorErrors()
    if errors.isEmpty { return errors }
    let rest = Set(partition(errors).accelerator.nodes.map(\.index))
    return errors.filter { rest.contains(nodes[$0.key].index) }
  }

  func operatorErrors() -> [Int: ModelError] {
    var errors: [Int: ModelError] = [:]
    for (position, node) in nodes.enumerated() {
      do throws(ModelError) {
        try node.operation.validate(node, in: self)
      } catch {
        errors[position] = error
      }
    }
    guard !computesInt16(errors) else { return errors }
    for (position, node) in nodes.enumerated() where errors[position] == nil && isInt16(node) {
      errors[position] = NodeCheck(node, in: self).unknownActivation(node.outputs[0])
    }
    return errors
  }

  /// One error for all that is wrong with the operators; nil when nothing is.
  ///
  /// The first error is the answer, unless it says that something is not supported: then all kinds of what is not
  /// supported are listed, because one after the other they would be as many attempts.
  public func summary(of errors: [Int: ModelError]) -> ModelError? {
    let errors = errors.sorted { $0.key < $1.key }
    guard let first = errors.first?.value else { return nil }
    let unsupported = errors.filter { $0.value.category == .unsupported }
    guard first.category == .unsupported, unsupported.count > 1 else { return first }
    // What is wrong with several kinds of operators is said once.
    var reasons: [(what: String, operators: [(name: String, count: Int)])] = []
    for (position, error) in unsupported {
      let name = nodes[position].operation.name, what = error.reason + (error.advice.map { ", \($0)" } ?? "")
      let reason = reasons.firstIndex { $0.what == what } ?? reasons.count
      if reason == reasons.count { reasons.append((what, [])) }
      if let known = reasons[reason].operators.firstIndex(where: { $0.name == name }) {
        reasons[reason].operators[known].count += 1
      } else {
        reasons[reason].operators.append((name, 1))
      }
    }
    let list = reasons.map { reason in reason.operators.map { "\($0.name) ×\($0.count)" }.joined(separator: ", ") + ": \(reason.what)" }
    return ModelError(
      .unsupported, "\(unsupported.count) of \(nodes.count) operators cannot be compiled: \(list.joined(separator: "; "))", limit: 4_000)
  }

  /// Checks tensors, indices and order, but not what the operators do.
  public func validateStructure() throws(ModelError) {
    if let problem = problems.first { throw problem }
    try validateIndices()
    try validateTensors()
    try validateOrder()
  }

  // MARK: Indices

  private func validateIndices() throws(ModelError) {
    func check(_ tensor: Int, absentAllowed: Bool, _ place: @autoclosure () -> String) throws(ModelError) {
      if tensors.indices.contains(tensor) || (absentAllowed && tensor == -1) { return }
      throw ModelError(
        .invalidGraph, "\(place()): tensor index \(tensor) is out of range, there are \(tensors.count) tensors")
    }
    for (position, tensor) in inputs.enumerated() {
      try check(tensor, absentAllowed: false, "graph input \(position)")
    }
    for (position, tensor) in outputs.enumerated() {
      try check(tensor, absentAllowed: false, "graph output \(position)")
    }
    for node in nodes {
      for (position, tensor) in node.inputs.enumerated() {
        try check(tensor, absentAllowed: true, "operator \(node.index) \(node.operation.name) input \(position)")
      }
      for (position, tensor) in node.outputs.enumerated() {
        try check(tensor, absentAllowed: false, "operator \(node.index) \(node.operation.name) output \(position)")
      }
    }
    for state in states {
      try check(state.tensor, absentAllowed: false, "state '\(state.name)'")
      try check(state.next, absentAllowed: false, "the next value of state '\(state.name)'")
      let (now, next) = (tensors[state.tensor], tensors[state.next])
      guard now.shape == next.shape, now.type == next.type, state.initial.count == now.byteCount else {
        throw ModelError(.invalidShape, "the values of state '\(state.name)' have unlike shapes or types (\(label(state.tensor)))")
      }
    }
    if nodes.isEmpty { throw ModelError(.invalidGraph, "the graph has no operators") }
    if outputs.isEmpty { throw ModelError(.invalidGraph, "the graph has no outputs") }
    if inputs.isEmpty { throw ModelError(.invalidGraph, "the graph has no inputs") }
  }

  // MARK: Tensors

  private func validateTensors() throws(ModelError) {
    let producers = producers
    func place(_ tensor: Int) -> String {
      guard let producer = producers[tensor] else { return label(tensor) }
      let node = nodes[producer]
      return "\(label(tensor)), output of operator \(node.index) \(node.operation.name)"
    }
    var total = 0
    let computed = Set(inputs + outputs + nodes.flatMap(\.outputs))
    for (index, tensor) in tensors.enumerated() {
      if tensor.shape.count > Self.largestRank {
        throw ModelError(
          .invalidShape, "rank \(tensor.shape.count), the largest possible is \(Self.largestRank) (\(place(index)))")
      }
      if let size = tensor.shape.first(where: { $0 < 0 }) {
        throw ModelError(
          .invalidShape,
          "size \(size) in shape \(tensor.shape) (\(place(index))); give dynamic dimensions a fixed size")
      }
      if computed.contains(index), tensor.shape.contains(0) {
        throw ModelError(
          .invalidShape,
          "size 0 in shape \(tensor.shape), so there is nothing to compute (\(place(index))); convert with a fixed batch of 1")
      }
      let byteCount = tensor.byteCount
      if byteCount > Self.largestTensor {
        let size = byteCount >= .max / 8 ? "a size that overflows" : "\(byteCount) bytes"
        throw ModelError(
          .resourceLimit, "shape \(tensor.shape) needs \(size), the limit is \(Self.largestTensor) (\(place(index)))")
      }
      if !tensor.isConstant { total += byteCount }
      try validateQuantization(tensor, place: place(index))
    }
    if total > Self.largestActivations {
      throw ModelError(
        .resourceLimit, "the computed tensors need \(total) bytes together, the limit is \(Self.largestActivations)")
    }
  }

  private func validateQuantization(_ tensor: Tensor, place: @autoclosure () -> String) throws(ModelError) {
    let quantization = tensor.quantization
    if quantization.scales.isEmpty { return }
    for scale in quantization.scales where !(scale > 0 && scale.isFinite) {
      let what =
        scale.isNaN ? "not a number" : scale.isInfinite ? "infinite" : scale == 0 ? "zero" : "negative (\(scale))"
      throw ModelError(.invalidQuantization, "scale is \(what) (\(place())); scales are finite and positive")
    }
    if quantization.zeroPoints.count != quantization.scales.count {
      throw ModelError(
        .invalidQuantization,
        "\(quantization.scales.count) scales but \(quantization.zeroPoints.count) zero points (\(place()))")
    }
    if let range = tensor.type.integerRange {
      for zeroPoint in quantization.zeroPoints where !range.contains(zeroPoint) {
        throw ModelError(
          .invalidQuantization,
          "zero point \(zeroPoint) is outside \(range.lowerBound) to \(range.upperBound) of \(tensor.type) "
            + "(\(place()))")
      }
    }
    // A vector has one dimension to be quantized along, whatever the file says: the reference does not read it.
    if quantization.scales.count > 1, tensor.shape.count != 1, !tensor.shape.indices.contains(quantization.dimension) {
      throw ModelError(
        .invalidQuantization,
        "quantized dimension \(quantization.dimension) does not exist in shape \(tensor.shape) (\(place()))")
    }
  }

  /// Checks that constants have as many bytes as their shapes need. Operators check those they read themselves,
  /// after their types, because a wrong type is the better explanation of a wrong size.
  private func validateContents() throws(ModelError) {
    // What was folded is among the results, whatever its type is.
    for tensor in folded.flatMap(\.outputs) where !tensors.indices.contains(tensor) || tensors[tensor].constant?.count != tensors[tensor].byteCount {
      throw ModelError(.invalidGraph, "a folded tensor has not the bytes that its shape and type need (\(label(tensor)))")
    }
    for (index, tensor) in tensors.enumerated() {
      guard let constant = tensor.constant, let bits = tensor.type.bitCount, bits >= 8 else { continue }
      if constant.count != tensor.byteCount {
        throw ModelError(
          .invalidGraph,
          "buffer has \(constant.count) bytes, shape \(tensor.shape) of \(tensor.type) needs \(tensor.byteCount) "
            + "(\(label(index)))")
      }
    }
  }

  // MARK: Order

  private func validateOrder() throws(ModelError) {
    enum Origin { case undefined, input, constant, computed(by: Int) }
    var origins = [Origin](repeating: .undefined, count: tensors.count)
    for (index, tensor) in tensors.enumerated() where tensor.isConstant { origins[index] = .constant }
    for state in states {
      if case .undefined = origins[state.tensor] { origins[state.tensor] = .input } else {
        throw ModelError(.invalidGraph, "a state is a constant or two states (\(label(state.tensor)))")
      }
    }
    for tensor in inputs {
      switch origins[tensor] {
      case .constant: throw ModelError(.invalidGraph, "a graph input is a constant (\(label(tensor)))")
      case .input: throw ModelError(.invalidGraph, "the same tensor is two graph inputs (\(label(tensor)))")
      case .undefined, .computed: origins[tensor] = .input
      }
    }
    let producers = producers
    for (position, node) in nodes.enumerated() {
      let check = NodeCheck(node, in: self)
      for tensor in node.inputs where tensor >= 0 {
        guard case .undefined = origins[tensor] else { continue }
        guard let producer = producers[tensor] else {
          throw check.error(
            .invalidGraph, "reads a tensor that is no constant, no graph input and no operator's output",
            tensor: tensor)
        }
        let writer = nodes[producer]
        let cyclic = producer == position || nodesFormCycle()
        throw check.error(
          .invalidGraph,
          "reads a tensor before operator \(writer.index) \(writer.operation.name) produces it, "
            + (cyclic ? "the graph has a cycle" : "the operators are not in executable order"), tensor: tensor)
      }
      for tensor in node.outputs {
        switch origins[tensor] {
        case .undefined: origins[tensor] = .computed(by: node.index)
        case .input: throw check.error(.invalidGraph, "writes a graph input", tensor: tensor)
        case .constant: throw check.error(.invalidGraph, "writes a constant", tensor: tensor)
        case .computed(let other):
          throw check.error(.invalidGraph, "writes a tensor that operator \(other) already wrote", tensor: tensor)
        }
      }
    }
    for state in states {
      guard case .computed = origins[state.next] else {
        throw ModelError(.invalidGraph, "the next value of a state is never computed (\(label(state.next)))")
      }
    }
    for tensor in outputs {
      switch origins[tensor] {
      case .undefined:
        throw ModelError(.invalidGraph, "a graph output is never computed (\(label(tensor)))")
      case .constant:
        throw ModelError(.unsupported, "a graph output is a constant (\(label(tensor)))")
      case .input, .computed: break
      }
    }
  }

  /// Whether the operators depend on each other in a circle, whatever their order.
  private func nodesFormCycle() -> Bool {
    let producers = producers
    let consumers = consumers
    var waiting = nodes.map { node in Set(node.inputs.filter { $0 >= 0 && producers[$0] != nil }).count }
    var ready = waiting.indices.filter { waiting[$0] == 0 }
    var finished = 0
    while let position = ready.popLast() {
      finished += 1
      for tensor in Set(nodes[position].outputs) where producers[tensor] == position {
        for consumer in consumers[tensor] {
          waiting[consumer] -= 1
          if waiting[consumer] == 0 { ready.append(consumer) }
        }
      }
    }
    return finished < nodes.count
  }
}
