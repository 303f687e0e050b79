/// Assignments as Verilog: `assign` where there is one, `always @*` where there is a choice, and one
/// clocked process for all registers of a domain.
extension VerilogModule {
  /// The wires and outputs that `body` assigns.
  mutating func combinationalProcesses(_ body: Block, _ isProcedural: inout Set<Int32>) -> String {
    var statements: [Int32: [Int]] = [:]
    for (index, statement) in body.statements.enumerated() {
      for target in statement.targets { statements[target, default: []].append(index) }
    }
    let groups = ProcessGroups(graph, body, statements).groups
    let order = groups.sorted { statements[$0[0]]?.first ?? 0 < statements[$1[0]]?.first ?? 0 }
    var text = ""
    var lastWasProcess = false
    for group in order {
      let members = Set(group)
      let indices = Set(group.flatMap { statements[$0] ?? [] }).sorted()
      let mine = indices.map { body.statements[$0] }.assigning { members.contains($0) }
      let isProcess: Bool
      let part: String
      if let value = constant(mine), let target = members.first {
        let isSigned = graph.nodes[Int(target)].isSigned
        part = "  assign \(name(of: target)) = \(constant(value, isSigned: isSigned).string);\n"
        isProcess = false
      } else if let assignments = continuous(mine) {
        part = assignments.map { assignment in
          target = name(of: assignment.target)
          let value = assignment.place == .whole ? labelledExpression(assignment.value, of: assignment.target) : nil
          return "  assign \(place(assignment)) = \(value ?? rootExpression(assignment.value).string);\n"
        }.joined()
        isProcess = false
      } else {
        isProcedural.formUnion(members)
        readsParts = false
        let body = lines(mine, "=")
        part = process(dialect.combinational(readsParts: readsParts), body)
        isProcess = true
      }
      text += (text.isEmpty || !(isProcess || lastWasProcess) ? "" : "\n") + part
      lastWasProcess = isProcess
    }
    return text
  }

  /// What several constants, assigned to one target one after the other, come to; nil for anything else. A process that reads
  /// nothing would never begin.
  private func constant(_ statements: [Statement]) -> BitVector? {
    guard statements.count > 1 else { return nil }
    var result: BitVector?
    for statement in statements {
      guard case .assign(let assignment) = statement, let value = graph.constantValue(assignment.value) else { return nil }
      switch assignment.place {
      case .whole: result = value
      case .part: return nil
      case .bits(let low):
        guard let word = result else { return nil }
        result = word.replacing(low, with: value)
      }
    }
    return result
  }

  /// The assignments if there is nothing else, and each bit has one; nil if it takes a process.
  private func continuous(_ statements: [Statement]) -> [Assignment]? {
    var result: [Assignment] = []
    for statement in statements {
      guard case .assign(let assignment) = statement, !isChoice(assignment.value), assignment.place.index == nil else { return nil }
      if assignment.place == .whole && statements.count > 1 { return nil }
      result.append(assignment)
    }
    return result
  }

  /// A case of the target's enum, or a selection among cases, by name; nil for anything else.
  private mutating func labelledExpression(_ id: Int32, of target: Int32) -> String? {
    guard let signal = labelledSignal(target) else { return nil }
    if let label = labelText(signal, graph.constantValue(id)) { return label }
    let node = graph.nodes[Int(id)]
    if node.operation != .select || mustBeNamed(id, node) { return nil }
    let isCase = [node.b, node.c].map { graph.constantValue($0) != nil }
    if !isCase.contains(true) && !enumSignals.contains(signal) { return nil }
    let condition = expression(node.a).parenthesized(below: .unary)
    let yes = labelledExpression(node.b, of: target) ?? expression(node.b).parenthesized(below: .logicalOr)
    let no = labelledExpression(node.c, of: target) ?? expression(node.c).parenthesized(below: .ternary)
    return "\(condition) ? \(yes.contains(" ? ") && isCase[0] == false ? "(\(yes))" : yes) : \(no)"
  }

  /// The target of an assignment, with the bits that it concerns.
  private mutating func place(_ assignment: Assignment) -> String {
    let name = name(of: assignment.target), width = graph.nodes[Int(assignment.value)].width
    switch assignment.place {
    case .whole: return name
    case .bits(let low): return part(of: assignment.target, name, low..<low + width)
    case .part(let index): return name + part(at: index, width: width)
    }
  }

  /// The registers among `signals`, which `body` assigns.
  mutating func clockedProcesses(_ body: Block, _ signals: [Int]) -> String {
    var processes: [String] = []
    for domain in graph.domains.indices {
      let registers = signals.filter { graph.signals[$0].kind == .register && graph.signals[$0].domain == domain }
      if !registers.isEmpty { processes.append(clockedProcess(domain, registers, body)) }
    }
    return processes.joined(separator: "\n")
  }

