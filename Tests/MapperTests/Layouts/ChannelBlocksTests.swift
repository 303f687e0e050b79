import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct ChannelBlocksTests {
  /// As many input channels a group as all their output channels have elements.
  @Test func wholeMultiples() {
    var random = SplitMix("channel blocks")
    for index in 0..<80 {
      let multiplier = random.int(1...5)
      let window = WindowCase(.each, multiplier: multiplier, &random)
      guard multiplier <= window.configuration.elements else { continue }
      window.expectRight(
        ChannelBlocks(window.shape, multiplier: multiplier, padByte: window.padByte, ArrayShape(window.configuration)), "blocks of \(multiplier), \(index)")
    }
  }

  /// Slices of the output channels of one input channel, all of which make the whole.
  @Test func slices() {
    var random = SplitMix("slices of channels")
    for index in 0..<80 {
      let multiplier = random.int(2...9)
      let window = WindowCase(.each, multiplier: multiplier, &random) { window, _ in window.depth = min(window.depth, 5) }
      let size = random.int(1...min(window.configuration.elements, multiplier))
      let runs = stride(from: 0, to: multiplier, by: size).map { first in
        let slice = first..<min(first + size, multiplier)
        return ArrayRun(
          layout: ChannelBlocks(window.shape, multiplier: multiplier, slice: slice, padByte: window.padByte, ArrayShape(window.configuration)),
          outputOffset: first)
      }
      window.expectRight(runs, "slices of \(size) of \(multiplier), \(index)")
    }
  }

  /// Sums of windows: all groups have the weights of one, and so have all steps where a dot product takes whole pixels.
  @Test func sums() {
    var random = SplitMix("sums of channel blocks")
    var words = 0
    for index in 0..<120 {
      let most = random.pick([1, 2, 3, 4, 8, 64])
      let window = WindowCase(.ones, &random), machine = ArrayShape(window.configuration)
      let blocks = ChannelBlocks(window.shape, multiplier: 1, most: most, padByte: window.padByte, machine)
      window.expectRight(blocks, "sums of at most \(most), \(index)")
      guard blocks.onesRepeat else { continue }
      #expect(blocks.packedOnes(machine).count == machine.elements * machine.dotProduct)
      words += 1
    }
    #expect(words > 20)
  }

  @Test func channelsOfElements() {
    let window = Window(inputHeight: 1, inputWidth: 1, depth: 5, outputHeight: 1, outputWidth: 1, kernelHeight: 1, kernelWidth: 1)
    let shape = WindowShape(window: window, inputRowStep: 5, inputColumnStep: 5, outputRowStep: 15, outputColumnStep: 15)
    let machine = ArrayShape(.edge16)
    // Four elements hold one input channel with three outputs; a slice has two of three.
    #expect(ChannelBlocks(shape, multiplier: 3, padByte: 0, machine).channel(7) == 7)
    #expect(ChannelBlocks(shape, multiplier: 3, slice: 1..<3, padByte: 0, machine).channel(5) == 8)
  }
}
