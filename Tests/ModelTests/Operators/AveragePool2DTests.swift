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

  /// The sums of unsigned bytes, less 128 each.
  @Test func unsignedTiesRoundUp() {
    for (count, sum) in [(2, 1), (2, 3), (4, 2), (4, 509), (3, 5), (5, 1275)] as [(Int32, Int32)] {
      #expect(AveragePool2D.unsignedAverage(sum - 128 * count, count) == (sum + count / 2) / count - 128)
    }
    #expect([-3, -1, 1, 3].map { AveragePool2D.unsignedAverage($0, 2) } == [-1, 0, 1, 2])
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