  /// An asynchronous reset needs a process of its own for the registers that it leaves alone.
  private mutating func clockedProcess(_ domain: Int, _ registers: [Int], _ block: Block) -> String {
    let withoutReset = registers.filter { graph.signals[$0].reset == nil }
    if !graph.domains[domain].properties.reset.isAsynchronous || withoutReset.isEmpty || withoutReset.count == registers.count {
      return initialValues(domain, registers) + oneProcess(domain, registers, block)
    }
    let withReset = registers.filter { graph.signals[$0].reset != nil }
    return initialValues(domain, registers) + oneProcess(domain, withReset, block) + "\n" + oneProcess(domain, withoutReset, block)
  }

  /// What registers hold when the power comes on.
  private mutating func initialValues(_ domain: Int, _ registers: [Int]) -> String {
    let lines = graph.domains[domain].properties.hasInitialValues ? resetLines(registers, "=") : []
    return lines.isEmpty ? "" : process("initial", lines) + "\n"
  }
  private mutating func resetLines(_ registers: [Int], _ arrow: String) -> [String] {
    registers.compactMap { index -> String? in
      guard let value = graph.signals[index].reset else { return nil }
      let zeros = structType(of: index) != nil && value.isZero ? "'0" : nil
      let text = labelText(index, value) ?? zeros ?? constant(value, isSigned: graph.signals[index].shape.isSigned).string
      return "\(names.signals[index]) \(arrow) \(text);"
    }
  }

  private mutating func oneProcess(_ domain: Int, _ registers: [Int], _ block: Block) -> String {
    let nodes = Set(registers.map { graph.signals[$0].node })
    let statements = block.statements.assigning { nodes.contains($0) }
    var body = lines(statements, "<=")
    let assigned = statements.reduce(into: Set<Int32>()) { $0.formUnion($1.targets) }
    for index in registers where !assigned.contains(graph.signals[index].node) && graph.signals[index].reset == nil {
      body.append("\(names.signals[index]) <= \(names.signals[index]);")
    }
    body = whereEnabled(body, domain)
    let resets = hasReset(domain) ? resetLines(registers, "<=").map { "  " + $0 } : []
    let head = atEdge(of: domain, withReset: !resets.isEmpty, isOnlyDriver: !graph.domains[domain].properties.hasInitialValues)
    if resets.isEmpty { return process(head, body) }
    readReset(domain)
    let reset = ["if (\(isReset(domain))) begin"] + resets
    if resets.count == registers.count {
      return process(head, body.isEmpty ? reset + ["end"] : reset + otherwise(body))
    }
    // Registers without reset must not stop while the others are reset: the reset comes last and wins.
    return process(head, body + reset + ["end"])
  }

  private func isChoice(_ id: Int32) -> Bool {
    graph.nodes[Int(id)].operation == .choose && uses[Int(id)] == 1 && graph.expressionNames[id] == nil
  }

  // MARK: statements as lines

  private mutating func lines(_ statements: [Statement], _ arrow: String) -> [String] {
    var result: [String] = []
    for statement in merged(statements) {
      switch statement {
      case .assign(let assignment): result += lines(assignment, arrow)
      case .branch(let branch): result += lines(branch, arrow)
      case .match(let match): result += lines(match, arrow)
      }
    }
    return result
  }

  /// Neighbouring choices by the same conditions as one.
  private func merged(_ statements: [Statement]) -> [Statement] {
    var result: [Statement] = []
    for statement in statements {
      guard case .branch(let branch) = statement, case .branch(let last)? = result.last,
        branch.arms.map(\.condition) == last.arms.map(\.condition)
      else {
        result.append(statement)
        continue
      }
      let arms = zip(last.arms, branch.arms).map { first, second in
        let block = Block()
        block.statements = first.block.statements + second.block.statements
        return Branch.Arm(condition: first.condition, block: block)
      }
      result[result.count - 1] = .branch(Branch(arms: arms, location: last.location))
    }
    return result
  }

  private mutating func lines(_ assignment: Assignment, _ arrow: String) -> [String] {
    let statements = plainLines(assignment, arrow)
    guard case .part(let index) = assignment.place else { return statements }
    let total = graph.nodes[Int(assignment.target)].width
    return whereItExists(index, width: graph.nodes[Int(assignment.value)].width, of: total, statements)
  }
  private mutating func plainLines(_ assignment: Assignment, _ arrow: String) -> [String] {
    target = name(of: assignment.target)
    let place = place(assignment)
    if assignment.place == .whole, let signal = labelledSignal(assignment.target), let label = labelText(signal, graph.constantValue(assignment.value)) {
      return ["\(place) \(arrow) \(label);"]
    }
    if isChoice(assignment.value) {
      return chooseLines(graph.nodes[Int(assignment.value)], into: place, arrow)
    }
    if let choice = enumChoice(assignment, arrow) { return choice }
    let value = assignment.place == .whole ? labelledExpression(assignment.value, of: assignment.target) : nil
    return ["\(place) \(arrow) \(value ?? rootExpression(assignment.value).string);"]
  }

