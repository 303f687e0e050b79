import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct DigitStreamTests {
  /// Digits make up their weight, and there are no more than the widest weight needs.
  @Test func digitsAreTheWeights() {
    var random = SplitMix("digits")
    for bits in [1, 7, 8, 9, 14, 15, 20] {
      for _ in 0..<50 {
        let weights = (0..<6).map { _ in random.int(-(1 << bits)...1 << bits) }
        let digits = DigitStream.digits(of: weights)
        for (index, weight) in weights.enumerated() { #expect(digits.reduce(0) { $0 * 128 + Int($1[index]) } == weight) }
      }
    }
    #expect(DigitStream.digits(of: [127, -128]) == [[127, -128]] && DigitStream.digits(of: [128]).count == 2)
    #expect(DigitStream.digits(of: [1 << 20]) == [[64], [0], [0]])
  }

  private func shape(_ window: Window, gap: Int = 0) -> WindowShape {
    WindowShape(
      window: window, inputRowStep: window.inputWidth * window.depth + gap, inputColumnStep: window.depth, outputRowStep: 9, outputColumnStep: 3)
  }

  /// A digit ends with a step: what is fed beyond the rows of the kernel has no weights.
  @Test func digitsAreWholeSteps() throws {
    let window = Window(inputHeight: 4, inputWidth: 4, depth: 3, outputHeight: 2, outputWidth: 2, kernelHeight: 2, kernelWidth: 1, padTop: -1)
    let layout = try #require(DigitStream(shape(window), channels: 3, digits: 3, .init(.edge64)))
    let lanes = Configuration.edge64.dotProduct
    #expect(layout.feed.runBytes * 2 % lanes == 0 && layout.array.passes == 3 && layout.array.passSteps == layout.feed.runBytes * 2 / lanes)
    var taps = Set<Int>()
    for step in 0..<layout.steps {
      for lane in 0..<lanes {
        guard let weight = layout.weight(at: .init(group: 0, step: step, element: 1, lane: lane)) else { continue }
        #expect(weight.tap / 2 == step / layout.array.passSteps && weight.output == 1)
        taps.insert(weight.tap * 3 + weight.input)
      }
    }
    #expect(taps == Set(0..<3 * 2 * 3))
  }

  @Test func windowsLieInside() {
    let inside = Window(inputHeight: 4, inputWidth: 4, depth: 3, outputHeight: 3, outputWidth: 3, kernelHeight: 2, kernelWidth: 2)
    #expect(DigitStream(shape(inside), channels: 1, digits: 2, .init(.edge64)) != nil)
    #expect(DigitStream(shape(inside, gap: 1), channels: 1, digits: 2, .init(.edge64)) == nil)
    var outside = inside
    outside.padLeft = 1
    #expect(DigitStream(shape(outside), channels: 1, digits: 2, .init(.edge64)) == nil)
  }

  /// Every output channel has channels of its own: a group each, whose weights elements share as they share outputs.
  @Test func outputsHaveChannelsOfTheirOwn() throws {
    let window = Window(inputHeight: 1, inputWidth: 1, depth: 10, outputHeight: 1, outputWidth: 1, kernelHeight: 1, kernelWidth: 1)
    let machine = ArrayShape(.edge64), candidates = shape(window).digitCandidates(channels: 3, digits: 2, isDivided: true, machine)
    #expect(candidates.count == LayerMode.mergedCounts(upTo: machine.mergedElements).count)
    for run in candidates.flatMap(\.runs) {
      let layout = run.layout
      #expect(layout.feed.xGroupStep == 10 && layout.feed.groups == 3 && layout.feed.rowBytes == 30 && layout.groups.size == 1)
      var places: [[Int]: Int] = [:]
      for group in 0..<3 {
        for step in 0..<layout.steps {
          for element in stride(from: 0, to: machine.elements, by: machine.elements / layout.mode.mergedElements) {
            for lane in 0..<machine.dotProduct {
              guard let weight = layout.weight(at: .init(group: group, step: step, element: element, lane: lane)) else { continue }
              #expect(weight.output == group && weight.tap == step / layout.array.passSteps)
              places[[weight.output, weight.tap, weight.input], default: 0] += 1
            }
          }
        }
      }
      #expect(places.count == 3 * 2 * 10 && places.values.allSatisfy { $0 == 1 })
    }
  }
}
