/// Expressions as Verilog text.
///
/// Two rules make the text right. Every operand has exactly the width of its operation, so Verilog's
/// context-determined widths change nothing. And since one unsigned operand turns a whole Verilog
/// expression unsigned, the sign of each printed text is tracked: where it matters (comparisons, right
/// shifts, products) operands are wrapped in `$signed` or `$unsigned`, whose argument stands alone.
struct VerilogText {
  var string: String
  /// How tightly the outermost operator binds.
  var precedence: Precedence
  /// The sign as Verilog sees it, which may differ from that of the node.
  var isSigned: Bool

  enum Precedence: Int, Comparable {
    case reduction, ternary, logicalOr, logicalAnd, or, xor, and, equality, relation, shift, sum, product, unary, primary
    static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
  }
  func parenthesized(below limit: Precedence) -> String { precedence < limit ? "(\(string))" : string }
  func converted(toSigned wanted: Bool) -> VerilogText {
    if wanted == isSigned { return self }
    return VerilogText(string: "\(wanted ? "$signed" : "$unsigned")(\(string))", precedence: .primary, isSigned: wanted)
  }
}

extension VerilogModule {
  /// `id` as an operand, by name if it has one.
  mutating func expression(_ id: Int32) -> VerilogText {
    let node = graph.nodes[Int(id)]
    if node.operation == .constant { return constant(id) }
    if node.operation.isSignal || mustBeNamed(id, node) {
      let name = identifier(id)
      reads.all(id)
      return VerilogText(string: name, precedence: .primary, isSigned: node.isSigned)
    }
    return formula(id, isRoot: false)
  }

  /// `id` as the whole right-hand side of an assignment of its own width.
  mutating func rootExpression(_ id: Int32) -> VerilogText {
    let node = graph.nodes[Int(id)]
    if node.operation == .multiply && graph.expressionNames[id] == nil && uses[Int(id)] <= 1 { return formula(id, isRoot: true) }
    return expression(id)
  }

  mutating func condition(_ id: Int32) -> String { expression(id).string }

  // MARK: names

  private func mustBeNamed(_ id: Int32, _ node: Node) -> Bool {
    if named[id] != nil || graph.expressionNames[id] != nil { return true }
    switch node.operation {
    case .multiply, .choose: return true
    default: return uses[Int(id)] > 1 && cost(id) > 1
    }
  }

  /// Roughly how many operators are printed when `id` is repeated instead of named.
  private func cost(_ id: Int32) -> Int {
    let node = graph.nodes[Int(id)]
    if node.operation.isSource || named[id] != nil || graph.expressionNames[id] != nil { return 0 }
    switch node.operation {
    case .slice: return graph.nodes[Int(node.a)].operation.isSource ? 0 : 1
    case .reinterpret: return cost(node.a)
    case .not, .extend, .replicate: return 1 + cost(node.a)
    case .and, .or, .xor, .equal, .notEqual: return 1 + cost(node.a) + cost(node.b)
    default: return 2
    }
  }

  /// A name for `id`; declares one if it has none.
  mutating func identifier(_ id: Int32) -> String {
    let node = graph.nodes[Int(id)]
    if node.operation.isSignal { return names.signals[node.immediate] }
    if let name = named[id] { return name }
    let name = names.claim(graph.expressionNames[id] ?? suggestedName(node))
    named[id] = name
    if node.operation == .choose {
      temporaries.append((id, "  reg \(range(node.shape))\(name);\n" + chooseProcess(node, into: name)))
    } else {
      let value = formula(id, isRoot: true).string
      temporaries.append((id, "  wire \(range(node.shape))\(name) = \(value);\n"))
    }
    return name
  }

  private func suggestedName(_ node: Node) -> String {
    switch node.operation {
    case .multiply: "product"
    case .add: "sum"
    case .subtract: "difference"
    case .choose: "chosen"
    case .select: "selected"
    case .concatenate: "bundle"
    case .constant: "constant"
    case .shiftLeft, .shiftRight: "shifted"
    default: "value"
    }
  }

  mutating func temporaryDeclarations() -> String {
    temporaries.sort { $0.id < $1.id }
    return temporaries.map(\.text).joined()
  }

  private mutating func chooseProcess(_ node: Node, into name: String) -> String {
    var arms: [String] = []
    let entries = Array(graph.operands(of: node).dropFirst())
    let index = expression(node.a).string
    for (position, entry) in entries.enumerated() {
      let label = position == entries.count - 1 ? "default" : literal(position, graph.nodes[Int(node.a)].width)
      arms.append("  \(label): \(name) = \(expression(entry).string);")
    }
    return process("always @*", ["case (\(index))"] + arms + ["endcase"])
  }

  // MARK: formulas

