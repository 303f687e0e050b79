import Testing

@testable import Mapper

@Suite struct LayoutPolicyTests {
  /// A candidate that asks for a gain gets nothing for less; among equals the first wins.
  @Test func policies() {
    func candidate(_ percent: Int) -> LayoutCandidate { LayoutCandidate([], percent: percent) }
    let candidates = [candidate(100), candidate(97), candidate(100), candidate(100)]
    func costs(_ cycles: [Int], _ words: [Int] = [4, 8, 4, 5]) -> [LayoutCost] {
      zip(cycles, words).map { LayoutCost(cycles: $0, weightWords: $1) }
    }
    #expect(LayoutPolicy.first.choose(candidates, costs([1000, 1, 1, 1])) == 0)
    #expect(LayoutPolicy.leastCycles.choose(candidates, costs([1000, 970, 1000, 1000])) == 0)
    #expect(LayoutPolicy.leastCycles.choose(candidates, costs([1000, 969, 1000, 1000])) == 1)
    #expect(LayoutPolicy.leastCycles.choose(candidates, costs([1000, 971, 999, 999])) == 2)
    #expect(LayoutPolicy.leastCycles.choose([candidate(100)], costs([0])) == 0)
    // The gain is on the best of those that ask for none.
    #expect(LayoutPolicy.leastCycles.choose(candidates, costs([1000, 960, 980, 1000])) == 2)
    // Two words more for two cycles less are too dear where a word is more than a cycle.
    #expect(LayoutPolicy.priced(511).choose(candidates, costs([1000, 960, 1000, 998], [4, 200, 4, 6])) == 3)
    #expect(LayoutPolicy.priced(1025).choose(candidates, costs([1000, 960, 1000, 998], [4, 200, 4, 6])) == 0)
    // Four words, whatever the cycles; of those that need four the fastest.
    #expect(LayoutPolicy.leastWeights.choose(candidates, costs([1000, 1, 999, 1])) == 2)
    #expect(LayoutPolicy.leastWeights.choose(candidates, costs([1000, 1, 1001, 1])) == 0)
  }
}
