/// Expressions as Verilog text; the rules for width and sign stand with `VerilogText`.
extension VerilogModule {
  /// `id` as an operand: by name if it has one.
  mutating func expression(_ id: Int32) -> VerilogText {
    let node = graph.nodes[Int(id)]
    if node.operation == .constant { return namedConstant(id) ?? constant(id) }
    if node.operation.isSignal || mustBeNamed(id, node) { return whole(id) }
    return formula(id, isRoot: false)
  }

  /// `id` as the whole right-hand side of an assignment of its own width.
  mutating func rootExpression(_ id: Int32) -> VerilogText {
    let node = graph.nodes[Int(id)]
    if graph.expressionNames[id] != nil || graph.attributes[id] != nil || named[id] != nil || uses[Int(id)] > 1 { return expression(id) }
    switch node.operation {
    case .multiply: return product(node)
    case .reinterpret: return rootExpression(node.a)
    case .shiftRight: return formula(id, isRoot: true)
    default: return expression(id)
    }
  }

  /// The definition of a named expression.
  mutating func rootFormula(_ id: Int32) -> VerilogText {
    let node = graph.nodes[Int(id)]
    return node.operation == .reinterpret ? rootExpression(node.a) : formula(id, isRoot: true)
  }

  private mutating func whole(_ id: Int32) -> VerilogText {
    let name = identifier(id)
    reads.all(id)
    return .primary(name, isSigned: graph.nodes[Int(id)].isSigned)
  }

  private mutating func formula(_ id: Int32, isRoot: Bool) -> VerilogText {
    let node = graph.nodes[Int(id)]
    switch node.operation {
    case .constant: return constant(id)
    case .input, .variable, .register, .instanceOutput, .memoryRead, .choose, .replace: return whole(id)
    case .add: return infix("+", .sum, node)
    case .subtract: return infix("-", .sum, node)
    case .multiply: return isRoot ? product(node) : whole(id)
    case .and: return node.width == 1 ? infix("&&", .logicalAnd, node) : infix("&", .and, node)
    case .or: return node.width == 1 ? infix("||", .logicalOr, node) : infix("|", .or, node)
    case .xor: return infix("^", .xor, node)
    case .equal: return comparison("==", .equality, node)
    case .notEqual: return comparison("!=", .equality, node)
    case .less: return comparison("<", .relation, node)
    case .lessOrEqual: return comparison("<=", .relation, node)
    case .greater: return comparison(">", .relation, node)
    case .greaterOrEqual: return comparison(">=", .relation, node)
    case .not: return negation(node)
    case .negate: return prefix("-", node, .unary)
    case .reduceAnd: return prefix("&", node, .reduction)
    case .reduceOr: return prefix("|", node, .reduction)
    case .reduceXor: return prefix("^", node, .reduction)
    case .select: return selection(node)
    case .concatenate: return .primary("{\(parts(node).joined(separator: ", "))}")
    case .slice: return .primary(slice(node.a, node.immediate..<node.immediate + node.width))
    case .part:
      var word = node.a
      while graph.nodes[Int(word)].operation == .reinterpret && !mustBeNamed(word, graph.nodes[Int(word)]) { word = graph.nodes[Int(word)].a }
      let name = identifier(word)
      reads.all(word)
      return .primary(name + part(at: node.b, width: node.width))
    // The text keeps its own sign; whoever needs another one converts it.
    case .reinterpret: return expression(node.a)
    case .extend: return extended(node)
    case .shiftLeft: return shift("<<", node, isRoot: isRoot)
    case .shiftRight: return shift(graph.nodes[Int(node.a)].isSigned ? ">>>" : ">>", node, isRoot: isRoot)
    case .replicate: return .primary("{\(node.immediate){\(part(node.a))}}")
    }
  }

  // MARK: operators

