import Model
import Testing

@Suite struct MaximumTests {
  @Test(arguments: [[], [1], [1, 1]]) func bytesBelowTheConstantBecomeIt(_ shape: [Int]) throws {
    let x = activation([1, 5], zeroPoint: 7), c = weights(shape, [-3], zeroPoint: 7)
    #expect(try run(graph(Maximum(), [x, c], output: x), [-128, -4, -3, 0, 127]) == [-3, -3, -3, 0, 127])
    #expect(try run(graph(Maximum(), [c, x], output: x), [-128, -4, -3, 0, 127]) == [-3, -3, -3, 0, 127])
  }

  @Test func whatIsNotSupportedIsRefused() {
    func refused(_ a: Tensor, _ b: Tensor, _ output: Tensor? = nil) -> String {
      validationError(graph(Maximum(), [a, b], output: output ?? activation([2]))).message
    }
    let x = activation([2])
    #expect(refused(x, x) == "the maximum of two computed tensors is not supported, only that of a tensor and a constant (operator 0 MAXIMUM)")
    #expect(refused(x, weights([2], [1, 2])) == "a constant of 2 elements is not supported, only one element (operator 0 MAXIMUM, tensor 1 'w')")
    #expect(refused(x, weights([1], [1], scale: 2))
      == "does not rescale, but input has scale 2.0, zero point 0 and output scale 1.0, zero point 0 (operator 0 MAXIMUM, tensor 2 't')")
    #expect(refused(x, weights([1], [1], zeroPoint: 1)).contains("does not rescale, but input has scale 1.0, zero point 1 "))
    #expect(refused(x, weights([1], [1]), activation([2], scale: 0.5)).hasPrefix("does not rescale, but input has scale 1.0"))
  }
}