  private mutating func formula(_ id: Int32, isRoot: Bool) -> VerilogText {
    let node = graph.nodes[Int(id)]
    switch node.operation {
    case .constant: return constant(id)
    case .input, .variable, .register, .instanceOutput, .memoryRead: return expression(id)
    case .add: return infix("+", .sum, node)
    case .subtract: return infix("-", .sum, node)
    case .multiply: return product(node)
    case .and: return node.width == 1 ? infix("&&", .logicalAnd, node) : infix("&", .and, node)
    case .or: return node.width == 1 ? infix("||", .logicalOr, node) : infix("|", .or, node)
    case .xor: return infix("^", .xor, node)
    case .equal: return comparison("==", .equality, node)
    case .notEqual: return comparison("!=", .equality, node)
    case .less: return comparison("<", .relation, node)
    case .lessOrEqual: return comparison("<=", .relation, node)
    case .greater: return comparison(">", .relation, node)
    case .greaterOrEqual: return comparison(">=", .relation, node)
    case .not: return prefix(node.width == 1 ? "!" : "~", node, .unary)
    case .negate: return prefix("-", node, .unary)
    case .reduceAnd: return prefix("&", node, .reduction)
    case .reduceOr: return prefix("|", node, .reduction)
    case .reduceXor: return prefix("^", node, .reduction)
    case .select:
      let condition = expression(node.a).parenthesized(below: .logicalOr)
      let yes = expression(node.b), no = expression(node.c)
      let text = "\(condition) ? \(yes.parenthesized(below: .logicalOr)) : \(no.parenthesized(below: .ternary))"
      return VerilogText(string: text, precedence: .ternary, isSigned: yes.isSigned && no.isSigned)
    case .concatenate: return VerilogText(string: "{\(parts(node).joined(separator: ", "))}", precedence: .primary, isSigned: false)
    case .choose: return expression(id)
    case .slice:
      let name = identifier(node.a), low = node.immediate, high = low + node.width - 1
      reads.bits(node.a, low..<high + 1)
      let bits = low == high ? "[\(low)]" : "[\(high):\(low)]"
      return VerilogText(string: name + bits, precedence: .primary, isSigned: false)
    case .reinterpret:
      // The text keeps its own sign; whoever needs another one converts it.
      return expression(node.a)
    case .extend: return extended(node)
    case .shiftLeft: return shift("<<", node, isRoot: isRoot)
    case .shiftRight: return shift(graph.nodes[Int(node.a)].isSigned ? ">>>" : ">>", node, isRoot: isRoot)
    case .replicate:
      return VerilogText(string: "{\(node.immediate){\(expression(node.a).string)}}", precedence: .primary, isSigned: false)
    }
  }

  private mutating func infix(_ symbol: String, _ precedence: VerilogText.Precedence, _ node: Node) -> VerilogText {
    let left = expression(node.a), right = expression(node.b)
    // Equal operators chain on the left; on the right only where they associate.
    let chains = right.precedence == precedence && node.operation != .subtract && node.operation != .add
    let text = "\(operand(left, of: precedence, chains: true)) \(symbol) \(operand(right, of: precedence, chains: chains))"
    return VerilogText(string: text, precedence: precedence, isSigned: left.isSigned && right.isSigned && !symbol.hasPrefix("&&") && !symbol.hasPrefix("||"))
  }

  /// Parentheses also where Verilog would not need them, but a reader might.
  private func operand(_ text: VerilogText, of precedence: VerilogText.Precedence, chains: Bool) -> String {
    if text.precedence == precedence { return chains ? text.string : "(\(text.string))" }
    let mixesLogic = [.and, .or, .xor, .logicalAnd, .logicalOr].contains(precedence) && text.precedence < .relation
    let isCompare = precedence == .logicalAnd || precedence == .logicalOr
    if mixesLogic && !(isCompare && text.precedence == .equality) { return "(\(text.string))" }
    return text.parenthesized(below: precedence)
  }

  private mutating func comparison(_ symbol: String, _ precedence: VerilogText.Precedence, _ node: Node) -> VerilogText {
    var left = expression(node.a), right = expression(node.b)
    let isOrdered = precedence == .relation
    if isOrdered && graph.nodes[Int(node.a)].isSigned {
      left = left.converted(toSigned: true)
      right = right.converted(toSigned: true)
    } else if isOrdered && left.isSigned && right.isSigned {
      left = left.converted(toSigned: false)
    }
    if let index = labelledSignal(node.a), let label = labelText(index, graph.constantValue(node.b)) { right.string = label }
    let text = "\(left.parenthesized(below: .shift)) \(symbol) \(right.parenthesized(below: .shift))"
    return VerilogText(string: text, precedence: precedence, isSigned: false)
  }

  private mutating func prefix(_ symbol: String, _ node: Node, _ precedence: VerilogText.Precedence) -> VerilogText {
    let inner = expression(node.a)
    let keepsSign = symbol == "~" || symbol == "-"
    return VerilogText(string: symbol + inner.parenthesized(below: .primary), precedence: precedence, isSigned: keepsSign && inner.isSigned)
  }

