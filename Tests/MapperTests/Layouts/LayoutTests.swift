import Machine
import Testing

@testable import Mapper

@Suite struct LayoutTests {
  /// Lane t of element n in step s of group g is byte ((g·steps + s)·N + n)·C + t; where there is no weight there is a zero.
  @Test func packedWeightsAreWhereTheyBelong() {
    let window = Window(inputHeight: 4, inputWidth: 4, depth: 3, outputHeight: 3, outputWidth: 3, kernelHeight: 2, kernelWidth: 2)
    let shape = WindowShape(window: window, inputRowStep: 12, inputColumnStep: 3, outputRowStep: 30, outputColumnStep: 10)
    let machine = ArrayShape(.edge16), n = machine.elements, c = machine.dotProduct
    let stream = Stream(shape, channels: 10, padByte: 0, machine)
    func value(_ tap: Int, _ input: Int, _ output: Int) -> Int8 { Int8(tap * 3 + input + output * 12 + 1) }
    let words = stream.packed(machine, value)
    // 12 bytes of a window in three steps, ten channels in three groups of four elements.
    #expect(stream.steps == 3 && words.count == 3 * 3 * n * c)
    for (index, byte) in words.enumerated() {
      let (output, window) = (index / (n * c * 3) * n + index / c % n, index / (n * c) % 3 * c + index % c)
      #expect(byte == (output < 10 ? UInt8(output * 12 + window + 1) : 0))
    }
  }

  @Test func fieldsSayWhatTheLayoutSays() {
    let window = Window(
      inputHeight: 4, inputWidth: 5, depth: 6, outputHeight: 3, outputWidth: 2, kernelHeight: 2, kernelWidth: 3, padTop: 1, padLeft: 2)
    let shape = WindowShape(window: window, inputRowStep: 50, inputColumnStep: 8, outputRowStep: 30, outputColumnStep: 9)
    let taps = TapColumns(shape, padByte: -3, ArrayShape(.edge16))
    #expect(taps?.fields.mode == [.columns] && taps?.fields.feed == taps?.feed && taps?.fields.array == taps?.array)
    #expect(taps?.fields.window == taps?.window && taps?.window.columns == 6)
    #expect((taps?.fields.end.rowStep, taps?.fields.end.columnStep, taps?.fields.end.groupStep) == (30, 9, 4))
    #expect((taps?.fields.end.channels, taps?.fields.end.lastChannels) == (4, 2))
    #expect((taps?.feed.firstY, taps?.feed.firstX, taps?.feed.rowBytes, taps?.feed.padByte) == (-1, -16, 4 * 8 + 6, 253))
    let stream = Stream(shape, channels: 3, padByte: 0, ArrayShape(.edge16))
    #expect(stream.fields.mode == [] && stream.fields.window == .zero)
  }
}
