import Testing

@testable import Mapper

@Suite struct MemoryPlanTests {
  @Test func tensorsThatLiveTogetherDoNotOverlap() {
    var random = SeededGenerator(3)
    for _ in 0..<50 {
      let demands = (0..<30).map { index in
        let start = Int.random(in: -1..<20, using: &random)
        return MemoryDemand(
          tensor: index, bytes: Int.random(in: 1...1000, using: &random),
          live: start...start + Int.random(in: 0...4, using: &random))
      }
      let plan = MemoryPlan(demands)
      for (i, a) in plan.placements.enumerated() {
        #expect(a.address >= 0 && a.address + a.bytes <= plan.peakBytes)
        for b in plan.placements[..<i] where a.live.overlaps(b.live) {
          #expect(a.address + a.bytes <= b.address || b.address + b.bytes <= a.address)
        }
      }
      #expect(plan.peakBytes >= MemoryPlan.bound(demands))
    }
  }

  @Test func chainsReachTheBound() {
    let demands = [100, 300, 200, 250, 50, 400, 10].enumerated().map {
      MemoryDemand(tensor: $0.offset, bytes: $0.element, live: $0.offset - 1...$0.offset)
    }
    #expect(MemoryPlan.bound(demands) == 500)
    #expect(MemoryPlan(demands).peakBytes == 500)
  }

  @Test func nothing() { #expect(MemoryPlan([]).peakBytes == 0) }
}