  private mutating func infix(_ symbol: String, _ precedence: VerilogText.Precedence, _ node: Node) -> VerilogText {
    let isMask = node.operation == .and || node.operation == .or || node.operation == .xor
    let left = isMask ? mask(node.a) : expression(node.a), right = isMask ? mask(node.b) : expression(node.b)
    // A chain on the right may lose its parentheses only where the operator associates.
    let associates = node.operation != .subtract && node.operation != .add
    let text = "\(left.operand(of: precedence, chains: true)) \(symbol) \(right.operand(of: precedence, chains: associates))"
    let isLogical = precedence == .logicalAnd || precedence == .logicalOr
    return VerilogText(string: text, precedence: precedence, isSigned: left.isSigned && right.isSigned && !isLogical)
  }

  /// An operand of bitwise logic: constants show their bits.
  private mutating func mask(_ id: Int32) -> VerilogText {
    guard let value = graph.constantValue(id), graph.expressionNames[id] == nil, value.width > 4, value.unsignedInt ?? .max > 9 else { return expression(id) }
    let isSigned = graph.nodes[Int(id)].isSigned
    return .primary("\(value.width)'\(isSigned ? "s" : "")h\(value.hexadecimal)", isSigned: isSigned)
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
    if let signal = labelledSignal(node.a), let label = labelText(signal, graph.constantValue(node.b)) { right = .primary(label) }
    let text = "\(left.parenthesized(below: .shift)) \(symbol) \(right.parenthesized(below: .shift))"
    // Bare, it reads like a nonblocking assignment.
    return symbol == "<=" ? .primary("(\(text))") : VerilogText(string: text, precedence: precedence, isSigned: false)
  }

  private mutating func prefix(_ symbol: String, _ node: Node, _ precedence: VerilogText.Precedence) -> VerilogText {
    let inner = expression(node.a)
    let keepsSign = symbol == "~" || symbol == "-"
    return VerilogText(string: symbol + inner.parenthesized(below: .primary), precedence: precedence, isSigned: keepsSign && inner.isSigned)
  }

  private mutating func negation(_ node: Node) -> VerilogText {
    prefix(node.width == 1 ? "!" : "~", node, .unary)
  }

  private mutating func selection(_ node: Node) -> VerilogText {
    let condition = expression(node.a), yes = expression(node.b), no = expression(node.c)
    let test = condition.parenthesized(below: .unary)
    let text = "\(test) ? \(yes.parenthesized(below: .logicalOr)) : \(no.parenthesized(below: .ternary))"
    return VerilogText(string: text, precedence: .ternary, isSigned: yes.isSigned && no.isSigned)
  }

  /// Factors may be narrower than the product: Verilog widens them by the sign of the whole expression,
  /// which is right if each stands alone and they agree in sign. Only as a root is the width its own.
  private mutating func product(_ node: Node) -> VerilogText {
    func factor(_ id: Int32) -> VerilogText {
      let text = expression(id)
      return text.precedence == .primary ? text : whole(id)
    }
    var left = factor(node.a), right = factor(node.b)
    if node.isSigned {
      left = left.converted(toSigned: true)
      right = right.converted(toSigned: true)
    } else if left.isSigned && right.isSigned {
      left = left.converted(toSigned: false)
    }
    return VerilogText(string: "\(left.string) * \(right.string)", precedence: .product, isSigned: left.isSigned && right.isSigned)
  }

  private mutating func shift(_ symbol: String, _ node: Node, isRoot: Bool) -> VerilogText {
    var value = expression(node.a)
    let amount = expression(node.b)
    if symbol == ">>>" { value = value.converted(toSigned: true) }
    let text = "\(value.parenthesized(below: .unary)) \(symbol) \(amount.parenthesized(below: .unary))"
    // An unsigned neighbour would turn an arithmetic shift into a logical one.
    if symbol == ">>>" && !isRoot { return .primary("$signed(\(text))", isSigned: true) }
    return VerilogText(string: text, precedence: .shift, isSigned: value.isSigned)
  }

  // MARK: bits

