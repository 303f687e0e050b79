import Model
import Testing

@Suite struct AveragePool2DTests {
  @Test func tiesRoundAwayFromZero() {
    #expect([-6, -5, -3, -1, 0, 1, 3, 5, 6].map { AveragePool2D.average($0, 2) } == [-3, -3, -2, -1, 0, 1, 2, 3, 3])
    #expect(AveragePool2D.average(-7, 3) == -2)
    #expect(AveragePool2D.average(7, 3) == 2)
    #expect(AveragePool2D.average(8, 3) == 3)
    #expect(AveragePool2D.average(5, 0) == 5)
  }

  @Test func paddingCountsNothing() throws {
    let pool = AveragePool2D(filterHeight: 2, filterWidth: 2, padding: .same)
    let layer = graph(pool, [activation([1, 2, 2, 1], zeroPoint: -100)], output: activation([1, 2, 2, 1], zeroPoint: -100))
    #expect(try run(layer, [1, 2, 3, 6]) == [3, 4, 5, 6])
  }

  @Test func activationsClamp() throws {
    let pool = AveragePool2D(filterHeight: 1, filterWidth: 1, activation: .relu6)
    let layer = graph(pool, [activation([1, 1, 3, 1], zeroPoint: 1)], output: activation([1, 1, 3, 1], zeroPoint: 1))
    #expect(try run(layer, [-5, 3, 99]) == [1, 3, 7])
  }
}
