/// Constants as Verilog text: decimal where a person would, always with their width.
extension VerilogModule {
  func constant(_ id: Int32) -> VerilogText {
    let node = graph.nodes[Int(id)]
    return constant(graph.constantValue(id) ?? .zero(node.width), isSigned: node.isSigned)
  }
  /// A constant with a name, which is declared by that.
  mutating func namedConstant(_ id: Int32) -> VerilogText? {
    guard let name = graph.expressionNames[id] else { return nil }
    let isSigned = graph.nodes[Int(id)].isSigned
    if let known = constantNames[id] { return .primary(known, isSigned: isSigned) }
    let claimed = names.claim(name, capitals: true)
    constantNames[id] = claimed
    constants += "  localparam \(range(graph.nodes[Int(id)].shape))\(claimed) = \(constant(id).string);\n"
    return .primary(claimed, isSigned: isSigned)
  }
  func constant(_ value: BitVector, isSigned: Bool) -> VerilogText {
    guard isSigned else { return .primary(pattern(value)) }
    guard let number = value.int(isSigned: true), abs(number) < 100_000, value.width > 1 else {
      return .primary("\(value.width)'sh\(value.hexadecimal)", isSigned: true)
    }
    if number >= 0 { return .primary("\(value.width)'sd\(number)", isSigned: true) }
    return VerilogText(string: "-\(value.width)'sd\(-number)", precedence: .unary, isSigned: true)
  }

  /// The unsigned literal with these bits.
  func pattern(_ value: BitVector) -> String {
    if let number = value.unsignedInt, number < 100_000 { return literal(number, value.width) }
    return "\(value.width)'h\(value.hexadecimal)"
  }
  func literal(_ value: Int, _ width: Int) -> String {
    width == 1 ? "1'b\(value)" : "\(width)'d\(value)"
  }

  /// `text` between quotes, with what Verilog does not take there escaped.
  func literal(_ text: String) -> String {
    "\"" + text.unicodeScalars.map(escaped).joined() + "\""
  }
  private func escaped(_ character: Unicode.Scalar) -> String {
    switch character {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\t": return "\\t"
    default: break
    }
    if character.value >= 32 && character.value != 127 { return String(character) }
    let digits = String(character.value, radix: 8)
    return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
  }

  // MARK: state names

  /// The signal behind `id` if its values have names.
  func labelledSignal(_ id: Int32) -> Int? {
    let node = graph.nodes[Int(id)]
    guard node.operation.isSignal, node.operation != .instanceOutput, !graph.signals[node.immediate].labels.isEmpty else { return nil }
    return node.immediate
  }
  mutating func labelText(_ signal: Int, _ value: BitVector?) -> String? {
    if isConnection && dialect == .systemVerilog { return nil }
    guard let number = value?.unsignedInt, let label = names.labels[signal]?[number] else { return nil }
    usedLabels[signal, default: []].insert(number)
    return label
  }
}
