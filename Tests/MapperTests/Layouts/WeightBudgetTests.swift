import Machine
import Model
import TestTools
import Testing

@testable import Mapper

@Suite struct WeightBudgetTests {
  /// The network's own weights, each tensor once, and some more; what arrays of more multipliers may take is more.
  @Test func ownWeightsAndSome() throws {
    var b = GraphBuilder()
    let x = b.input([1, 6, 6, 4]), y = try required(b.convolution(x, channels: 300, kernel: (3, 3)))
    var network = try Network(b.graph(outputs: [try required(b.depthwise(y, kernel: (3, 3)))]))
    let own = 300 * 9 * 4 + 300 * 9
    for _ in 0..<2 {
      #expect(WeightBudget(network, .edge16).bytes == own * 110 / 100 + 1024)
      #expect(WeightBudget(network, .edge64).bytes == own * 110 / 100 + 1024)
      #expect(WeightBudget(network, .edge128).bytes == own * 125 / 100 + 2048)
      #expect(WeightBudget(network, .edge256).bytes == own * 125 / 100 + 4096)
      network.plans += network.plans
    }
  }

  /// Against all combinations of the options.
  @Test func fewestCyclesThatFit() {
    var random = SplitMix("budgets of words")
    for _ in 0..<200 {
      let choices = (0..<random.int(1...5)).map { _ in
        LayoutChoice(
          costs: Dictionary(uniqueKeysWithValues: (0..<random.int(1...4)).map { index in
            (2 * index, LayoutCost(cycles: random.int(1...30), weightWords: random.int(1...20)))
          }), taken: 0)
      }
      let words = random.int(1...60)
      let all = choices.reduce([[]]) { lists, choice in lists.flatMap { list in choice.costs.keys.map { list + [$0] } } }
      func sum(_ taken: [Int], _ cost: (LayoutCost) -> Int) -> Int { zip(choices, taken).reduce(0) { $0 + ($1.0.costs[$1.1].map(cost) ?? 0) } }
      let fewest = all.filter { sum($0, \.weightWords) <= words }.map { sum($0, \.cycles) }.min()
      let found = LayoutChoice.fewestCycles(of: choices, words: words)
      #expect(found.map { sum($0, \.cycles) } == fewest && found.map { sum($0, \.weightWords) <= words } != false)
    }
  }

  /// Words count in larger units in large networks: never too few of them.
  @Test func largeBudgetsAreKept() {
    let choices = (0..<40).map { index in
      LayoutChoice(
        costs: [
          0: LayoutCost(cycles: 1000, weightWords: 5000), 1: LayoutCost(cycles: 900 - index, weightWords: 5000 + 1111 * (index % 7 + 1)),
        ], taken: 1)
    }
    let words = 260_000, found = LayoutChoice.fewestCycles(of: choices, words: words) ?? []
    let used = zip(choices, found).reduce(0) { $0 + ($1.0.costs[$1.1]?.weightWords ?? 0) }
    #expect(found.count == 40 && used <= words && used > words - 5000 && LayoutChoice.fewestCycles(of: choices, words: 199_999) == nil)
  }

  /// Layers of few channels would all store their weights for several pixels: those do for which it is worth most.
  @Test func layersShareWhatThereIs() throws {
    var b = GraphBuilder()
    var x = b.input([1, 9, 12, 4])
    for channels in [6, 5, 8, 3, 7, 4] { x = try required(b.convolution(x, channels: channels, kernel: (3, 3))) }
    let graph = b.graph(outputs: [x]), budget = WeightBudget(try Network(graph), .edge256).bytes
    func mapped(_ policy: LayoutPolicy) throws -> Mapping { try Mapper.map(graph, for: .edge256, policy: policy) }
    let fastest = try mapped(.priced(0)), kept = try mapped(.leastCycles), least = try mapped(.leastWeights)
    #expect(least.weightBytes < kept.weightBytes && kept.weightBytes <= budget && budget < fastest.weightBytes)
    #expect(fastest.predictedCycles < kept.predictedCycles && kept.predictedCycles < least.predictedCycles)
    try expectExact(&b, outputs: [x], configurations: [.edge256])
  }
}
