import Machine
import Testing

/// The latencies that the predicted cycles of every network rest on, as they were measured.
@Suite struct TimingTests {
  @Test func sums() {
    #expect(Timing.read == 4 && Timing.array == 3)
    #expect([1, 3, 10, 12, 40].map { Timing.softmaxRow(columns: $0, lanes: 64) } == [30, 33, 44, 47, 92])
    #expect([1, 3, 10, 12, 40].map { Timing.softmaxRow(columns: $0, lanes: 4) } == [30, 33, 45, 48, 97])
    #expect(Timing.scalarAddition == 8 && Timing.scalarAdditionElement == 2 && Timing.scalarSquare == 3)
    #expect(Timing.int16Element == 4 && Timing.int16Output == 14 && [1, 10].map { Timing.int16(elements: $0) } == [18, 54])
    #expect(Timing.programStart == 3 && Timing.layerStart == 2 && Timing.stepGap == 1 && Timing.countStart == 1)
  }

  @Test func onlyLanesThatAreThereTakeTime() {
    func post(_ residual: Bool, _ tables: Bool, products: Bool = false) -> Int {
      let units = OptionalUnits(residual: residual, maximum: true, scalar: true, tables: true)
      let configuration = Configuration(
        name: "bench", pixels: 1, channels: 4, dotProduct: 4, memoryLanes: 8, postLanes: 1, units: units)
      return Timing(configuration, hasByteTables: tables, hasProducts: products).post
    }
    #expect(post(false, false) == 7)
    #expect(post(true, false) == 12)
    #expect(post(false, true) == 9)
    #expect(post(true, true) == 14)
    #expect(post(true, false, products: true) == 13)
    #expect(post(true, true, products: true) == 15)
    #expect(post(false, true, products: true) == 9)
  }
}
