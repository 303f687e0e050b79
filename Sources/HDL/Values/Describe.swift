/// How diagnostics speak about a value: its name if it has one, else a short form of its expression.
extension Reference {
  /// `'sum' (signed 24-bit)` or `'a + b' (unsigned 9-bit)`.
  var description: String {
    let isExtended = graph.map { $0.nodes[Int(node)].operation == .extend && $0.expressionNames[node] == nil } ?? false
    return "'\(text)\(isExtended ? ".extended(to: \(shape.width))" : "")' (\(shape))"
  }

  var text: String {
    if let graph { return graph.text(of: node, depth: 2) }
    guard let value = literal?.value else { return "?" }
    return (literal?.isComplement == true ? "~" : "") + (value.int(isSigned: shape.isSigned).map(String.init) ?? "0x" + value.hexadecimal)
  }
}

extension Graph {
  func text(of id: Int32, depth: Int) -> String {
    let node = nodes[Int(id)]
    if node.operation == .instanceOutput {
      let instance = instances[Int(node.a)], definition = instance.definition
      return "\(instance.name).\(definition.signals[definition.ports[Int(node.b)].signal].name)"
    }
    if let name = expressionNames[id] ?? signal(of: id)?.name { return name }
    if let value = constantValue(id) { return value.int(isSigned: node.isSigned).map(String.init) ?? "0x" + value.hexadecimal }
    if depth == 0 { return "…" }
    func operand(_ id: Int32) -> String { text(of: id, depth: depth - 1) }
    if let symbol = symbol(of: node) { return "\(operand(node.a)) \(symbol) \(operand(node.b))" }
    switch node.operation {
    case .extend: return text(of: node.a, depth: depth)
    case .negate: return "-\(operand(node.a))"
    case .not: return "\(node.width == 1 ? "!" : "~")\(operand(node.a))"
    case .select: return "select(\(operand(node.a)), \(operand(node.b)), \(operand(node.c)))"
    case .concatenate:
      // How `<<` is made.
      let parts = operands(of: node)
      if parts.count == 2, constantValue(parts[0])?.isZero == true { return "\(operand(parts[1])) << \(nodes[Int(parts[0])].width)" }
      return "concatenate(…)"
    case .choose: return "choose(\(operand(node.a)), …)"
    case .slice:
      let range = node.width == 1 ? "\(node.immediate)" : "\(node.immediate)..<\(node.immediate + node.width)"
      return "\(operand(node.a))[\(range)]"
    case .part: return node.width == 1 ? "\(operand(node.a))[\(operand(node.b))]" : "\(operand(node.a))[\(operand(node.b)), width: \(node.width)]"
    case .reinterpret: return "\(operand(node.a)).\(node.isSigned ? "asSigned" : "asUnsigned")"
    case .reduceAnd: return "\(operand(node.a)).allBitsSet"
    case .reduceOr: return "\(operand(node.a)).anyBitSet"
    case .reduceXor: return "\(operand(node.a)).parity"
    case .replicate: return "\(operand(node.a)).replicated(\(node.immediate))"
    default: return "…"
    }
  }
}

extension Graph {
  /// The infix symbol as written in Swift: sums and differences that do not grow wrap.
  private func symbol(of node: Node) -> String? {
    guard node.operation == .add || node.operation == .subtract else { return node.operation.symbol }
    func width(_ id: Int32) -> Int {
      let operand = nodes[Int(id)]
      return operand.operation == .extend ? nodes[Int(operand.a)].width : constantValue(id)?.minimalWidth(isSigned: operand.isSigned) ?? operand.width
    }
    let isWrapping = max(width(node.a), width(node.b)) == node.width
    return (isWrapping ? "&" : "") + (node.operation.symbol ?? "")
  }
}

extension Operation {
  /// The infix symbol as written in Swift.
  var symbol: String? {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .and: "&"
    case .or: "|"
    case .xor: "^"
    case .equal: "==="
    case .notEqual: "!=="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .shiftLeft: "<<"
    case .shiftRight: ">>"
    default: nil
    }
  }
}
