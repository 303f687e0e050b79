/// The roots of a netlist: every place outside the expressions that refers to one.
///
/// Whatever wants to see or replace all that is used goes through here, so that a new kind of record is
/// added in one place.
extension Graph {
  /// Calls `visit` with the node at every root.
  ///
  /// - Parameters:
  ///   - statements: some of the body's statements; all by default.
  ///   - includingProperties: whether the properties count.
  func visitRoots(of statements: Block? = nil, includingProperties: Bool = true, _ visit: (Int32) -> Void) {
    (statements ?? body).visitStatements { statement in
      switch statement {
      case .assign(let assignment):
        visit(assignment.value)
        assignment.place.index.map(visit)
      case .branch(let branch): for arm in branch.arms { arm.condition.map(visit) }
      case .match(let match): visit(match.subject)
      }
    }
    for instance in instances { for input in instance.inputs where input >= 0 { visit(input) } }
    for memory in memories {
      for read in memory.reads {
        visit(read.address)
        read.enable.map(visit)
      }
      for write in memory.writes {
        visit(write.address)
        visit(write.data)
        write.enable.map(visit)
        write.lanes.map(visit)
      }
    }
    for domain in domains where domain.usesClock {
      if case .value(let clock) = domain.clock { visit(clock) }
      if domain.usesReset { domain.reset.map(visit) }
      domain.enable.map(visit)
    }
    for print in prints { for node in print.nodes { visit(node) } }
    if !includingProperties { return }
    for property in properties {
      property.enable.map(visit)
      visit(property.condition)
    }
  }

  /// Replaces the node at every root by what `rebuild` makes of it. The wires that carry a domain's clock
  /// and reset stay: instances and simulators know them by name.
  func rebuildRoots(_ rebuild: (Int32) -> Int32) {
    body.rebuild(rebuild)
    for index in instances.indices {
      for port in instances[index].inputs.indices where instances[index].inputs[port] >= 0 {
        instances[index].inputs[port] = rebuild(instances[index].inputs[port])
      }
    }
    for index in memories.indices {
      memories[index].reads = memories[index].reads.map { $0.rebuilt(rebuild) }
      memories[index].writes = memories[index].writes.map { $0.rebuilt(rebuild) }
    }
    ignored = ignored.map(rebuild)
    prints = prints.map { $0.rebuilt(rebuild) }
    properties = properties.map { old in
      Property(
        kind: old.kind, enable: old.enable.map(rebuild), condition: rebuild(old.condition), message: old.message, domain: old.domain,
        location: old.location)
    }
  }
}

extension Block {
  /// Every statement in here, at any depth, in textual order.
  func visitStatements(_ visit: (Statement) -> Void) {
    for statement in statements {
      visit(statement)
      switch statement {
      case .assign: break
      case .branch(let branch): for arm in branch.arms { arm.block.visitStatements(visit) }
      case .match(let match):
        for arm in match.arms { arm.block.visitStatements(visit) }
        match.otherwise?.visitStatements(visit)
      }
    }
  }

  /// Every assignment in here, at any depth, with what decides whether it happens: the conditions of its arm and of those before
  /// it, and the subjects of switches.
  func visitAssignments(under conditions: [Int32] = [], _ visit: (Assignment, [Int32]) -> Void) {
    for statement in statements {
      switch statement {
      case .assign(let assignment): visit(assignment, conditions)
      case .branch(let branch):
        var seen = conditions
        for arm in branch.arms {
          if let condition = arm.condition { seen.append(condition) }
          arm.block.visitAssignments(under: seen, visit)
        }
      case .match(let match):
        for block in match.arms.map(\.block) + (match.otherwise.map { [$0] } ?? []) {
          block.visitAssignments(under: conditions + [match.subject], visit)
        }
      }
    }
  }

  fileprivate func rebuild(_ rebuild: (Int32) -> Int32) {
    for index in statements.indices {
      switch statements[index] {
      case .assign(let old):
        statements[index] = .assign(
          Assignment(target: old.target, place: old.place.rebuilt(rebuild), value: rebuild(old.value), location: old.location))
      case .branch(let branch):
        for i in branch.arms.indices {
          let arm = branch.arms[i]
          branch.arms[i] = .init(condition: arm.condition.map(rebuild), block: arm.block)
          arm.block.rebuild(rebuild)
        }
      case .match(let match):
        match.subject = rebuild(match.subject)
        for arm in match.arms { arm.block.rebuild(rebuild) }
        match.otherwise?.rebuild(rebuild)
      }
    }
  }
}