  /// A selection among cases for a signal of their type: Icarus 11 takes that as bits in a blocking assignment, so that it
  /// becomes an `if`. Nil for anything else.
  private mutating func enumChoice(_ assignment: Assignment, _ arrow: String) -> [String]? {
    let choice = graph.nodes[Int(assignment.value)]
    guard arrow == "=", choice.operation == .select, enumSignals.contains(graph.nodes[Int(assignment.target)].immediate) else { return nil }
    func block(_ value: Int32) -> Block {
      let block = Block()
      block.statements = [.assign(Assignment(target: assignment.target, value: value, location: assignment.location))]
      return block
    }
    return lines([.init(condition: choice.a, block: block(choice.b)), .init(condition: nil, block: block(choice.c))], arrow)
  }

  private mutating func lines(_ branch: Branch, _ arrow: String) -> [String] {
    lines(branch.arms[...], arrow)
  }
  private mutating func lines(_ arms: ArraySlice<Branch.Arm>, _ arrow: String) -> [String] {
    guard let first = arms.first else { return [] }
    guard let condition = first.condition else { return lines(first.block.statements, arrow) }
    let body = lines(first.block.statements, arrow).map { "  " + $0 }
    let rest = lines(arms.dropFirst(), arrow)
    if body.isEmpty && rest.isEmpty { return [] }
    // Only now: printing a condition counts as reading it.
    target = "condition"
    if !body.isEmpty { return ["if (\(expression(condition).inner)) begin"] + body + (rest.isEmpty ? ["end"] : otherwise(rest)) }
    return ["if (\(opposite(of: condition))) begin"] + rest.map { "  " + $0 } + ["end"]
  }
  private mutating func opposite(of condition: Int32) -> String {
    let node = graph.nodes[Int(condition)]
    if node.operation == .not && !mustBeNamed(condition, node) { return expression(node.a).string }
    return "!\(expression(condition).parenthesized(below: .primary))"
  }

  /// `end else begin … end`, or `end else if …` if the body is nothing but an `if`.
  private func otherwise(_ body: [String]) -> [String] {
    let isOneIf = body.first?.hasPrefix("if (") == true && body.firstIndex(of: "end") == body.count - 1
    if isOneIf { return ["end else \(body[0])"] + body.dropFirst() }
    return ["end else begin"] + body.map { "  " + $0 } + ["end"]
  }

  private mutating func lines(_ match: Match, _ arrow: String) -> [String] {
    let signal = labelledSignal(match.subject)
    let width = graph.nodes[Int(match.subject)].width
    let otherwise = match.otherwise?.statements ?? []
    // The last case of a complete Switch is the default: what no case stands for, because no state has that encoding,
    // does the same. Where every value has its case, those that do nothing need not be printed.
    let doesNothing = match.arms.map(\.block.statements.isEmpty)
    let isExact = width < 16 && match.arms.reduce(0) { $0 + $1.labels.count } == 1 << width
    let lastIsDefault = match.otherwise == nil && doesNothing.last == false && !(isExact && doesNothing.contains(true))
    target = "subject"
    let labels = match.arms.flatMap(\.labels), isComplete = match.otherwise == nil && Set(labels).count == labels.count
    var result = ["\(dialect.choice(isComplete: isComplete)) (\(expression(match.subject).string))"]
    for (number, arm) in match.arms.enumerated() {
      if arm.block.statements.isEmpty && otherwise.isEmpty && !lastIsDefault { continue }
      var labels: [String] = []
      for value in arm.labels {
        labels.append(signal.flatMap { labelText($0, BitVector(value, width: width)) } ?? literal(value, width))
      }
      let list = labels.joined(separator: ", ")
      let isDefault = lastIsDefault && number == match.arms.count - 1
      result += lines(isDefault ? "default" : list, arm.block.statements, arrow, comment: isDefault ? " // \(labels.prefix(4).joined(separator: ", "))\(labels.count > 4 ? ", …" : "")" : "")
    }
    if !lastIsDefault { result += lines("default", otherwise, arrow, comment: "") }
    return result + ["endcase"]
  }
  private mutating func lines(_ label: String, _ statements: [Statement], _ arrow: String, comment: String) -> [String] {
    let body = lines(statements, arrow)
    if body.isEmpty { return ["  \(label): ;\(comment)"] }
    if body.count == 1 { return ["  \(label): \(body[0])\(comment)"] }
    return ["  \(label): begin\(comment)"] + body.map { "    " + $0 } + ["  end"]
  }
}
