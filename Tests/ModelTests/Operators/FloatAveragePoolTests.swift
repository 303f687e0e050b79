import Testing

@testable import Model

/// Means of real numbers. The vectors of ONNX Runtime are in `ONNXVectorTests`.
@Suite struct FloatAveragePoolTests {
  private func pool(_ rounding: Rounding, isUnsigned: Bool = false, zeroPoint: Int = 0) -> Graph {
    let pool = FloatAveragePool(filterHeight: 1, filterWidth: 2, window: Window2D(strideWidth: 2, padding: .valid), isUnsigned: isUnsigned)
    var graph = graph(pool, [activation([1, 1, 6, 1])], output: activation([1, 1, 3, 1], zeroPoint: zeroPoint))
    graph.rounding = rounding
    return graph
  }

  @Test func halvesGoToEvenOrUp() throws {
    let bytes: [Int8] = [1, 0, 1, 2, -1, -2]
    #expect(try run(pool(.exact), bytes) == [0, 2, -2])
    #expect(try run(pool(.nearest), bytes) == [1, 2, -1])
    // The zero point is in what is rounded: 1.5, 2.5, −0.5.
    #expect(try run(pool(.exact, zeroPoint: 1), bytes) == [2, 2, 0])
  }

  @Test func windowsLieInside() {
    var graph = pool(.exact)
    let pool = FloatAveragePool(filterHeight: 1, filterWidth: 2, window: Window2D(strideWidth: 2, padding: .same), isUnsigned: false)
    graph.nodes[0].operation = pool
    #expect(validationError(graph).message.contains("windows must lie inside of the image"))
  }
}
