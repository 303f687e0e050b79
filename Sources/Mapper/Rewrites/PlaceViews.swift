// Copies that need not be made: a tensor is computed where it will be needed, or read where it already is.
//
// What is concatenated is computed inside of the whole; what is split, sliced or unpacked is read inside of it. Where the
// kernels on both sides cannot work on the bytes as they then lie, the copy stays.

extension Network {
  mutating func placeViews() {
    for position in plans.indices.reversed() {
      guard var plan = plans[position], plan.onlyMoves else { continue }
      plan.parts.removeAll { part in
        let source = root(part.from.tensor)
        return part.from.isContiguous && part.from.count == graph.tensors[source].elementCount && writers[source] != nil
          && tryToPlace(source, in: part.to)
      }
      plans[position] = plan.parts.isEmpty ? nil : plan
    }
    for position in plans.indices {
      guard let plan = plans[position], plan.onlyMoves, plan.parts.count == 1, let part = plan.parts.first, part.to.isContiguous,
        part.to.count == graph.tensors[plan.output].elementCount
      else { continue }
      plans[position] = nil
      if !tryToPlace(plan.output, in: part.from) { plans[position] = plan }
    }
  }

  /// Places a tensor that has bytes of its own in another one.
  /// - Returns: false when a layer could not work with that, or the host; then nothing has changed.
  private mutating func tryToPlace(_ tensor: Int, in box: Box) -> Bool {
    guard places[tensor] == nil, constant(box.tensor) == nil, let host = view(of: box.tensor)?.taking(box), host.buffer != tensor else { return false }
    let moved = { (network: Network, other: Int) in network.view(of: other)?.buffer == tensor }
    let affected = plans.compactMap { $0 }.filter { plan in
      (plan.reads.union([plan.output, plan.result])).contains { moved(self, $0) }
    }
    let seen = (graph.inputs + graph.outputs).filter { moved(self, $0) }
    guard !graph.inputs.contains(where: seen.contains) else { return false }
    place(tensor, in: box)
    let works = affected.allSatisfy { plan in plan.parts.allSatisfy { geometry(of: $0, in: plan) != nil } }
      && seen.allSatisfy { view(of: $0)?.isContiguous == true }
    if !works { place(tensor, in: nil) }
    return works
  }
}
