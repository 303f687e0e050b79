/// Every `When` does something.
///
/// The closures of a `When` run while the design is described, so a plain Swift variable that is assigned in one changes
/// whatever the condition is. Nothing tells such a mistake from an intention, except that the `When` is empty.
func checkEmptyControl(_ graph: Graph) {
  graph.body.visitStatements { statement in
    guard case .branch(let branch) = statement, !branch.holdsProperty, branch.arms.allSatisfy({ $0.block.statements.isEmpty }) else { return }
    graph.report("this When assigns no hardware; assign a port, Wire or Register in it (a Swift variable changes whatever the condition is), or remove it", at: branch.location)
  }
}
