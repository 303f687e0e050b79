import Machine
import TestTools
import Testing

@testable import Mapper

/// What networks make of it: `Int16WindowsTests`.
@Suite struct Int16StreamTests {
  /// A window of rows of high and of low bytes, and the bytes from row to row and from pixel to pixel.
  private func shape(_ random: inout SplitMix) -> WindowShape {
    let depth = random.int(1...9), width = random.int(1...6), dilation = random.int(1...2), gap = random.pick([0, 0, 3])
    let window = Window(
      inputHeight: 2 * random.int(1...4), inputWidth: width, depth: depth, outputHeight: 2, outputWidth: 2, kernelHeight: 2 * random.int(1...3),
      kernelWidth: random.int(1...3), strideY: 2, dilationX: dilation, padTop: 2, padLeft: 1)
    return WindowShape(
      window: window, inputRowStep: width * (depth + gap), inputColumnStep: depth + gap, outputRowStep: 40, outputColumnStep: 20)
  }

  /// Every output meets every byte of its window once, in the pass of its row, and what is fed beyond has no weight.
  @Test func passesAreRowsOfTaps() {
    var random = SplitMix("streams of int16")
    for _ in 0..<60 {
      let shape = shape(&random), machine = ArrayShape(random.pick([.edge16, .edge64, .odd]))
      let merged = random.pick(LayerMode.mergedCounts(upTo: machine.mergedElements))
      let channels = random.int(1...20), layout = Int16Stream(shape, channels: channels, merged: merged, machine)
      let stepBytes = merged * machine.dotProduct
      #expect(layout.mode == .merged(merged).union(.int16Input) && layout.array.passes == shape.kernelHeight)
      #expect(layout.array.passSteps * stepBytes == layout.feed.tapColumns * layout.feed.runBytes && layout.array.lastPassLanes == stepBytes)
      var met: [Int: Set<Int>] = [:], count = 0
      for group in 0..<layout.groups.count {
        let size = group == layout.groups.count - 1 ? layout.groups.last : layout.groups.size
        for step in 0..<layout.steps {
          for element in 0..<machine.elements where element % (machine.elements / merged) < size {
            for lane in 0..<machine.dotProduct {
              guard let weight = layout.weight(at: .init(group: group, step: step, element: element, lane: lane)) else { continue }
              #expect(weight.tap / shape.kernelWidth == step / layout.array.passSteps)
              met[weight.output, default: []].insert(weight.tap * shape.depth + weight.input)
              count += 1
            }
          }
        }
      }
      let all = Set(0..<shape.taps * shape.depth)
      #expect(met.count == channels && met.values.allSatisfy { $0 == all } && count == channels * all.count)
    }
  }

  /// A layer per channel goes over columns, and as a stream of zeros only where these do not fit.
  @Test func channelsGoOverColumns() {
    var window = Window(inputHeight: 8, inputWidth: 4, depth: 3, outputHeight: 2, outputWidth: 2, kernelHeight: 4, kernelWidth: 2, strideY: 2)
    func modes(_ isByChannel: Bool) -> [LayerMode] {
      let shape = WindowShape(window: window, inputRowStep: 12, inputColumnStep: 3, outputRowStep: 12, outputColumnStep: 3)
      return shape.int16Candidates(channels: 3, isByChannel: isByChannel, ArrayShape(.edge64)).map { $0.runs[0].layout.mode }
    }
    let streams: [LayerMode] = [.int16Input, [.merged2, .int16Input], [.merged4, .int16Input]]
    #expect(modes(true) == [[.columns, .int16Input]] && modes(false) == streams)
    window.kernelHeight = 2 * Configuration.edge64.patchDepth
    #expect(modes(true) == streams)
  }
}
