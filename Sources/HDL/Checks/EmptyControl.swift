/// Every `When` and `Switch` does something.
///
/// Their closures run while the design is described, so a plain Swift variable that is assigned in one changes whatever
/// the condition is. Nothing tells such a mistake from an intention, except that nothing else is in there.
func checkEmptyControl(_ graph: Graph) {
  func report(_ what: String, _ location: SourceLocation) {
    graph.report("this \(what) assigns no hardware; assign a port, Wire or Register in it (a Swift variable changes whatever the condition is), or leave it out", at: location)
  }
  graph.body.visitStatements { statement in
    switch statement {
    case .assign: break
    case .branch(let branch):
      if !branch.holdsRemark && branch.arms.allSatisfy({ $0.block.statements.isEmpty }) { report("When", branch.location) }
    case .match(let match):
      let blocks = match.arms.map(\.block) + (match.otherwise.map { [$0] } ?? [])
      if !match.holdsRemark && blocks.allSatisfy(\.statements.isEmpty) { report("Switch", match.location) }
    }
  }
}
