import Model
import Testing

@Suite struct PoolingTests {
  func error(_ operation: any Operation, output: Tensor = activation([1, 2, 2, 1])) -> ModelError {
    validationError(graph(operation, [activation([1, 4, 4, 1])], output: output))
  }

  @Test func windowsAreChecked() {
    let pool = MaxPool2D(filterHeight: 2, filterWidth: 2, strideHeight: 2, strideWidth: 2)
    #expect(error(pool).category == .unreadable)
    #expect(error(pool, output: activation([1, 2, 3, 1])).category == .invalidShape)
    #expect(error(pool, output: activation([1, 2, 2, 1], scale: 2)).category == .invalidQuantization)
    #expect(error(pool, output: activation([1, 2, 2, 1], zeroPoint: 1)).category == .invalidQuantization)
    #expect(error(AveragePool2D(filterHeight: 0, filterWidth: 2)).message.hasPrefix("pool window is 0x2"))
    #expect(error(AveragePool2D(filterHeight: 2, filterWidth: 2, strideWidth: 0)).category == .invalidGraph)
    #expect(error(AveragePool2D(filterHeight: 5, filterWidth: 1)).category == .invalidShape)
  }

  @Test func hugeWindowsCoverTheImage() throws {
    let pool = AveragePool2D(
      filterHeight: 1 << 31, filterWidth: 1 << 31, strideHeight: 1 << 31, strideWidth: 1 << 31, padding: .same)
    let layer = graph(pool, [activation([1, 2, 2, 1])], output: activation([1, 1, 1, 1]))
    #expect(try run(layer, [1, 2, 3, 4]) == [3])
  }
}
