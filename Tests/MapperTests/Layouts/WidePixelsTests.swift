import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct WidePixelsTests {
  /// Columns that whole wide pixels cover; the output has them back to back.
  @Test func sumsAreThoseOfPlainLoops() {
    var random = SplitMix("wide pixels")
    for index in 0..<80 {
      var pixels = 0
      let window = WindowCase(.sum, isDense: true, &random) { window, random in
        pixels = random.int(2...4)
        window.outputWidth = pixels * random.int(1...3)
      }
      window.expectRight(
        WidePixels(window.shape, pixels: pixels, channels: window.channels, padByte: window.padByte, ArrayShape(window.configuration)),
        "\(pixels) wide pixels \(index)")
    }
  }
}
