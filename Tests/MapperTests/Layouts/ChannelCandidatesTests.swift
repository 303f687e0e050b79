import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct ChannelCandidatesTests {
  @Test(arguments: [WindowCase.Kind.each, .ones, .maximum])
  func waysPerChannelAgree(_ kind: WindowCase.Kind) {
    var random = SplitMix("ways per channel")
    var several = 0
    for index in 0..<80 {
      let multiplier = kind != .each ? 1 : random.pick([1, 1, 1, 2, 5, 20])
      let isDense = random.chance(50)
      let window = WindowCase(kind, multiplier: multiplier, isDense: isDense, &random) { window, random in
        window.takeOtherWays(&random)
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
    let large = WindowShape.inside(40, 20, depth: 3, channels: 3)
    #expect(large.channelCandidates(multiplier: 1, padByte: 0, hasWeights: false, maximum: true, machine).isEmpty)
    let blocks = large.channelCandidates(multiplier: 1, padByte: 0, hasWeights: true, machine)
    #expect(blocks.count == 1 && blocks[0].runs.count == 1 && blocks[0].runs[0].layout is ChannelBlocks)
    // Of a sum: two channels at a time, which need one word, or all three.
    let sums = large.channelCandidates(multiplier: 1, padByte: 0, hasWeights: false, machine).map { $0.runs[0].layout }
    #expect(sums.map(\.groups.size) == [2, 3] && sums.map(\.onesRepeat) == [true, false])
    // Ten outputs per input channel on four elements: three slices.
    let slices = WindowShape.inside(5, 2, depth: 3, channels: 30).channelCandidates(multiplier: 10, padByte: 0, hasWeights: true, machine)
    #expect(slices.map { $0.runs.map(\.outputOffset) } == [[0, 4, 8]])
  }
}
