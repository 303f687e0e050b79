import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct ByteWeightsTests {
  private func window(_ height: Int, _ width: Int, dilation: Int = 1) -> Window {
    Window(
      inputHeight: 9, inputWidth: 9, depth: 2, outputHeight: 1, outputWidth: 1, kernelHeight: height, kernelWidth: width, dilationY: 3,
      dilationX: dilation)
  }

  @Test func bytesStay() {
    let bytes = ByteWeights(window(2, 2), [-128, 127, 0, 1, 2, 3, 4, 5], inner: 2)
    #expect(bytes.window == window(2, 2) && bytes.values == [-128, 127, 0, 1, 2, 3, 4, 5])
  }

  /// A row is followed by what its bytes are short of; 255 takes three.
  @Test(arguments: [([200, -3, -255, 5], 2), ([255, -3, -255, 5], 3)]) func rowsAreReadAgain(_ weights: [Int], _ times: Int) {
    let bytes = ByteWeights(window(2, 1), weights, inner: 2)
    #expect(bytes.window.rowRepeats == times && bytes.window.taps == 2 * times && bytes.values.count == 4 * times)
    for row in 0..<2 {
      for index in 0..<2 {
        let parts = (0..<times).map { Int(bytes.values[(row * times + $0) * 2 + index]) }, weight = weights[row * 2 + index]
        #expect(parts.reduce(0, +) == weight && parts.allSatisfy { $0 == 0 || $0.signum() == weight.signum() })
      }
    }
  }

  /// Of two groups, each with two inputs and one output, every output sees four inputs.
  @Test func groupsAreSpread() {
    let bytes = ByteWeights(window(1, 2), [1, 2, 3, 4, 5, 6, 7, 8], inner: 2)
    #expect(bytes.spread(overGroups: 2) == [1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 5, 6, 0, 0, 7, 8])
  }

  /// Gaps in a row become taps of weight zero; rows keep theirs.
  @Test func dilatedRows() {
    let bytes = ByteWeights(window(1, 2, dilation: 3), [200, 1], inner: 1)
    #expect((bytes.window.kernelWidth, bytes.window.dilationX, bytes.window.dilationY) == (4, 1, 3))
    #expect(bytes.values == [127, 0, 0, 1, 73, 0, 0, 0])
  }
}
