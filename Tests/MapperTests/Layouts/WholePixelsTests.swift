import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct WholePixelsTests {
  @Test func sumsAreThoseOfPlainLoops() {
    var random = SplitMix("whole pixels")
    for index in 0..<80 {
      let multiplier = random.int(1...4)
      let window = WindowCase(.each, multiplier: multiplier, isDense: true, &random) { window, random in window.rowRepeats = random.int(1...3) }
      window.expectRight(
        WholePixels(window.shape, multiplier: multiplier, padByte: window.padByte, ArrayShape(window.configuration)), "whole pixels \(index)")
    }
  }
}
