/// Assignments as Verilog: `assign` where there is one, else `always @*`; one clocked process for all registers.
extension VerilogModule {
  mutating func combinationalProcesses(_ isProcedural: inout Set<Int32>) -> String {
    let statements = statementsByTarget()
    var text = ""
    for signal in graph.signals where signal.kind == .wire || signal.kind == .output {
      let mine = kept(statements[signal.node] ?? []) { $0 == signal.node }
      if mine.count == 1, case .assign(let assignment) = mine[0] {
        text += "  assign \(names.signals[graph.nodes[Int(signal.node)].immediate]) = \(rootExpression(assignment.value).string);\n"
      } else {
        isProcedural.insert(signal.node)
        text += (text.isEmpty ? "" : "\n") + process("always @*", lines(mine, "="))
      }
    }
    return text
  }

  mutating func clockedProcess() -> String {
    let registers = graph.signals.indices.filter { graph.signals[$0].kind == .register }
    if registers.isEmpty { return "" }
    let nodes = Set(registers.map { graph.signals[$0].node })
    let body = lines(kept(graph.body.statements) { nodes.contains($0) }, "<=")
    let resets = registers.compactMap { index -> String? in
      guard let value = graph.signals[index].reset else { return nil }
      let signal = graph.signals[index]
      let text = labelText(index, value) ?? constantText(value, isSigned: signal.shape.isSigned)
      return "\(names.signals[index]) <= \(text);"
    }
    if resets.isEmpty { return process("always @(posedge clock)", body) }
    let reset = ["if (reset) begin"] + resets.map { "  " + $0 }
    if resets.count == registers.count {
      return process("always @(posedge clock)", reset + ["end else begin"] + body.map { "  " + $0 } + ["end"])
    }
    // Registers without reset must not stop while the others are reset: the reset comes last and wins.
    return process("always @(posedge clock)", body + reset + ["end"])
  }
  private func constantText(_ value: BitVector, isSigned: Bool) -> String {
    guard isSigned, let number = value.int(isSigned: true) else { return pattern(value) }
    return value.isNegative ? "\(value.width)'sh\(value.hexadecimal)" : "\(value.width)'sd\(number)"
  }

  // MARK: which statements concern whom

  private func statementsByTarget() -> [Int32: [Statement]] {
    var result: [Int32: [Statement]] = [:]
    for statement in graph.body.statements {
      for target in targets(statement) { result[target, default: []].append(statement) }
    }
    return result
  }
  private func targets(_ statement: Statement) -> Set<Int32> {
    var result: Set<Int32> = []
    func walk(_ statement: Statement) {
      switch statement {
      case .assign(let assignment): result.insert(assignment.target)
      case .branch(let branch): for arm in branch.arms { arm.block.statements.forEach(walk) }
      case .match(let match):
        for arm in match.arms { arm.block.statements.forEach(walk) }
        match.otherwise?.statements.forEach(walk)
      }
    }
    walk(statement)
    return result
  }

  /// The statements that assign a wanted target, with everything else taken out.
  private func kept(_ statements: [Statement], _ isWanted: (Int32) -> Bool) -> [Statement] {
    statements.compactMap { statement in
      switch statement {
      case .assign(let assignment): return isWanted(assignment.target) ? statement : nil
      case .branch(let branch):
        let arms = branch.arms.map { Branch.Arm(condition: $0.condition, block: kept($0.block, isWanted)) }
        return arms.allSatisfy { $0.block.statements.isEmpty } ? nil : .branch(Branch(arms: arms, location: branch.location))
      case .match(let match):
        let arms = match.arms.map { Match.Arm(labels: $0.labels, block: kept($0.block, isWanted)) }
        let otherwise = match.otherwise.map { kept($0, isWanted) }
        if arms.allSatisfy({ $0.block.statements.isEmpty }) && otherwise?.statements.isEmpty ?? true { return nil }
        return .match(Match(subject: match.subject, arms: arms, otherwise: otherwise, location: match.location))
      }
    }
  }
  private func kept(_ block: Block, _ isWanted: (Int32) -> Bool) -> Block {
    let result = Block()
    result.statements = kept(block.statements, isWanted)
    return result
  }

  // MARK: statements as lines

  private mutating func lines(_ statements: [Statement], _ arrow: String) -> [String] {
    var result: [String] = []
    for statement in statements {
      switch statement {
      case .assign(let assignment):
        let index = graph.nodes[Int(assignment.target)].immediate
        let label = labelledSignal(assignment.target) == nil ? nil : labelText(index, graph.constantValue(assignment.value))
        result.append("\(names.signals[index]) \(arrow) \(label ?? rootExpression(assignment.value).string);")
      case .branch(let branch): result += lines(branch, arrow)
      case .match(let match): result += lines(match, arrow)
      }
    }
    return result
  }

  private mutating func lines(_ branch: Branch, _ arrow: String) -> [String] {
    var arms = branch.arms
    while let last = arms.last, last.block.statements.isEmpty { arms.removeLast() }
    var result: [String] = []
    if arms.count == 2, arms[0].block.statements.isEmpty, arms[1].condition == nil, let condition = arms[0].condition {
      result.append("if (!\(expression(condition).parenthesized(below: .primary))) begin")
      return result + lines(arms[1].block.statements, arrow).map { "  " + $0 } + ["end"]
    }
    for (number, arm) in arms.enumerated() {
      let test = arm.condition.map { "if (\(condition($0))) begin" } ?? "begin"
      if number == 0 { result.append(test) } else { result[result.count - 1] = "end else \(test)" }
      result += lines(arm.block.statements, arrow).map { "  " + $0 } + ["end"]
    }
    return result
  }

  private mutating func lines(_ match: Match, _ arrow: String) -> [String] {
    let subject = labelledSignal(match.subject)
    let width = graph.nodes[Int(match.subject)].width
    var result = ["case (\(expression(match.subject).string))"]
    let otherwise = match.otherwise?.statements ?? []
    for (number, arm) in match.arms.enumerated() {
      let isLast = number == match.arms.count - 1 && match.otherwise == nil
      if arm.block.statements.isEmpty && otherwise.isEmpty { continue }
      let labels = arm.labels.map { value in
        subject.flatMap { labelText($0, BitVector(value, width: width)) } ?? literal(value, width)
      }.joined(separator: ", ")
      // The last case of a complete Switch is the default: no value is left out, not even an impossible one.
      result += lines(isLast ? "default" : labels, arm.block.statements, arrow, comment: isLast ? " // \(labels)" : "")
    }
    if match.otherwise != nil || match.arms.last?.block.statements.isEmpty ?? true {
      result += lines("default", otherwise, arrow, comment: "")
    }
    return result + ["endcase"]
  }
  private mutating func lines(_ label: String, _ statements: [Statement], _ arrow: String, comment: String) -> [String] {
    let body = lines(statements, arrow)
    if body.isEmpty { return ["  \(label): ;\(comment)"] }
    if body.count == 1 { return ["  \(label): \(body[0])\(comment)"] }
    return ["  \(label): begin\(comment)"] + body.map { "    " + $0 } + ["  end"]
  }
}
