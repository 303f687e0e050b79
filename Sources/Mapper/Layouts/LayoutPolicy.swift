// Which layouts a window can have, and which one is taken.

import Machine

/// A run of the array: a layout for some of the output, and where that begins.
struct ArrayRun: Sendable {
  var layout: any Layout
  /// Bytes from the first byte of the output to the first that the run makes.
  var outputOffset = 0
  var detail = ""
  /// Whether its weights are those of the run before it, and stored once.
  var sharesWeights = false
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
  /// As many as it keeps the array, or the post unit if longer.
  var cycles: Int
  /// Words of weights that are stored, of all elements in use together.
  var weightWords: Int
}

/// Chooses among candidates.
public struct LayoutPolicy: Sendable {
  /// The index of the candidate to take, of one or more with what they cost.
  let choose: @Sendable (_ candidates: [LayoutCandidate], _ costs: [LayoutCost]) -> Int
  /// Whether a network that exceeds its `WeightBudget` gets the layouts with the fewest cycles that keep it.
  private(set) var keepsBudget = false

  init(_ choose: @escaping @Sendable (_ candidates: [LayoutCandidate], _ costs: [LayoutCost]) -> Int) { self.choose = choose }

  /// The fewest predicted cycles, within the budget of weights; among equals the first.
  public static let leastCycles = {
    var policy = priced(0)
    policy.keepsBudget = true
    return policy
  }()
  /// The fewest predicted cycles, where 1,024 words of weights count as so many; 0: whatever the weights.
  static func priced(_ price: Int) -> LayoutPolicy {
    LayoutPolicy { candidates, costs in
      func total(_ index: Int) -> Int { costs[index].cycles * 1024 + costs[index].weightWords * price }
      return worthwhile(candidates, costs).min { total($0) < total($1) } ?? 0
    }
  }
  /// The fewest words of weights, which are then stored once; among equals the fewest cycles.
  public static let leastWeights = LayoutPolicy { candidates, costs in
    candidates.indices.min { (costs[$0].weightWords, costs[$0].cycles) < (costs[$1].weightWords, costs[$1].cycles) } ?? 0
  }
  /// What users can ask for.
  public static let named = ["cycles": leastCycles, "weights": leastWeights]
  /// The first candidate: the plain way.
  public static let first = LayoutPolicy { _, _ in 0 }

  /// The candidates that gain as much as they must, by their numbers, beginning with the fastest of those that need not.
  static func worthwhile(_ candidates: [LayoutCandidate], _ costs: [LayoutCost]) -> [Int] {
    let fastest = candidates.indices.filter { candidates[$0].percent == 100 }.min { costs[$0].cycles < costs[$1].cycles } ?? 0
    return [fastest] + candidates.indices.filter { index in
      index != fastest && (candidates[index].percent == 100 || costs[index].cycles * 100 < costs[fastest].cycles * candidates[index].percent)
    }
  }
}
