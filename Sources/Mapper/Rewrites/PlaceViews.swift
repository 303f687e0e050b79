// Copies that need not be made: a tensor is computed where it will be needed, or read where it already is.
//
// What is concatenated is computed inside of the whole; what is split, sliced or unpacked is read inside of it. Where the
// kernels on both sides cannot work on the bytes as they then lie, or would lose more than the copy costs (few channels of a
// wide pixel leave elements idle that several pixels side by side would use), the copy stays.

import Machine

extension Network {
  mutating func placeViews(_ configuration: Configuration) {
    var model = CycleModel(configuration)
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
        if tryToPlace(source, in: place, instead: copy, configuration, &model) { plan = rest }
      }
      plans[position] = plan.parts.isEmpty ? nil : plan
    }
    for position in plans.indices {
      guard let plan = plans[position], plan.onlyMoves, plan.parts.count == 1, let part = plan.parts.first, part.to.isContiguous,
        part.to.count == graph.tensors[plan.output].elementCount
      else { continue }
      plans[position] = nil
      if !tryToPlace(plan.output, in: part.from, instead: plan, configuration, &model) { plans[position] = plan }
    }
  }

  /// Places a tensor that has bytes of its own in another one.
  /// - Parameter copy: what is not needed then, and is not among the layers now.
  /// - Returns: false when a layer or the host could not work with that, or would take longer; then nothing has changed.
  private mutating func tryToPlace(
    _ tensor: Int, in box: Box, instead copy: LayerPlan, _ configuration: Configuration, _ model: inout CycleModel
  ) -> Bool {
    guard places[tensor] == nil, constant(box.tensor) == nil, let host = view(of: box.tensor)?.taking(box), host.buffer != tensor else { return false }
    func isMoved(_ other: Int) -> Bool { view(of: other)?.buffer == tensor }
    guard !graph.inputs.contains(where: isMoved) else { return false }
    let outputs = graph.outputs.filter(isMoved)
    let affected = plans.compactMap { $0 }.filter { $0.reads.contains(where: isMoved) || isMoved($0.output) }
    guard let before = cycles(of: affected + [copy], configuration, &model) else { return false }
    place(tensor, in: box)
    if outputs.allSatisfy({ view(of: $0)?.isContiguous == true }), let after = cycles(of: affected, configuration, &model), after <= before {
      return true
    }
    place(tensor, in: nil)
    return false
  }

  /// What layers take, by prediction; nil when the hardware cannot reach their bytes.
  private func cycles(of layers: [LayerPlan], _ configuration: Configuration, _ model: inout CycleModel) -> Int? {
    guard var lowering = try? Lowering(self, configuration, .leastCycles) else { return nil }
    swap(&lowering.cycles, &model)
    defer { swap(&lowering.cycles, &model) }
    do { for layer in layers { try lowering.add(layer) } } catch { return nil }
    return lowering.steps.reduce(0) { $0 + lowering.cycles.time(of: $1.command, $1.fields).cycles }
  }
}
