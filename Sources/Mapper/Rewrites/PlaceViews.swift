// Copies that need not be made: a tensor is computed where it will be needed, or read where it already is.
//
// What is concatenated is computed inside of the whole; what is split, sliced or unpacked is read inside of it. Where the
// kernels on both sides cannot work on the bytes as they then lie, or would lose more than the copy costs (few channels of a
// wide pixel leave elements idle that several pixels side by side would use), the copy stays.

import Machine

extension Network {
  mutating func placeViews(_ configuration: Configuration, _ policy: LayoutPolicy) {
    var judge = LayerJudge(configuration, policy)
    for position in plans.indices.reversed() {
      guard var plan = plans[position], plan.onlyMoves else { continue }
      for part in plan.parts {
        let source = root(part.from.tensor)
        guard part.from.isContiguous, part.from.count == graph.tensors[source].elementCount, writers[source] != nil else { continue }
        var (copy, rest) = (plan, plan)
        copy.parts = [part]
        rest.parts.removeAll { $0.to == part.to }
        // What followed the copies may have changed nothing but the name of what they make.
        var place = part.to
        place.tensor = plan.output
        plans[position] = rest
        if tryToPlace(source, in: place, instead: copy, &judge) { plan = rest }
      }
      plans[position] = plan.parts.isEmpty ? nil : plan
    }
    for position in plans.indices {
      guard let plan = plans[position], plan.onlyMoves, plan.parts.count == 1, let part = plan.parts.first, part.to.isContiguous,
        part.to.count == graph.tensors[plan.output].elementCount
      else { continue }
      plans[position] = nil
      if !tryToPlace(plan.output, in: part.from, instead: plan, &judge) { plans[position] = plan }
    }
  }

  /// Places a tensor that has bytes of its own in another one.
  /// - Parameter copy: what is not needed then, and is not among the layers now.
  /// - Returns: false when a layer or the host could not work with that, or would take longer; then nothing has changed.
  private mutating func tryToPlace(
    _ tensor: Int, in box: Box, instead copy: LayerPlan, _ judge: inout LayerJudge
  ) -> Bool {
    guard places[tensor] == nil, constant(box.tensor) == nil, let host = view(of: box.tensor)?.taking(box), host.buffer != tensor else { return false }
    func isMoved(_ other: Int) -> Bool { view(of: other)?.buffer == tensor }
    guard !graph.supplied.contains(where: isMoved), !graph.states.contains(where: { isMoved($0.next) }) else { return false }
    let outputs = graph.outputs.filter(isMoved)
    // A state is overwritten at the end: what is needed then must not lie in it.
    if graph.states.contains(where: { $0.tensor == host.buffer || $0.next == host.buffer }) {
      guard outputs.isEmpty, !plans.contains(where: { $0.map { $0.isPinned && $0.reads.contains(where: isMoved) } ?? false }) else { return false }
    }
    let affected = plans.compactMap { $0 }.filter { $0.reads.contains(where: isMoved) || isMoved($0.output) }
    guard let before = judge.cycles(of: affected + [copy], in: self) else { return false }
    place(tensor, in: box)
    if outputs.allSatisfy({ view(of: $0)?.isContiguous == true }), let after = judge.cycles(of: affected, in: self), after <= before {
      return true
    }
    place(tensor, in: nil)
    return false
  }
}
