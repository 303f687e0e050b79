// Steps of loops that turn once: whatever such a field holds, nothing moves by it, and a program need not set it.

extension LayerFields {
  /// The step fields of `run` that do not matter here, because every loop that they belong to turns once.
  public var idleSteps: Set<LayerField> {
    Set(Self.steps.filter { $0.value.allSatisfy { self[$0] == 1 } }.keys)
  }

  /// By step field, the counts of its loops. A loop in pieces turns as often as the hardware is narrow: its steps are never idle.
  private static let steps: [LayerField: [LayerField]] = {
    var counts: [LayerField: [LayerField]] = [:], inPieces: Set<LayerField> = []
    for walk in [Walk.feeder, Walk.array, Walk.post] {
      for move in walk.positions.flatMap(\.moves) {
        guard let step = move.step else { continue }
        counts[step, default: []] += walk.loops[move.loops].map(\.count)
        if walk.loops[move.loops].contains(where: \.goesInPieces) { inPieces.insert(step) }
      }
    }
    return counts.filter { !inPieces.contains($0.key) }
  }()
}
