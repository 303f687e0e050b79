/// Conditional assignment: `When(clear) { sum = 0 }.ElseWhen(load) { … }.Else { … }`.
///
/// The closures run once, while the design is described; what they assign happens only while the
/// condition holds. An assignment inside overrides one that stands before the `When`.
@discardableResult
public func When(_ condition: Bit, file: StaticString = #fileID, line: UInt = #line, _ body: () -> Void) -> WhenChain {
  let graph = condition.reference.graph ?? Scope.required("When").graph
  let location = SourceLocation(file, line)
  let branch = Branch(arms: [], location: location)
  let chain = WhenChain(graph: graph, branch: branch)
  graph.emit(.branch(branch))
  return chain.adding(condition, location, body)
}

/// The rest of a `When`.
public struct WhenChain {
  let graph: Graph
  let branch: Branch

  func adding(_ condition: Bit?, _ location: SourceLocation, _ body: () -> Void) -> WhenChain {
    let block = Block(), remarks = graph.remarkCount
    branch.arms.append(.init(condition: condition?.reference.id(in: graph), block: block))
    graph.within(block, of: .branch(branch, index: branch.arms.count - 1), at: location, body)
    if graph.remarkCount > remarks { branch.holdsRemark = true }
    return self
  }
  @discardableResult
  public func ElseWhen(_ condition: Bit, file: StaticString = #fileID, line: UInt = #line, _ body: () -> Void) -> WhenChain {
    adding(condition, SourceLocation(file, line), body)
  }
  public func Else(file: StaticString = #fileID, line: UInt = #line, _ body: () -> Void) {
    _ = adding(nil, SourceLocation(file, line), body)
  }
}
