// How much weight memory a network may take: its own weights, and some more for layouts that store them several times.
//
// Layers compete for what there is to spare: of each window's layouts one is taken, such that all words fit and the cycles are fewest. That is the
// multiple-choice knapsack problem, solved by dynamic programming over the words that are spent.

import Machine

/// The bytes that a network's weights may take.
struct WeightBudget: Sendable, Hashable {
  let bytes: Int

  /// A tenth more than the network's own weights, with more than 64 multipliers a quarter more; and 16 words of the array, at least 1 KiB.
  /// - Parameter network: as its operators say it, before any rewrite.
  init(_ network: Network, _ configuration: Configuration) {
    let kernels = network.plans.compactMap { $0 }.flatMap(\.parts).map(\.kernel)
    let own = Set(kernels.compactMap(\.ownWeights)).reduce(0) { $0 + $1.count }
    let word = configuration.elements * configuration.dotProduct
    bytes = own * (word > 64 ? 125 : 110) / 100 + max(1024, 16 * word)
  }
}

/// What the layouts of a window cost, and which of them was taken.
struct LayoutChoice: Sendable, Hashable {
  /// By the candidates' numbers those that are worth considering: one or more.
  var costs: [Int: LayoutCost]
  var taken: Int

  var takenWords: Int { costs[taken]?.weightWords ?? 0 }

  /// For every choice the number of a candidate, with the fewest cycles that so many words of weights allow.
  /// - Returns: nil where the fewest words are more than that.
  static func fewestCycles(of choices: [LayoutChoice], words: Int) -> [Int]? {
    let least = choices.map { choice in choice.costs.values.map(\.weightWords).min() ?? 0 }
    let spare = words - least.reduce(0, +)
    guard spare >= 0 else { return nil }
    // Beyond some thousand places of the table words count in larger units.
    let unit = spare / 4096 + 1, places = spare / unit + 1
    var fewest = [Int](repeating: 0, count: places)
    var taken: [[Int]] = []
    for (choice, least) in zip(choices, least) {
      let options = choice.costs.sorted { ($0.value.cycles, $0.key) < ($1.value.cycles, $1.key) }
      let next = (0..<places).map { place -> (cycles: Int, option: Int) in
        var best = (cycles: Int.max, option: choice.taken)
        for (option, cost) in options {
          let used = dividedUp(cost.weightWords - least, unit)
          if used <= place, cost.cycles + fewest[place - used] < best.cycles { best = (cost.cycles + fewest[place - used], option) }
        }
        return best
      }
      fewest = next.map(\.cycles)
      taken.append(next.map(\.option))
    }
    var place = places - 1, result: [Int] = []
    for index in choices.indices.reversed() {
      let option = taken[index][place]
      result.append(option)
      place -= dividedUp((choices[index].costs[option]?.weightWords ?? 0) - least[index], unit)
    }
    return result.reversed()
  }
}

extension Kernel {
  /// Weights that the network brings along.
  fileprivate var ownWeights: [Int]? {
    switch self {
    case .sum(_, let weights): weights.map(Int.init)
    case .each(_, let weights, _): weights?.map(Int.init)
    case .wide(_, let weights, _): weights
    case .product, .maximum, .bytes, .surround, .softmax, .scalarAddition, .int16: nil
    }
  }
}
