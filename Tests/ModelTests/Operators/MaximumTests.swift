import Model
import Testing

@Suite struct MaximumTests {
  @Test(arguments: [[], [1], [1, 1]]) func bytesBelowTheConstantBecomeIt(_ shape: [Int]) throws {
    let x = activation([1, 5], zeroPoint: 7), c = weights(shape, [-3], zeroPoint: 7)
    #expect(try run(graph(Maximum(), [x, c], output: x), [-128, -4, -3, 0, 127]) == [-3, -3, -3, 0, 127])
    #expect(try run(graph(Maximum(), [c, x], output: x), [-128, -4, -3, 0, 127]) == [-3, -3, -3, 0, 127])
    #expect(try run(graph(Maximum(isMinimum: true), [c, x], output: x), [-128, -4, -3, 0, 127]) == [-128, -4, -3, -3, -3])
    #expect(graph(Maximum(), [x, c], output: x).decomposed.nodes.count == 1)
  }

  @Test func constantsRepeat() throws {
    let x = activation([2, 2]), c = weights([2], [-3, 5])
    #expect(try run(graph(Maximum(), [x, c], output: x), [-128, 4, 6, 127]) == [-3, 5, 6, 127])
    #expect(try run(graph(Maximum(isMinimum: true), [x, c], output: x), [-128, 4, 6, 127]) == [-128, 4, -3, 5])
  }

  /// Two additions are as good as the comparison, for all pairs of bytes and whatever the zero point is.
  @Test(arguments: [-128, 0, 40, 127]) func twoAdditionsComputeIt(_ zero: Int) throws {
    let bytes = (-128...127).map { Int8($0) }
    let x = activation([256, 256], scale: 0.0173, zeroPoint: zero)
    for isMinimum in [false, true] {
      let layer = graph(Maximum(isMinimum: isMinimum), [x, x], output: x), parts = layer.decomposed
      #expect(parts.nodes.map(\.operation.name) == (isMinimum ? ["SUB", "SUB"] : ["SUB", "ADD"]))
      try parts.validate()
      let rows = bytes.flatMap { [Int8](repeating: $0, count: 256) }, columns = [[Int8]](repeating: bytes, count: 256).flatMap { $0 }
      #expect(try run(parts, rows, columns) == run(layer, rows, columns))
    }
  }

  @Test func whatIsNotSupportedIsRefused() {
    func refused(_ a: Tensor, _ b: Tensor, _ output: Tensor? = nil) -> String {
      validationError(graph(Maximum(), [a, b], output: output ?? activation([2]))).message
    }
    let x = activation([2])
    #expect(refused(x, weights([1], [1], scale: 2))
      == "does not rescale, but input has scale 2.0, zero point 0 and output scale 1.0, zero point 0 (operator 0 MAXIMUM, tensor 2 't')")
    #expect(refused(x, weights([1], [1], zeroPoint: 1)).contains("does not rescale, but input has scale 1.0, zero point 1 "))
    #expect(refused(x, weights([1], [1]), activation([2], scale: 0.5)).hasPrefix("does not rescale, but input has scale 1.0"))
  }
}
