// Which operators run on the accelerator, and which on the host before and behind it.
//
// The accelerator computes what is int8. A network that takes or gives other types has a QUANTIZE at its beginning or a
// DEQUANTIZE at its end; these, and what stands between them and the ends, are the host's: here with kernels of their own, as far
// as they are known. What stands at the end and is not known (decoders of detections, heads in floating point) remains for
// whoever uses the accelerator. Nothing of the host's stands between operators of the accelerator.

/// A network cut into what runs where. Tensors keep their numbers.
public struct Partition: Sendable {
  /// What runs on the accelerator: all tensors, its nodes, and as inputs and outputs the tensors that host and accelerator exchange.
  public var accelerator: Graph
  /// What the host computes first, in order.
  public var before: [Node] = []
  /// What the host computes last, in order.
  public var after: [Node] = []
  /// What remains to be done with the outputs of the accelerator and is computed nowhere here, in order.
  public var remaining: [Node] = []

  /// The network's end that one QUANTIZE or DEQUANTIZE connects with an end of the accelerator.
  /// - Parameter tensor: an input or output of the accelerator.
  /// - Returns: nil when it is the network's own end, or when more is in between.
  public func end(of tensor: Int, in network: Graph) -> (tensor: Int, node: Node)? {
    func isConversion(_ node: Node) -> Bool { node.operation is Quantize || node.operation is Dequantize }
    if network.inputs.contains(tensor) || network.outputs.contains(tensor) { return nil }
    for node in before where isConversion(node) && node.outputs == [tensor] && network.inputs.contains(node.inputs[0]) { return (node.inputs[0], node) }
    for node in after where isConversion(node) && node.inputs == [tensor] && network.outputs.contains(node.outputs[0]) { return (node.outputs[0], node) }
    return nil
  }

  /// Whether the accelerator's inputs and outputs are the network's own.
  public var isWhole: Bool { before.isEmpty && after.isEmpty && remaining.isEmpty }
}

extension Graph {
  /// The cut of a graph whose structure is valid. Where there is nothing to cut, all is the accelerator's.
  public var partition: Partition { partition(operatorErrors()) }

  /// - Parameter errors: why nodes cannot run on the accelerator, by position.
  func partition(_ errors: [Int: ModelError]) -> Partition {
    enum Place { case accelerator, before, after, remaining }
    var places = [Place](repeating: .accelerator, count: nodes.count)
    let producers = producers, consumers = consumers
    func runsOnHost(_ node: Node) -> Bool {
      (node.operation as? any HostOperation).map { (try? $0.validateOnHost(node, in: self)) != nil } ?? false
    }
    let supplied = Set(states.map(\.tensor))
    // Movements of an int16 end lead to what the host converts, even where others of int16 are the accelerator's.
    var isAhead = [Bool](repeating: false, count: nodes.count)
    for (position, node) in nodes.enumerated().reversed() where runsOnHost(node) {
      let moves = isInt16(node) && node.operation is any Movement
      isAhead[position] = errors[position] != nil || moves && node.outputs.contains { consumers[$0].contains { isAhead[$0] } }
    }
    for (position, node) in nodes.enumerated() where isAhead[position] {
      let isFirst = node.inputs.allSatisfy { input in
        input < 0 || tensors[input].isConstant || !supplied.contains(input) && (producers[input].map { places[$0] == .before } ?? true)
      }
      if isFirst { places[position] = .before }
    }
    // What could run on the accelerator and stands behind an operator that cannot is the host's, too.
    var isBehind = [Bool](repeating: false, count: nodes.count)
    for (position, node) in nodes.enumerated() where places[position] != .before {
      isBehind[position] = errors[position] != nil || node.inputs.contains { $0 >= 0 && producers[$0].map { isBehind[$0] } ?? false }
    }
    for (position, node) in nodes.enumerated().reversed() where isBehind[position] && places[position] == .accelerator {
      let isLast = node.outputs.allSatisfy { consumers[$0].allSatisfy { places[$0] == .after || places[$0] == .remaining } }
      guard isLast else { continue }
      if runsOnHost(node) { places[position] = .after } else if errors[position] != nil, isLeft(node) { places[position] = .remaining }
    }
    for (position, node) in nodes.enumerated() where places[position] == .after {
      if node.inputs.contains(where: { $0 >= 0 && producers[$0].map { places[$0] == .remaining } ?? false }) { places[position] = .remaining }
    }
    guard places.contains(.accelerator), places.contains(where: { $0 != .accelerator }) else { return Partition(accelerator: self) }
    func those(_ place: Place) -> [Node] { zip(nodes, places).filter { $0.1 == place }.map(\.0) }
    var part = self
    part.nodes = those(.accelerator)
    let behind = those(.after) + those(.remaining)
    let made = Set(part.nodes.flatMap(\.outputs)), hosts = Set((those(.before) + behind).flatMap(\.outputs))
    // In the order of the network's own ends, then in the order in which they are met.
    var order: [Int] = [], seen = Set<Int>()
    func add(_ tensor: Int) { if tensor >= 0, !tensors[tensor].isConstant, seen.insert(tensor).inserted { order.append(tensor) } }
    let reads = Set(part.nodes.flatMap(\.inputs)), hostReads = Set((those(.before) + behind).flatMap(\.inputs))
    for input in inputs where reads.contains(input) || !hostReads.contains(input) { add(input) }
    for node in part.nodes { for input in node.inputs where !made.contains(input) && !supplied.contains(input) { add(input) } }
    part.inputs = order
    (order, seen) = ([], [])
    for output in outputs where !hosts.contains(output) && (made.contains(output) || part.inputs.contains(output)) { add(output) }
    for node in behind { for input in node.inputs where made.contains(input) { add(input) } }
    part.outputs = order
    return Partition(accelerator: part, before: those(.before), after: those(.after), remaining: those(.remaining))
  }

  /// What is computed for the user: the outputs, but those of operators that remain, and then what these read.
  public var results: [Int] {
    let remaining = partition.remaining, uncomputed = Set(remaining.flatMap(\.outputs))
    var results = outputs.filter { !uncomputed.contains($0) }
    for input in remaining.flatMap(\.inputs) where input >= 0 && !tensors[input].isConstant && !uncomputed.contains(input) && !results.contains(input) {
      results.append(input)
    }
    return results
  }

  /// Whether an operator at the end of a network may be left to whoever uses the accelerator: a decoder, or arithmetic on other
  /// types than the accelerator's.
  private func isLeft(_ node: Node) -> Bool {
    let name = node.operation.name
    if name == "custom operator 'ethos-u'" || name == "custom operator 'edgetpu-custom-op'" { return false }
    if name.hasPrefix("custom operator ") || ["TOPK_V2", "NON_MAX_SUPPRESSION_V4", "NON_MAX_SUPPRESSION_V5"].contains(name) { return true }
    let others: Set<ElementType> = [.float32, .float16, .int32, .int64, .bool]
    return (node.inputs + node.outputs).contains { $0 >= 0 && !tensors[$0].isConstant && others.contains(tensors[$0].type) }
  }
}
