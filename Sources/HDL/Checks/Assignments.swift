/// Every bit of every output and wire is driven on every path, and none is driven twice.
///
/// One walk over the statements computes, for each block, which bits are assigned on some path and which on
/// all paths; the cost is linear in the text.
func checkAssignments(_ graph: Graph) {
  var walk = AssignmentWalk(graph: graph)
  let body = walk.visit(graph.body)
  for signal in graph.signals {
    let width = signal.shape.width, nothing = BitVector.zero(width)
    let always = body.always[signal.node] ?? nothing, sometimes = body.sometimes[signal.node] ?? nothing
    let whole = "'\(signal.name)' (\(signal.shape))"
    switch signal.kind {
    case .output, .wire:
      if always.isAllOnes { continue }
      // Of a bundle: neither "output" nor "input" says which of its two directions is meant.
      let what = signal.name.contains(".") ? "port" : signal.kind == .output ? "output" : "wire"
      let undriven = sometimes.inverted, halfDriven = always.inverted & sometimes
      if undriven.isAllOnes {
        graph.report("\(what) \(whole) is never driven; assign it in body()", at: signal.location)
      } else if !undriven.isZero {
        let bits = BitNames(undriven)
        graph.report("\(bits.text) of \(what) \(whole) \(bits.areMany ? "are" : "is") never driven; assign \(bits.areMany ? "them" : "it") in body()", at: signal.location)
      } else {
        let part = halfDriven.isAllOnes ? "\(what) \(whole) is" : "\(BitNames(halfDriven).text) of \(what) \(whole) \(BitNames(halfDriven).areMany ? "are" : "is")"
        graph.report("\(part) not assigned on every path, which would need a latch; assign a default before the When", at: signal.location)
      }
    case .register:
      if sometimes.isZero {
        graph.report("register \(whole) is never assigned; assign it or replace it by a constant", at: signal.location)
      } else if !sometimes.isAllOnes {
        let bits = BitNames(sometimes.inverted)
        graph.report("\(bits.text) of register \(whole) \(bits.areMany ? "are" : "is") never assigned; assign \(bits.areMany ? "them" : "it"), or make the register narrower", at: signal.location)
      }
    default: break
    }
  }
}

/// `bit 3`, or `bits 0..<4, 7`.
private struct BitNames {
  let text: String
  let areMany: Bool
  init(_ bits: BitVector) {
    var runs: [Range<Int>] = []
    for bit in 0..<bits.width where bits[bit] {
      if runs.last?.upperBound == bit { runs[runs.count - 1] = runs[runs.count - 1].lowerBound..<bit + 1 } else { runs.append(bit..<bit + 1) }
    }
    let shown = runs.prefix(4).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0)" }.joined(separator: ", ") + (runs.count > 4 ? ", …" : "")
    areMany = runs.count > 1 || runs.first?.count ?? 1 > 1
    text = "\(areMany ? "bits" : "bit") \(shown)"
  }
}

private struct AssignmentWalk {
  /// Bits by node.
  struct Coverage {
    var always: [Int32: BitVector] = [:]
    var sometimes: [Int32: BitVector] = [:]
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
    guard let signal = graph.signal(of: assignment.target) else { return }
    let width = signal.shape.width, all = BitVector.zero(width).inverted
    let bits: BitVector
    switch assignment.place {
    case .whole: bits = all
    case .bits(let low): bits = BitVector.zero(width).replacing(low, with: .zero(graph.nodes[Int(assignment.value)].width).inverted)
    case .part:
      // An exception to what stands before it, as in a When: which of the parts, nobody knows.
      return coverage.sometimes[assignment.target] = all
    }
    let before = coverage.sometimes[assignment.target] ?? .zero(width)
    let twice = before & bits
    if !twice.isZero {
      let isWhole = assignment.place == .whole
      let what = isWhole ? "'\(signal.name)' (\(signal.shape)) has" : "\(BitNames(twice).text) of '\(signal.name)' (\(signal.shape)) \(BitNames(twice).areMany ? "have" : "has")"
      graph.report("\(what) several drivers: an unconditional assignment hides an earlier one; put the default first and exceptions in a When after it", at: assignment.location ?? signal.location)
    }
    coverage.always[assignment.target] = coverage.always[assignment.target].map { $0 | bits } ?? bits
    coverage.sometimes[assignment.target] = before | bits
  }

  private func merge(_ arms: [Coverage], complete: Bool, into coverage: inout Coverage) {
    guard let first = arms.first else { return }
    if complete {
      let everywhere = arms.dropFirst().reduce(first.always) { common, arm in
        common.reduce(into: [:]) { result, entry in result[entry.key] = arm.always[entry.key].map { $0 & entry.value } }
      }
      coverage.always.merge(everywhere) { $0 | $1 }
    }
    for arm in arms { coverage.sometimes.merge(arm.sometimes) { $0 | $1 } }
  }
}
