/// Which expressions get a name of their own, and which name.
///
/// A name is needed where Verilog's grammar wants one (a slice, a sign to repeat), where the user gave
/// one, and where repeating a costly expression would repeat hardware. Names that the user did not give
/// are read off the expression: `a_plus_b`, `count_is_3`.
extension VerilogModule {
  func mustBeNamed(_ id: Int32, _ node: Node) -> Bool {
    if named[id] != nil || graph.expressionNames[id] != nil || graph.attributes[id] != nil { return true }
    switch node.operation {
    case .multiply, .choose, .replace: return true
    default: return uses[Int(id)] > 1 && cost(id) > 1
    }
  }

  /// Names an expression every so many levels, so that endless chains stay readable, and printing them
  /// needs little stack. Operands come before their users.
  mutating func nameDeepExpressions() {
    let limit = 40
    var depth = [Int](repeating: -1, count: graph.nodes.count)
    target = "chain"
    for root in graph.nodes.indices where uses[root] > 0 && depth[root] < 0 {
      var stack = [Int32(truncatingIfNeeded: root)]
      while let id = stack.last {
        let node = graph.nodes[Int(id)]
        let operands = node.operation.isSource ? [] : graph.operands(of: node)
        let pending = operands.filter { depth[Int($0)] < 0 }
        if !pending.isEmpty {
          stack += pending
          continue
        }
        stack.removeLast()
        if depth[Int(id)] >= 0 { continue }
        let level = operands.isEmpty ? 0 : (operands.map { depth[Int($0)] }.max() ?? 0) + 1
        depth[Int(id)] = level <= limit ? level : 0
        if level > limit { _ = identifier(id) }
      }
    }
  }

  /// Roughly how many operators are printed when `id` is repeated instead of named; exact up to 2.
  private func cost(_ id: Int32) -> Int {
    let node = graph.nodes[Int(id)]
    if node.operation.isSource || named[id] != nil || graph.expressionNames[id] != nil { return 0 }
    switch node.operation {
    case .slice: return graph.nodes[Int(node.a)].operation.isSource ? 0 : 1
    case .reinterpret: return cost(node.a)
    // A few wires side by side are no hardware.
    case .concatenate: return node.count <= 4 && graph.operands(of: node).allSatisfy(isSimple) ? 1 : 2
    case .not, .extend, .replicate: return isSimple(node.a) ? 1 : 2
    case .and, .or, .xor, .equal, .notEqual: return isSimple(node.a) && isSimple(node.b) ? 1 : 2
    default: return 2
    }
  }

  private func isSimple(_ id: Int32) -> Bool {
    let node = graph.nodes[Int(id)]
    if node.operation.isSource || named[id] != nil || graph.expressionNames[id] != nil { return true }
    return (node.operation == .slice || node.operation == .reinterpret) && graph.nodes[Int(node.a)].operation.isSource
  }

  /// A name for `id`; declares one if it has none.
  mutating func identifier(_ id: Int32) -> String {
    let node = graph.nodes[Int(id)]
    if node.operation.isSignal { return names.signals[node.immediate] }
    if let name = named[id] { return name }
    let given = graph.expressionNames[id] ?? descriptiveName(id), name = names.claim(given ?? countedName(id))
    // Parts of what has no name of its own are counted, too, or names would grow from part to part.
    let outer = (target, readsParts, isConnection)
    if given != nil { target = name }
    (readsParts, isConnection) = (false, false)
    defer { (target, readsParts, isConnection) = outer }
    if node.operation == .choose {
      let body = chooseProcess(node, into: name)
      temporaries.append((id, "  \(attributes(id))\(dialect.variable) \(range(node.shape))\(name);\n\(body)"))
    } else if node.operation == .replace {
      let old = rootExpression(node.a).string, place = part(at: node.b, width: graph.nodes[Int(node.c)].width)
      let part = ["\(name)\(place) = \(rootExpression(node.c).string);"]
      let lines = ["\(name) = \(old);"] + whereItExists(node.b, width: graph.nodes[Int(node.c)].width, of: node.width, part)
      let body = process(dialect.combinational(readsParts: readsParts), lines)
      temporaries.append((id, "  \(attributes(id))\(dialect.variable) \(range(node.shape))\(name);\n\(body)"))
    } else {
      let value = rootFormula(id).string
      // Icarus takes no attributes where a wire is declared with its value.
      let assignment = graph.attributes[id] == nil ? "" : ";\n  assign \(name)"
      temporaries.append((id, "  \(attributes(id))wire \(range(node.shape))\(name)\(assignment) = \(value);\n"))
    }
    named[id] = name
    return name
  }

