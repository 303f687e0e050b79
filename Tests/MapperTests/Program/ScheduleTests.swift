import Machine
import Testing

@testable import Mapper

/// Steps by hand. The count starts in cycle 1, the first word is executed in cycle 3, a step that waits for all engines is accepted
/// a cycle after the end of the one before at the earliest, and a layer's feeder begins two cycles after its acceptance.
@Suite struct ScheduleTests {
  /// On edge64, with a queue of so many finished tiles.
  private func schedule(finishedTiles: Int = 1) -> (Schedule, Overlap) {
    var configuration = Configuration.edge64
    configuration.finishedTiles = finishedTiles
    let overlap = Overlap(configuration: configuration, timing: Timing(configuration, hasByteTables: false))
    return (Schedule(overlap), overlap)
  }

  /// A `run` of one tile whose last step is so many cycles behind its feeder's first.
  private func run(lastStep: Int, drained: Int = 0) -> OverlappingRun {
    let edges = StepEdges(firstTile: lastStep + 3, lastStep: lastStep, drained: drained, tiles: [lastStep + 3])
    var fields = LayerFields.zero
    (fields.feed.groups, fields.feed.rows, fields.array.columns, fields.end.channels, fields.end.lastChannels) = (1, 1, 1, 1, 1)
    return OverlappingRun(fields: fields, edges: edges, writesWeights: false)
  }

  private func cycles(_ count: Int, of run: OverlappingRun? = nil) -> StepCycles {
    StepCycles(cycles: count, edges: run?.edges ?? StepEdges())
  }

  /// Five words take cycles 3 to 7; the fifth accepts the step.
  @Test func theFirstStepWaitsForItsWords() {
    var (schedule, _) = schedule()
    #expect(schedule.add(nil, words: 5, wait: 0) { _ in cycles(100) }.cycles == 7 + 100 - 1)
  }

  /// Without a wait a step is accepted when all engines are idle, and no sooner than its words are set.
  @Test func stepsWaitForAllEngines() {
    var (schedule, _) = schedule()
    _ = schedule.add(nil, words: 5, wait: 0) { _ in cycles(100) }
    // The step before ended in cycle 107: this one is accepted in 108, and ends 40 cycles later.
    #expect(schedule.add(nil, words: 3, wait: 0) { _ in cycles(40) }.cycles == 1 + 40)
    // It was taken over in 108, so that 200 words end in cycle 308: long behind the end of the one before, in 148.
    #expect(schedule.add(nil, words: 200, wait: 0) { _ in cycles(10) }.cycles == 308 + 10 - 148)
  }

  /// A step that says how long it waits begins so many cycles behind the array's last step.
  @Test func aWaitCountsFromTheLastStep() {
    var (schedule, _) = schedule()
    let first = run(lastStep: 80)
    _ = schedule.add(first, words: 5, wait: 0) { _ in cycles(100, of: first) }
    // Accepted in 7; its last step is in 7 + 2 + 80. It ends in 107, this one 50 cycles after cycle 93.
    #expect(schedule.add(first, words: 3, wait: 4) { _ in cycles(50, of: first) }.cycles == 93 + 50 - 107)
  }

  /// The words of a step are set once the post unit has taken over the one before: as it writes the last byte of the one before that.
  @Test func registersAreSetBehindTheTakeover() {
    var (schedule, _) = schedule()
    let long = run(lastStep: 80), short = run(lastStep: 20)
    _ = schedule.add(long, words: 5, wait: 0) { _ in cycles(100, of: long) }
    _ = schedule.add(short, words: 3, wait: 4) { _ in cycles(50, of: short) }
    // Taken over in 108; ten words end in 118, later than the wait asks for: 93 + 2 + 20 + 1. The step before ended in 143.
    #expect(schedule.add(long, words: 10, wait: 1) { _ in cycles(60, of: long) }.cycles == 118 + 60 - 143)
  }

  /// Where tiles wait in a queue a step is followed behind what the one before has left, and the next sees its edges as they became.
  @Test func whatIsLeftIsHandedOn() {
    var (schedule, overlap) = schedule(finishedTiles: 4)
    let first = run(lastStep: 20, drained: 30)
    var seen: [DrainBacklog] = []
    func time(_ backlog: DrainBacklog) -> StepCycles {
      seen.append(backlog)
      var later = first
      later.edges.lastStep += backlog.free
      later.edges.tiles = later.edges.tiles.map { $0 + backlog.free }
      return cycles(40, of: later)
    }
    _ = schedule.add(first, words: 2, wait: 0, time: time)
    _ = schedule.add(first, words: 1, wait: 3, time: time)
    // Accepted 2 + 20 + 3 cycles after the first: its one tile left in cycle 2 + 23, the last byte is written 12 cycles after the drain.
    let backlog = overlap.backlog(of: first, after: 25)
    #expect(seen == [.none, backlog] && backlog.free == 2 + 30 + 12 + 1 - 25 - 2)
    // The third waits from the second's last step, which is 18 cycles later than it would have been alone; no word is missing by then.
    let third = schedule.add(first, words: 1, wait: 30, time: time)
    #expect(third.cycles == 2 + 20 + backlog.free + 30 + 40 - 40)
  }

  /// Only a `run` behind a `run` overlaps.
  @Test func othersWaitForAll() {
    var (schedule, overlap) = schedule()
    let one = run(lastStep: 20)
    #expect(schedule.wait(of: one) == 0 && schedule.wait(of: nil) == 0)
    _ = schedule.add(one, words: 1, wait: 0) { _ in cycles(40, of: one) }
    #expect(schedule.wait(of: one) == overlap.wait(of: one, after: one) && schedule.wait(of: one) > 0 && schedule.wait(of: nil) == 0)
    _ = schedule.add(nil, words: 1, wait: 0) { _ in cycles(40) }
    #expect(schedule.wait(of: one) == 0)
  }
}