  /// `[i]`, or `[8 * i +: 8]`.
  mutating func part(at index: Int32, width: Int) -> String {
    // An index is a pattern of bits: as a signed one it could lie before bit 0.
    let place = expression(index).converted(toSigned: false)
    if width == 1 { return "[\(place.string)]" }
    // In a product with a number of 32 bits, a sum would not wrap: it gets a name, and with it its width.
    return "[\(width) * \(place.precedence == .primary ? place.string : whole(index).converted(toSigned: false).string) +: \(width)]"
  }

  /// Statements that assign such a part of a target of `total` bits, under the condition that the part exists. Verilog says
  /// that the others change nothing; Verilator 5.006 cuts their place to the bits that a place inside needs.
  mutating func whereItExists(_ index: Int32, width: Int, of total: Int, _ statements: [String]) -> [String] {
    let count = total / width, bits = graph.nodes[Int(index)].width
    if width == 1 || bits >= 32 || count >= 1 << bits { return statements }
    let place = expression(index).converted(toSigned: false).parenthesized(below: .shift)
    return ["if (\(place) < \(literal(count, bits))) begin"] + statements.map { "  " + $0 } + ["end"]
  }

  private mutating func extended(_ node: Node) -> VerilogText {
    let inner = graph.nodes[Int(node.a)]
    let added = node.width - inner.width
    if !inner.isSigned { return .primary("{\(added)'d0, \(flattened(node.a))}") }
    // The sign first: it may give the operand a name, which the rest then uses.
    let sign = signBit(node.a)
    return .primary(added == 1 ? "{\(sign), \(flattened(node.a))}" : "{{\(added){\(sign)}}, \(flattened(node.a))}")
  }

  private mutating func signBit(_ id: Int32) -> String {
    let node = graph.nodes[Int(id)]
    if node.operation == .extend && node.isSigned && !mustBeNamed(id, node) { return signBit(node.a) }
    return slice(id, node.width - 1..<node.width)
  }

  /// Some bits of `id`, from inside its expression where that needs no name.
  mutating func slice(_ id: Int32, _ range: Range<Int>) -> String {
    let node = graph.nodes[Int(id)]
    if let value = graph.constantValue(id) { return pattern(value.slice(range.lowerBound, width: range.count)) }
    if range == 0..<node.width { return part(id) }
    if !node.operation.isSignal && !mustBeNamed(id, node) {
      switch node.operation {
      case .reinterpret: return slice(node.a, range)
      case .slice: return slice(node.a, range.lowerBound + node.immediate..<range.upperBound + node.immediate)
      case .extend where range.upperBound <= graph.nodes[Int(node.a)].width: return slice(node.a, range)
      case .concatenate:
        var low = 0
        for part in graph.operands(of: node) {
          let high = low + graph.nodes[Int(part)].width
          if range.lowerBound >= low && range.upperBound <= high { return slice(part, range.lowerBound - low..<range.upperBound - low) }
          low = high
        }
      default: break
      }
    }
    let name = identifier(id)
    reads.bits(id, range)
    readsParts = true
    return part(of: id, name, range)
  }

  /// The parts of a concatenation, most significant first.
  private mutating func parts(_ node: Node) -> [String] {
    var result: [String] = []
    for id in graph.operands(of: node).reversed() { result.append(flattened(id)) }
    return result
  }
  /// `id` inside braces; those of an inner concatenation are not needed.
  private mutating func flattened(_ id: Int32) -> String {
    let node = graph.nodes[Int(id)]
    if mustBeNamed(id, node) { return part(id) }
    switch node.operation {
    case .concatenate: return parts(node).joined(separator: ", ")
    case .reinterpret: return flattened(node.a)
    default: return part(id)
    }
  }
  /// `id` where only its bits matter.
  private mutating func part(_ id: Int32) -> String {
    if graph.expressionNames[id] == nil, let value = graph.constantValue(id) { return pattern(value) }
    return expression(id).string
  }
}
