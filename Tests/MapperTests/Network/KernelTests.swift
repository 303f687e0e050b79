import Model
import Testing

@testable import Mapper

@Suite struct KernelTests {
  private static let window = Window(
    inputHeight: 3, inputWidth: 3, depth: 1, outputHeight: 3, outputWidth: 3, kernelHeight: 1, kernelWidth: 1)

  /// Padding of windows over weights can be zero points; that of others cannot.
  @Test func windowsOverWeights() {
    var wider = Self.window
    wider.padTop = 4
    let weighted: [Kernel] = [.sum(Self.window, weights: [3]), .each(Self.window, weights: [3], multiplier: 2)]
    for var kernel in weighted {
      #expect(kernel.weightedWindow == Self.window)
      kernel.weightedWindow = wider
      #expect(kernel.weightedWindow == wider)
      switch kernel {
      case .sum(_, let weights): #expect(weights == [3])
      case .each(_, let weights, let multiplier): #expect(weights == [3] && multiplier == 2)
      default: Issue.record("another kernel")
      }
    }
    let others: [Kernel] = [
      .each(Self.window, weights: nil), .maximum(Self.window), .bytes(), .bytes(factors: [2]), .surround([], value: 1), .softmax([]),
    ]
    for var kernel in others {
      #expect(kernel.weightedWindow == nil)
      kernel.weightedWindow = wider
      #expect(kernel.weightedWindow == nil)
    }
  }

  @Test func onlyTheScalarUnitHasNoPostUnit() {
    #expect(Kernel.sum(Self.window, weights: []).usesPostUnit && Kernel.surround([], value: 0).usesPostUnit && Kernel.bytes().usesPostUnit)
    #expect(!Kernel.softmax([]).usesPostUnit)
  }
}
