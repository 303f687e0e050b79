import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct StreamTests {
  @Test func sumsAreThoseOfPlainLoops() {
    var random = SplitMix("streams")
    for index in 0..<80 {
      let window = WindowCase(.sum, isDense: random.chance(40), &random)
      window.expectRight(
        Stream(window.shape, channels: window.channels, padByte: window.padByte, ArrayShape(window.configuration)), "stream \(index)")
    }
  }

  /// Elements that share an output: every one of them takes a part of each window.
  @Test func mergedElementsMakeTheSameSums() {
    var random = SplitMix("merged elements")
    var several = 0
    for index in 0..<120 {
      let window = WindowCase(.sum, isDense: random.chance(60), &random), machine = ArrayShape(window.configuration)
      for merged in [2, 4] where merged <= machine.mergedElements {
        let layout = Stream(window.shape, channels: window.channels, merged: merged, padByte: window.padByte, machine)
        #expect(layout.groups.size <= machine.elements / merged)
        window.expectRight(layout, "stream \(index), \(merged) elements an output")
        several += layout.groups.count > 1 ? 1 : 0
      }
    }
    #expect(several > 10)
  }

  /// Some of the channels, and the others in a run of their own.
  @Test func channelsInTwoRuns() {
    var random = SplitMix("channels in two runs")
    for index in 0..<80 {
      let window = WindowCase(.sum, isDense: random.chance(60), &random), machine = ArrayShape(window.configuration)
      guard window.channels > 1 else { continue }
      let first = random.int(1...window.channels - 1)
      let runs = [0..<first, first..<window.channels].map { part in
        ArrayRun(
          layout: Stream(
            window.shape, from: part.lowerBound, channels: part.count, merged: random.pick(LayerMode.mergedCounts(upTo: machine.mergedElements)),
            padByte: window.padByte, machine),
          outputOffset: part.lowerBound)
      }
      window.expectRight(runs, "\(first) channels and the rest, \(index)")
    }
  }

  /// A column of pixels with gaps is as wide as its pixel, wherever the next would be: what is beside it is padding.
  @Test func columnsOfPixelsWithGaps() {
    var random = SplitMix("columns of pixels")
    for index in 0..<40 {
      let window = WindowCase(.sum, &random) { window, random in
        (window.inputWidth, window.dilationX, window.kernelWidth, window.padLeft) = (1, 1, random.int(2...4), random.int(0...3))
      }
      window.expectRight(
        Stream(window.shape, channels: window.channels, padByte: window.padByte, ArrayShape(window.configuration)), "column \(index)")
    }
  }

  /// Rows of taps that are read again, with other weights: rows that are one run, or of one tap.
  @Test func rowsAreReadAgain() {
    var random = SplitMix("repeated rows")
    for index in 0..<80 {
      let isDense = random.chance(60)
      let window = WindowCase(.sum, isDense: isDense, &random) { window, random in
        window.rowRepeats = random.int(2...3)
        if !isDense { (window.kernelWidth, window.dilationX) = (1, random.int(1...3)) }
      }
      window.expectRight(
        Stream(window.shape, channels: window.channels, padByte: window.padByte, ArrayShape(window.configuration)), "repeated rows \(index)")
    }
  }

  /// Taps whose bytes lie back to back are one run; others are runs of their own.
  @Test func tapsAreJoinedWhereTheyCan() {
    let machine = ArrayShape(.edge64)
    func feed(column: Int, dilation: Int) -> FeedFields {
      let window = Window(
        inputHeight: 5, inputWidth: 5, depth: 3, outputHeight: 3, outputWidth: 3, kernelHeight: 3, kernelWidth: 3, dilationX: dilation)
      let shape = WindowShape(window: window, inputRowStep: 5 * column, inputColumnStep: column, outputRowStep: 6, outputColumnStep: 2)
      return Stream(shape, channels: 2, padByte: 0, machine).feed
    }
    #expect((feed(column: 3, dilation: 1).tapColumns, feed(column: 3, dilation: 1).runBytes) == (1, 9))
    #expect((feed(column: 4, dilation: 1).tapColumns, feed(column: 4, dilation: 1).runBytes) == (3, 3))
    #expect((feed(column: 3, dilation: 2).tapColumns, feed(column: 3, dilation: 2).runBytes) == (3, 3))
  }
}
