import Model
import Testing

@Suite struct MaxPool2DTests {
  @Test func maxima() throws {
    let pool = MaxPool2D(filterHeight: 2, filterWidth: 2, strideHeight: 2, strideWidth: 2, padding: .same)
    let layer = graph(pool, [activation([1, 3, 3, 2])], output: activation([1, 2, 2, 2]))
    let x: [Int8] = [1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8, 9, -128]
    #expect(try run(layer, x) == [5, -1, 6, -3, 8, -7, 9, -128])
  }

  @Test func activationsClamp() throws {
    let pool = MaxPool2D(filterHeight: 1, filterWidth: 2, activation: .reluN1To1)
    let layer = graph(pool, [activation([1, 1, 3, 1], scale: 0.5)], output: activation([1, 1, 2, 1], scale: 0.5))
    #expect(try run(layer, [-5, -4, 99]) == [-2, 2])
  }
}
