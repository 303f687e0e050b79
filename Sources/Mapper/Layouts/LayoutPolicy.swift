// Which layouts a window can have, and which one is taken.

import Machine

/// A run of the array: a layout for some of the output, and where that begins.
struct ArrayRun: Sendable {
  var layout: any Layout
  /// Bytes from the first byte of the output to the first that the run makes.
  var outputOffset = 0
  /// The output channel of the layer by the number among the run's; nil: the same.
  var channels: [Int]?
  var detail = ""
}

/// A way to compute a window: one run, or a few that share the work.
struct LayoutCandidate: Sendable {
  var runs: [ArrayRun]
  /// Taken only if it needs less than this part of the cycles of the best candidate that is taken at once, in percent.
  var percent = 100

  init(_ runs: [ArrayRun], percent: Int = 100) { (self.runs, self.percent) = (runs, percent) }
  init(_ layout: some Layout) { runs = [ArrayRun(layout: layout)] }
}

/// What a candidate costs.
struct LayoutCost: Sendable, Hashable {
  var cycles: Int
  /// Words of weights that are stored, of all elements in use together.
  var weightWords: Int
}

/// Chooses among candidates.
public struct LayoutPolicy: Sendable {
  /// The index of the candidate to take, of one or more with what they cost.
  let choose: @Sendable (_ candidates: [LayoutCandidate], _ costs: [LayoutCost]) -> Int

  /// The fewest predicted cycles; among equals the first.
  public static let leastCycles = LayoutPolicy { candidates, costs in
    func best(_ indices: some Sequence<Int>) -> Int { indices.min { costs[$0].cycles < costs[$1].cycles } ?? 0 }
    let plain = best(candidates.indices.filter { candidates[$0].percent == 100 })
    return best([plain] + candidates.indices.filter { costs[$0].cycles * 100 < costs[plain].cycles * candidates[$0].percent })
  }
  /// The fewest words of weights, which are then stored once; among equals the fewest cycles.
  public static let leastWeights = LayoutPolicy { candidates, costs in
    candidates.indices.min { (costs[$0].weightWords, costs[$0].cycles) < (costs[$1].weightWords, costs[$1].cycles) } ?? 0
  }
  /// What users can ask for.
  public static let named = ["cycles": leastCycles, "weights": leastWeights]
  /// The first candidate: the plain way.
  public static let first = LayoutPolicy { _, _ in 0 }
}
