// When every step of a program begins and ends.
//
// The registers of a step are set while the one before works, a word a cycle, once the post unit has taken over those of the step before. Then
// `run` waits as long as it says, and everything else for all engines.

import Machine

/// The steps so far, in cycles from the start of the program.
struct Schedule {
  private let overlap: Overlap
  /// The last step, if it was a `run`, and when it was accepted.
  private var before: (run: OverlappingRun, accepted: Int)?
  private var accepted = Timing.programStart - 1
  /// The post unit takes the last step over.
  private var taken = Timing.programStart - 1
  /// The last step ends.
  private(set) var end = Timing.countStart

  init(_ overlap: Overlap) { self.overlap = overlap }

  /// How long a step behind these waits after the array's last step; 0: for all engines.
  func wait(of run: OverlappingRun?) -> Int {
    guard let run, let before else { return 0 }
    return overlap.wait(of: run, after: before.run)
  }

  /// Adds a step.
  /// - Parameters:
  ///   - run: what it is, if a `run`.
  ///   - words: of the program, its command included.
  ///   - wait: how long it waits.
  ///   - time: of the step, with what the step before has left to the post unit.
  /// - Returns: the step's time, of which `cycles` run from the end of the step before to its own.
  mutating func add(_ run: OverlappingRun?, words: Int, wait: Int, time: (DrainBacklog) -> StepCycles) -> StepCycles {
    let ready = max(accepted, taken) + words, idle = end + Timing.stepGap
    var backlog = DrainBacklog.none
    if let before, wait > 0 {
      accepted = max(ready, before.accepted + Timing.layerStart + before.run.edges.lastStep + wait)
      backlog = overlap.backlog(of: before.run, after: accepted - before.accepted)
    } else {
      accepted = max(ready, idle)
    }
    taken = max(accepted, idle)
    var step = time(backlog)
    before = run.map { run in
      var run = run
      run.edges = step.edges
      return (run, accepted)
    }
    let finish = accepted + step.cycles
    (step.cycles, end) = (finish - end, finish)
    return step
  }
}
