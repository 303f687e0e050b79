/// Every output and wire is driven on every path, and nothing is driven twice.
///
/// One walk over the statements computes, for each block, what is assigned on some path and what on
/// all paths; the cost is linear in the text.
func checkAssignments(_ graph: Graph) {
  var walk = AssignmentWalk(graph: graph)
  let body = walk.visit(graph.body)
  for signal in graph.signals {
    switch signal.kind {
    case .output, .wire:
      if body.always.contains(signal.node) { continue }
      // Of a bundle: neither "output" nor "input" says which of its two directions is meant.
      let what = signal.name.contains(".") ? "port" : signal.kind == .output ? "output" : "wire"
      if body.sometimes.contains(signal.node) {
        graph.report("\(what) '\(signal.name)' (\(signal.shape)) is not assigned on every path, which would need a latch; assign a default before the When", at: signal.location)
      } else {
        graph.report("\(what) '\(signal.name)' (\(signal.shape)) is never driven; assign it in body()", at: signal.location)
      }
    case .register:
      if !body.sometimes.contains(signal.node) {
        graph.report("register '\(signal.name)' (\(signal.shape)) is never assigned; assign it or replace it by a constant", at: signal.location)
      }
    default: break
    }
  }
}

private struct AssignmentWalk {
  struct Coverage {
    var always: Set<Int32> = []
    var sometimes: Set<Int32> = []
  }
  let graph: Graph

  mutating func visit(_ block: Block) -> Coverage {
    var coverage = Coverage()
    for statement in block.statements {
      switch statement {
      case .assign(let assignment): assign(assignment, &coverage)
      case .branch(let branch):
        let complete = branch.arms.last?.condition == nil
        merge(branch.arms.map { visit($0.block) }, complete: complete, into: &coverage)
      case .match(let match):
        let arms = (match.arms.map(\.block) + (match.otherwise.map { [$0] } ?? [])).map { visit($0) }
        merge(arms, complete: true, into: &coverage)
      }
    }
    return coverage
  }

  private func assign(_ assignment: Assignment, _ coverage: inout Coverage) {
    if coverage.sometimes.contains(assignment.target), let signal = graph.signal(of: assignment.target) {
      graph.report("'\(signal.name)' (\(signal.shape)) has several drivers: an unconditional assignment hides an earlier one; put the default first and exceptions in a When after it", at: assignment.location ?? signal.location)
    }
    coverage.always.insert(assignment.target)
    coverage.sometimes.insert(assignment.target)
  }

  private func merge(_ arms: [Coverage], complete: Bool, into coverage: inout Coverage) {
    guard let first = arms.first else { return }
    if complete {
      coverage.always.formUnion(arms.dropFirst().reduce(first.always) { $0.intersection($1.always) })
    }
    for arm in arms { coverage.sometimes.formUnion(arm.sometimes) }
  }
}
