import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct CandidatesTests {
  /// Shapes that other ways exist for: images one pixel wide, windows as wide as the image, rows of several pixels.
  private func adjust(_ window: inout Window, _ random: inout SplitMix) {
    switch random.int(0...3) {
    case 0: (window.inputWidth, window.kernelWidth, window.outputWidth, window.padLeft) = (1, 1, 1, 0)
    case 1:
      (window.kernelWidth, window.outputWidth, window.padLeft) = (window.inputWidth, 1, 0)
      (window.dilationX, window.dilationY) = (1, 1)
    default: (window.kernelWidth, window.outputWidth) = (random.int(2...4), random.int(4...8))
    }
  }

  @Test func waysToSumWholeWindowsAgree() {
    var random = SplitMix("ways to sum")
    var several = 0
    for index in 0..<120 {
      let isDense = random.chance(85)
      let window = WindowCase(.sum, isDense: isDense, &random) { window, random in
        adjust(&window, &random)
        if isDense, random.chance(30) { window.rowRepeats = 2 }
      }
      let candidates = window.shape.candidates(channels: window.channels, padByte: window.padByte, ArrayShape(window.configuration))
      #expect(!candidates.isEmpty)
      several += candidates.count > 1 ? 1 : 0
      for (number, candidate) in candidates.enumerated() { window.expectRight(candidate.runs, "window \(index), way \(number)") }
    }
    #expect(several > 10)
  }

  @Test(arguments: [WindowCase.Kind.each, .ones, .maximum])
  func waysPerChannelAgree(_ kind: WindowCase.Kind) {
    var random = SplitMix("ways per channel")
    var several = 0
    for index in 0..<80 {
      let multiplier = kind != .each ? 1 : random.pick([1, 1, 1, 2, 5, 20])
      let isDense = random.chance(50)
      let window = WindowCase(kind, multiplier: multiplier, isDense: isDense, &random) { window, random in
        adjust(&window, &random)
        // Few channels go side by side.
        if isDense, random.chance(50) {
          (window.depth, window.strideX, window.dilationY) = (random.int(1...4), 1, 1)
          (window.outputWidth, window.padLeft) = (random.int(4...9), random.int(0...2))
          window.inputWidth = window.outputWidth + random.int(-1...1)
        }
        if multiplier > 1 { window.depth = min(window.depth, 6) }
        if kind == .each, isDense, random.chance(30) { window.rowRepeats = 2 }
        if kind != .maximum, random.chance(kind == .ones ? 20 : 5) { (window.kernelHeight, window.kernelWidth) = (13, 11) }
      }
      let candidates = window.shape.channelCandidates(
        multiplier: multiplier, padByte: window.padByte, hasWeights: kind == .each, maximum: kind == .maximum, ArrayShape(window.configuration))
      #expect(!candidates.isEmpty)
      several += candidates.count > 1 ? 1 : 0
      for (number, candidate) in candidates.enumerated() { window.expectRight(candidate.runs, "window \(index), way \(number)") }
    }
    #expect(several > 10)
  }

  private func shape(_ size: Int, _ kernel: Int, depth: Int, channels: Int) -> WindowShape {
    WindowShape(
      window: Window(
        inputHeight: size, inputWidth: size, depth: depth, outputHeight: size - kernel + 1, outputWidth: size - kernel + 1,
        kernelHeight: kernel, kernelWidth: kernel),
      inputRowStep: size * depth, inputColumnStep: depth, outputRowStep: (size - kernel + 1) * channels, outputColumnStep: channels)
  }

  /// Few channels leave elements idle: pixels side by side use them, and what is left over is a run of its own.
  @Test func fewChannelsGoSideBySide() {
    var machine = ArrayShape(.edge64)
    machine.mergedElements = 1
    let candidates = shape(13, 3, depth: 1, channels: 2).candidates(channels: 2, padByte: 0, machine)
    #expect(candidates[0].runs.count == 1 && candidates[0].runs[0].detail == "")
    #expect(candidates.count > 1 && candidates.dropFirst().allSatisfy { $0.percent < 100 })
    let three = candidates.first { $0.runs[0].detail == "3 pixels side by side" }
    #expect(three?.runs.map(\.outputOffset) == [0, 9 * 2] && three?.runs.last?.detail == "last columns")
    // As many channels as elements, outputs that do not lie back to back, a window of one column: nothing to gain.
    #expect(shape(13, 3, depth: 8, channels: 16).candidates(channels: 16, padByte: 0, machine).count == 1)
    #expect(shape(13, 3, depth: 1, channels: 3).candidates(channels: 2, padByte: 0, machine).count == 1)
    #expect(shape(13, 1, depth: 1, channels: 2).candidates(channels: 2, padByte: 0, machine).count == 1)
  }

  /// The same elements can share outputs instead, alone or with pixels side by side; pixels must gain on what that alone gives.
  @Test func fewChannelsShareElements() {
    let machine = ArrayShape(.edge64), window = shape(13, 3, depth: 8, channels: 4)
    let candidates = window.candidates(channels: 4, padByte: 0, machine)
    #expect(candidates.prefix(3).map(\.runs[0].detail) == ["", "2 elements an output", "4 elements an output"])
    #expect(candidates.prefix(3).map { $0.runs[0].layout.steps } == [18, 9, 5] && candidates.prefix(3).allSatisfy { $0.percent == 100 })
    let wide = candidates.dropFirst(3)
    #expect(wide.allSatisfy { $0.percent < 100 && $0.runs[0].detail.contains("pixels side by side") })
    // Nothing is gained where all elements have an output of their own, or a window is no longer than a step.
    #expect(shape(13, 3, depth: 8, channels: 16).candidates(channels: 16, padByte: 0, machine).count == 1)
    #expect(shape(13, 1, depth: 4, channels: 4).candidates(channels: 4, padByte: 0, machine).count == 1)
  }

  /// Long images are walked along their longer side, and pixels of few channels go side by side: taps of all, or down the columns, where those at
  /// the sides are a walk of their own.
  @Test func channelsGoAlongColumnsAndSideBySide() {
    let machine = ArrayShape(.edge64)
    func ways(_ height: Int, _ width: Int, depth: Int) -> [LayoutCandidate] {
      let window = Window(
        inputHeight: height, inputWidth: width, depth: depth, outputHeight: height, outputWidth: width, kernelHeight: 3, kernelWidth: 3, padTop: 1,
        padLeft: 1)
      let shape = WindowShape(
        window: window, inputRowStep: width * depth, inputColumnStep: depth, outputRowStep: width * depth, outputColumnStep: depth)
      return shape.channelCandidates(multiplier: 1, padByte: 0, hasWeights: true, machine)
    }
    let long = ways(25, 5, depth: 64)
    #expect(long.map { $0.runs.map(\.detail) } == [[""], [""], ["along columns"]] && long.allSatisfy { $0.percent == 100 })
    #expect(long[2].runs[0].layout.feed.columns == 27 && long[2].runs[0].layout.feed.rows == 5)
    let few = ways(9, 10, depth: 8).dropFirst(3)
    let details = few.map { $0.runs.map(\.detail) }
    #expect(details.prefix(2) == [["2 pixels side by side"], ["2 pixels side by side", "sides"]])
    #expect(few.prefix(2).map { $0.runs.map(\.outputOffset) } == [[0], [8, 0]] && few.allSatisfy { $0.percent < 100 })
    // Seven pixels in blocks of three leave one.
    #expect(ways(9, 7, depth: 5).contains { $0.runs.map(\.detail) == ["3 pixels side by side", "last column"] })
    // Rows that are longer than an image can be high are no columns.
    #expect(ways(3, 33_000, depth: 2).map { $0.runs.map(\.detail) }.allSatisfy { $0.allSatisfy { $0 != "along columns" } })
    #expect(ways(3, 32_000, depth: 2).contains { $0.runs[0].detail == "along columns" })
    // 18 channels are 16 and 2, or twice 9, whose words are shorter.
    let groups = ways(9, 3, depth: 18).prefix(2).map { $0.runs[0].layout.groups }
    #expect(groups.map(\.size) == [16, 9] && groups.map(\.last) == [2, 9])
    // Where channels fill the elements there is nothing to gain.
    #expect(ways(9, 9, depth: 16).allSatisfy { $0.runs.count == 1 && !$0.runs[0].detail.contains("side") })
  }

  @Test func whatNoBufferHolds() {
    let machine = ArrayShape(.edge16)
    let large = shape(40, 20, depth: 3, channels: 3)
    #expect(large.channelCandidates(multiplier: 1, padByte: 0, hasWeights: false, maximum: true, machine).isEmpty)
    let blocks = large.channelCandidates(multiplier: 1, padByte: 0, hasWeights: true, machine)
    #expect(blocks.count == 1 && blocks[0].runs.count == 1 && blocks[0].runs[0].layout is ChannelBlocks)
    // Of a sum: two channels at a time, which need one word, or all three.
    let sums = large.channelCandidates(multiplier: 1, padByte: 0, hasWeights: false, machine).map { $0.runs[0].layout }
    #expect(sums.map(\.groups.size) == [2, 3] && sums.map(\.onesRepeat) == [true, false])
    // Ten outputs per input channel on four elements: three slices.
    let slices = shape(5, 2, depth: 3, channels: 30).channelCandidates(multiplier: 10, padByte: 0, hasWeights: true, machine)
    #expect(slices.map { $0.runs.map(\.outputOffset) } == [[0, 4, 8]])
  }
}