  private mutating func chooseProcess(_ node: Node, into name: String) -> String {
    let lines = chooseLines(node, into: name, "=")
    return process(dialect.combinational(readsParts: readsParts), lines)
  }
  mutating func chooseLines(_ node: Node, into name: String, _ arrow: String) -> [String] {
    let entries = graph.operands(of: node).dropFirst()
    let isComplete = entries.count == 1 << graph.nodes[Int(node.a)].width
    var lines = ["\(dialect.choice(isComplete: isComplete)) (\(expression(node.a).string))"]
    for (position, entry) in entries.enumerated() {
      let label = position == entries.count - 1 ? "default" : literal(position, graph.nodes[Int(node.a)].width)
      lines.append("  \(label): \(name) \(arrow) \(expression(entry).string);")
    }
    return lines + ["endcase"]
  }

  // MARK: suggestions

  /// What the expression says, if that is short.
  private func descriptiveName(_ id: Int32) -> String? {
    let limit = 32
    // A number says less than what it is for.
    if graph.nodes[Int(id)].operation == .constant { return nil }
    guard let words = words(id, depth: 2), words.utf8.count <= limit else { return nil }
    return words
  }
  /// What kind of part it is of what is being printed.
  private func countedName(_ id: Int32) -> String {
    let kind = switch graph.nodes[Int(id)].operation {
    case .constant: "table"
    case .multiply: "product"
    case .add: "sum"
    case .subtract: "difference"
    case .select, .choose: "choice"
    case .concatenate: "bundle"
    case .shiftLeft, .shiftRight: "shifted"
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: "test"
    default: "value"
    }
    return "\(target)_\(kind)"
  }

  /// The expression in words, if they are few.
  private func words(_ id: Int32, depth: Int) -> String? {
    let node = graph.nodes[Int(id)]
    if let name = graph.expressionNames[id] ?? named[id] { return name }
    if node.operation.isSignal { return names.signals[node.immediate] }
    if let value = graph.constantValue(id) {
      guard let number = value.int(isSigned: node.isSigned) else { return nil }
      return number < 0 ? "minus_\(-number)" : "\(number)"
    }
    if depth == 0 { return nil }
    /// A state by the name of its case.
    func labelled(_ node: Node, _ infix: String) -> String? {
      guard let state = labelledSignal(node.a), let value = graph.constantValue(node.b)?.unsignedInt else { return nil }
      return graph.signals[state].labels.first { $0.value == value }.map { "\(names.signals[state])_\(infix)_\(snakeCase($0.name))" }
    }
    func unary(_ prefix: String) -> String? { words(node.a, depth: depth - 1).map { prefix + $0 } }
    func binary(_ infix: String) -> String? {
      guard let left = words(node.a, depth: depth - 1), let right = words(node.b, depth: depth - 1) else { return nil }
      return "\(left)_\(infix)_\(right)"
    }
    switch node.operation {
    case .extend, .reinterpret: return words(node.a, depth: depth)
    case .add: return binary("plus")
    case .subtract: return binary("minus")
    case .multiply: return binary("times")
    case .and: return binary("and")
    case .or: return binary("or")
    case .xor: return binary("xor")
    case .not: return unary("not_")
    case .negate: return unary("minus_")
    case .equal: return labelled(node, "is") ?? binary("is")
    case .notEqual: return labelled(node, "is_not") ?? binary("is_not")
    case .less: return binary("below")
    case .lessOrEqual: return binary("at_most")
    case .greater: return binary("above")
    case .greaterOrEqual: return binary("at_least")
    case .shiftLeft: return binary("shifted_left_by")
    case .shiftRight: return binary("shifted_right_by")
    case .reduceOr: return unary("any_")
    case .reduceAnd: return unary("all_")
    case .reduceXor: return unary("parity_")
    case .part: return binary("at")
    case .slice:
      let range = node.width == 1 ? "\(node.immediate)" : "\(node.immediate + node.width - 1)_\(node.immediate)"
      return words(node.a, depth: depth - 1).map { "\($0)_\(range)" }
    default: return nil
    }
  }
}
