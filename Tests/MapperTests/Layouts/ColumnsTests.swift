import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct ColumnsTests {
  @Test(arguments: [WindowCase.Kind.each, .maximum])
  func sharedColumns(_ kind: WindowCase.Kind) {
    var random = SplitMix("shared columns")
    var tried = 0
    for index in 0..<80 {
      let window = WindowCase(kind, &random) { window, random in
        if random.chance(80) { window.dilationX = 1 }
        if kind == .each, random.chance(30) { window.rowRepeats = random.int(2...3) }
        if random.chance(10) { window.kernelHeight = random.int(20...40) }
      }
      let layout = SharedColumns(
        window.shape, isEven: random.chance(50), padByte: window.padByte, maximum: kind == .maximum, ArrayShape(window.configuration))
      #expect(window.shape.dilationX == 1 || layout == nil)
      guard let layout else { continue }
      tried += 1
      window.expectRight(layout, "shared columns \(index)")
    }
    #expect(tried > 40)
  }

  /// Down the image's columns: rows and columns change places, with the weights of their taps.
  @Test(arguments: [WindowCase.Kind.each, .maximum])
  func turnedColumns(_ kind: WindowCase.Kind) {
    var random = SplitMix("turned columns")
    for index in 0..<80 {
      let window = WindowCase(kind, &random) { window, _ in window.dilationY = 1 }
      guard let layout = SharedColumns(window.shape.turned, padByte: window.padByte, maximum: kind == .maximum, ArrayShape(window.configuration))
      else {
        Issue.record("turned columns \(index) do not fit")
        continue
      }
      window.expectRight(layout, "turned columns \(index)")
    }
  }

  /// Pixels beside each other, wherever the image ends: taps of all of them at once, or down the columns where they are inside.
  @Test(arguments: [WindowCase.Kind.each, .ones, .maximum])
  func pixelsSideBySide(_ kind: WindowCase.Kind) {
    var random = SplitMix("pixels side by side"), shared = 0
    for index in 0..<80 {
      var pixels = 0, isInside = false
      let window = WindowCase(kind, isDense: true, &random) { window, random in
        (pixels, isInside) = (random.int(2...4), random.chance(60))
        (window.strideX, window.outputWidth) = (1, pixels * random.int(1...3))
        window.dilationX = random.int(1...2)
        guard isInside else { return }
        window.dilationY = 1
        window.padLeft = -random.int(0...2)
        window.inputWidth = window.outputWidth - window.padLeft + (window.kernelWidth - 1) * window.dilationX + random.int(0...1)
      }
      let machine = ArrayShape(window.configuration), blocks = window.shape.columns(every: pixels), channels = pixels * window.channels
      if let taps = TapColumns(blocks, channels: channels, padByte: window.padByte, maximum: kind == .maximum, machine) {
        window.expectRight(taps, "\(pixels) pixels side by side \(index)")
      }
      guard isInside, let layout = SharedColumns(blocks.turned, channels: channels, padByte: window.padByte, maximum: kind == .maximum, machine)
      else { continue }
      shared += 1
      window.expectRight(layout, "\(pixels) pixels down the columns \(index)")
    }
    #expect(shared > 20)
  }

  @Test(arguments: [WindowCase.Kind.each, .maximum])
  func tapColumns(_ kind: WindowCase.Kind) {
    var random = SplitMix("tap columns")
    for index in 0..<80 {
      // A dilation of 0 reads a pixel as often as there are taps.
      let window = WindowCase(kind, &random) { window, random in if random.chance(10) { window.dilationX = 0 } }
      guard let layout = TapColumns(window.shape, padByte: window.padByte, maximum: kind == .maximum, ArrayShape(window.configuration)) else {
        Issue.record("tap columns \(index) do not fit")
        continue
      }
      window.expectRight(layout, "tap columns \(index)")
    }
  }

  /// The buffer's depth is what columns may be high, and its size what a window may span or pass over.
  @Test func whatDoesNotFitIsNil() {
    let machine = ArrayShape(.edge64), c = machine.dotProduct, depth = machine.patchDepth
    func shape(_ height: Int, _ width: Int, stride: Int = 1) -> WindowShape {
      let window = Window(
        inputHeight: 200, inputWidth: 200, depth: 3, outputHeight: 2, outputWidth: 2, kernelHeight: height, kernelWidth: width, strideX: stride)
      return WindowShape(window: window, inputRowStep: 600, inputColumnStep: 3, outputRowStep: 6, outputColumnStep: 3)
    }
    func shares(_ shape: WindowShape) -> Bool { SharedColumns(shape, padByte: 0, maximum: false, machine) != nil }
    var repeated = shape(depth / 2, c)
    repeated.rowRepeats = 2
    #expect(shares(repeated) && TapColumns(repeated, padByte: 0, machine) == nil)
    repeated.kernelHeight += 1
    #expect(!shares(repeated))
    #expect(shares(shape(depth, c)) && !shares(shape(depth + 1, 1)) && !shares(shape(depth, c + 1)) && !shares(shape(depth, 1, stride: c + 1)))
    #expect(TapColumns(shape(c, depth), padByte: 0, machine) != nil && TapColumns(shape(c, depth + 1), padByte: 0, machine) == nil)
  }
}
