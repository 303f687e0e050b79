import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct SumCandidatesTests {
  @Test func waysToSumWholeWindowsAgree() {
    var random = SplitMix("ways to sum")
    var several = 0
    for index in 0..<120 {
      let isDense = random.chance(85)
      let window = WindowCase(.sum, isDense: isDense, &random) { window, random in
        window.takeOtherWays(&random)
        if isDense, random.chance(30) { window.rowRepeats = 2 }
      }
      let candidates = window.shape.candidates(channels: window.channels, padByte: window.padByte, ArrayShape(window.configuration))
      #expect(!candidates.isEmpty)
      several += candidates.count > 1 ? 1 : 0
      for (number, candidate) in candidates.enumerated() { window.expectRight(candidate.runs, "window \(index), way \(number)") }
    }
    #expect(several > 10)
  }

  /// Few channels leave elements idle: pixels side by side use them, and what is left over is a run of its own.
  @Test func fewChannelsGoSideBySide() {
    var machine = ArrayShape(.edge64)
    machine.mergedElements = 1
    let candidates = WindowShape.inside(13, 3, depth: 1, channels: 2).candidates(channels: 2, padByte: 0, machine)
    #expect(candidates[0].runs.count == 1 && candidates[0].runs[0].detail == "")
    #expect(candidates.count > 1 && candidates.dropFirst().allSatisfy { $0.percent < 100 })
    let three = candidates.first { $0.runs[0].detail == "3 pixels side by side" }
    #expect(three?.runs.map(\.outputOffset) == [0, 9 * 2] && three?.runs.last?.detail == "last columns")
    // As many channels as elements, outputs that do not lie back to back, a window of one column: nothing to gain.
    #expect(WindowShape.inside(13, 3, depth: 8, channels: 16).candidates(channels: 16, padByte: 0, machine).count == 1)
    #expect(WindowShape.inside(13, 3, depth: 1, channels: 3).candidates(channels: 2, padByte: 0, machine).count == 1)
    #expect(WindowShape.inside(13, 1, depth: 1, channels: 2).candidates(channels: 2, padByte: 0, machine).count == 1)
  }

  /// The same elements can share outputs instead, alone or with pixels side by side; pixels must gain on what that alone gives.
  @Test func fewChannelsShareElements() {
    let machine = ArrayShape(.edge64), window = WindowShape.inside(13, 3, depth: 8, channels: 4)
    let candidates = window.candidates(channels: 4, padByte: 0, machine)
    #expect(candidates.prefix(3).map(\.runs[0].detail) == ["", "2 elements an output", "4 elements an output"])
    #expect(candidates.prefix(3).map { $0.runs[0].layout.steps } == [18, 9, 5] && candidates.prefix(3).allSatisfy { $0.percent == 100 })
    let wide = candidates.dropFirst(3)
    #expect(wide.allSatisfy { $0.percent < 100 && $0.runs[0].detail.contains("pixels side by side") })
    // Nothing is gained where all elements have an output of their own, or a window is no longer than a step.
    #expect(WindowShape.inside(13, 3, depth: 8, channels: 16).candidates(channels: 16, padByte: 0, machine).count == 1)
    #expect(WindowShape.inside(13, 1, depth: 4, channels: 4).candidates(channels: 4, padByte: 0, machine).count == 1)
  }

  /// Channels that fill neither all elements nor a part of them are divided: whole groups first, the rest with more elements an output.
  @Test func channelsAreDivided() {
    let machine = ArrayShape(.edge64)
    func ways(_ channels: Int, depth: Int = 8, outputStep: Int? = nil, _ machine: ArrayShape) -> [LayoutCandidate] {
      WindowShape.inside(13, 3, depth: depth, channels: outputStep ?? channels).candidates(channels: channels, padByte: 0, machine)
        .filter { $0.runs[0].detail.hasPrefix("channels") }
    }
    let twelve = ways(12, outputStep: 20, machine)
    #expect(twelve.map { $0.runs.map(\.detail) } == [["channels 0..<8, 2 elements an output", "channels 8..<12, 4 elements an output"]])
    #expect(twelve[0].runs.map(\.outputOffset) == [0, 8] && twelve[0].percent < 100)
    #expect(twelve[0].runs.map(\.layout.steps) == [9, 5] && twelve[0].runs.map { $0.layout.channel(3) } == [3, 11])
    // 44 are two whole groups and 12, all of which share elements, or first eight and then four.
    let many = ways(44, machine).map { $0.runs.map(\.layout.groups.channels) }
    #expect(many.contains([32, 12]) && many.contains([32, 8, 4]))
    // Nothing is gained on 6 channels, which make the steps of 8, and by hardware that cannot merge.
    #expect(ways(16, machine).isEmpty && ways(6, machine).isEmpty)
    var alone = machine
    alone.mergedElements = 1
    #expect(ways(12, alone).isEmpty)
  }
}
