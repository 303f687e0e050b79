/// Which statements concern which variables and registers.
extension Statement {
  /// What it assigns, at any depth.
  var targets: Set<Int32> {
    if case .assign(let assignment) = self { return [assignment.target] }
    let block = Block()
    block.statements = [self]
    var result: Set<Int32> = []
    block.visitStatements { if case .assign(let assignment) = $0 { result.insert(assignment.target) } }
    return result
  }
}

extension [Statement] {
  /// The statements that assign a wanted target, with everything else taken out. The arms before one that assigns stay:
  /// their conditions keep it from being taken.
  func assigning(_ isWanted: (Int32) -> Bool) -> [Statement] {
    compactMap { statement in
      switch statement {
      case .assign(let assignment): return isWanted(assignment.target) ? statement : nil
      case .branch(let branch):
        var arms = branch.arms.map { Branch.Arm(condition: $0.condition, block: $0.block.assigning(isWanted)) }
        while arms.last?.block.statements.isEmpty == true { arms.removeLast() }
        return arms.isEmpty ? nil : .branch(Branch(arms: arms, location: branch.location))
      case .match(let match):
        let arms = match.arms.map { Match.Arm(labels: $0.labels, block: $0.block.assigning(isWanted)) }
        let otherwise = match.otherwise?.assigning(isWanted)
        if arms.allSatisfy({ $0.block.statements.isEmpty }) && otherwise?.statements.isEmpty ?? true { return nil }
        return .match(Match(subject: match.subject, arms: arms, otherwise: otherwise, location: match.location))
      }
    }
  }
}

extension Block {
  func assigning(_ isWanted: (Int32) -> Bool) -> Block {
    let result = Block()
    result.statements = statements.assigning(isWanted)
    return result
  }
}
