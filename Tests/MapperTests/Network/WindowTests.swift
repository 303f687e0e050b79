import Model
import TestTools
import Testing

@testable import Mapper

@Suite struct WindowTests {
  @Test func paddingThatIsTouched() {
    var random = SplitMix("windows"), touching = 0
    for _ in 0..<2000 {
      let window = Window(
        inputHeight: random.int(1...8), inputWidth: random.int(1...8), depth: 1, outputHeight: random.int(1...3), outputWidth: random.int(1...3),
        kernelHeight: random.int(1...3), kernelWidth: random.int(1...3), strideY: random.int(1...2), strideX: random.int(1...2),
        dilationY: random.int(1...2), dilationX: random.int(1...2), padTop: random.int(-2...1), padLeft: random.int(-2...1))
      func leaves(_ outputs: Int, _ stride: Int, _ pad: Int, _ taps: Int, _ dilation: Int, _ size: Int) -> Bool {
        (0..<outputs).contains { output in (0..<taps).contains { !(0..<size).contains(output * stride - pad + $0 * dilation) } }
      }
      let expected = leaves(window.outputHeight, window.strideY, window.padTop, window.kernelHeight, window.dilationY, window.inputHeight)
        || leaves(window.outputWidth, window.strideX, window.padLeft, window.kernelWidth, window.dilationX, window.inputWidth)
      touching += expected ? 1 : 0
      #expect(window.touchesPadding == expected, "\(window)")
    }
    #expect((200...1950).contains(touching))
  }

  @Test func ofAnOperator() {
    let geometry = WindowGeometry2D(
      rows: WindowGeometry(input: 9, filter: 3, stride: 2, padding: .same),
      columns: WindowGeometry(input: 8, filter: 2, stride: 1, dilation: 3, padding: .valid))
    #expect(
      Window(geometry, depth: 5)
        == Window(
          inputHeight: 9, inputWidth: 8, depth: 5, outputHeight: 5, outputWidth: 5, kernelHeight: 3, kernelWidth: 2, strideY: 2, strideX: 1,
          dilationY: 1, dilationX: 3, padTop: 1, padLeft: 0))
    #expect(Window(geometry, depth: 5).taps == 6)
  }
}