  private mutating func product(_ node: Node) -> VerilogText {
    // Operands may be narrower than the product: Verilog widens them by the sign of the whole
    // expression, which is right if they are self-determined and agree in sign.
    func factor(_ id: Int32) -> VerilogText {
      let text = expression(id)
      if text.precedence == .primary { return text }
      let name = identifier(id)
      reads.all(id)
      return VerilogText(string: name, precedence: .primary, isSigned: graph.nodes[Int(id)].isSigned)
    }
    var left = factor(node.a), right = factor(node.b)
    if node.isSigned {
      left = left.converted(toSigned: true)
      right = right.converted(toSigned: true)
    } else if left.isSigned && right.isSigned {
      left = left.converted(toSigned: false)
    }
    return VerilogText(string: "\(left.string) * \(right.string)", precedence: .product, isSigned: node.isSigned)
  }

  private mutating func shift(_ symbol: String, _ node: Node, isRoot: Bool) -> VerilogText {
    var value = expression(node.a)
    let amount = expression(node.b)
    if symbol == ">>>" { value = value.converted(toSigned: true) }
    let text = "\(value.parenthesized(below: .unary)) \(symbol) \(amount.parenthesized(below: .unary))"
    let result = VerilogText(string: text, precedence: .shift, isSigned: value.isSigned)
    // An unsigned neighbour would turn the arithmetic shift into a logical one.
    if symbol == ">>>" && !isRoot { return VerilogText(string: "$signed(\(text))", precedence: .primary, isSigned: true) }
    return result
  }

  private mutating func extended(_ node: Node) -> VerilogText {
    let inner = graph.nodes[Int(node.a)]
    let added = node.width - inner.width
    let text: String
    // The sign first: it may give the operand a name, which the rest then uses.
    let sign = inner.isSigned ? signBit(node.a) : ""
    let body = concatenationPart(node.a)
    if inner.isSigned {
      text = added == 1 ? "{\(sign), \(body)}" : "{{\(added){\(sign)}}, \(body)}"
    } else {
      text = "{\(added)'d0, \(body)}"
    }
    return VerilogText(string: text, precedence: .primary, isSigned: false)
  }

  /// The top bit of `id` without computing the rest twice.
  private mutating func signBit(_ id: Int32) -> String {
    let node = graph.nodes[Int(id)]
    if !node.operation.isSignal && !mustBeNamed(id, node) {
      switch node.operation {
      case .reinterpret: return signBit(node.a)
      case .extend where graph.nodes[Int(node.a)].isSigned: return signBit(node.a)
      case .slice:
        let high = node.immediate + node.width - 1
        let name = identifier(node.a)
        reads.bits(node.a, high..<high + 1)
        return "\(name)[\(high)]"
      case .concatenate:
        if let last = graph.operands(of: node).last { return signBit(last) }
      default: break
      }
    }
    let name = identifier(id)
    if node.width == 1 {
      reads.all(id)
      return name
    }
    reads.bits(id, node.width - 1..<node.width)
    return "\(name)[\(node.width - 1)]"
  }

  /// The parts of a concatenation, most significant first; inner concatenations are flattened.
  private mutating func parts(_ node: Node) -> [String] {
    var result: [String] = []
    for id in graph.operands(of: node).reversed() {
      let part = graph.nodes[Int(id)]
      if part.operation == .concatenate && !mustBeNamed(id, part) { result += parts(part) } else {
        result.append(concatenationPart(id))
      }
    }
    return result
  }
  private mutating func concatenationPart(_ id: Int32) -> String {
    if let value = graph.constantValue(id) { return pattern(value) }
    // `expression` may have printed a name for `id` by now.
    return expression(id).string
  }

  // MARK: constants

  private func constant(_ id: Int32) -> VerilogText {
    let node = graph.nodes[Int(id)]
    let value = graph.constantValue(id) ?? .zero(node.width)
    guard node.isSigned else { return VerilogText(string: pattern(value), precedence: .primary, isSigned: false) }
    return VerilogText(string: signedLiteral(value), precedence: value.isNegative ? .unary : .primary, isSigned: true)
  }
  private func signedLiteral(_ value: BitVector) -> String {
    guard let number = value.int(isSigned: true), abs(number) < 100_000, !(value.isNegative && value.negated.isNegative) else {
      return "\(value.width)'sh\(value.hexadecimal)"
    }
    return number < 0 ? "-\(value.width)'sd\(-number)" : "\(value.width)'sd\(number)"
  }
  func pattern(_ value: BitVector) -> String {
    if value.width == 1 { return value.isZero ? "1'b0" : "1'b1" }
    if let number = value.unsignedInt, number < 100_000 { return literal(number, value.width) }
    return "\(value.width)'h\(value.hexadecimal)"
  }
  func literal(_ value: Int, _ width: Int) -> String {
    width == 1 ? "1'b\(value)" : "\(width)'d\(value)"
  }

  // MARK: state names

  func labelledSignal(_ id: Int32) -> Int? {
    let node = graph.nodes[Int(id)]
    guard node.operation == .register, !graph.signals[node.immediate].labels.isEmpty else { return nil }
    return node.immediate
  }
  mutating func labelText(_ signal: Int, _ value: BitVector?) -> String? {
    guard let number = value?.unsignedInt, let label = graph.signals[signal].labels.first(where: { $0.value == number }) else { return nil }
    usedLabels[signal, default: []].insert(number)
    return labelName(signal, label.name)
  }
}
