// How many cycles a step takes.
//
// Every latency of the machine is static, so its time can be computed: feeder, array and post unit are
// followed cycle by cycle through the handshakes that connect them (room in the buffers, data that has
// arrived, shadow registers that are free), without any data. All constants of the hardware stand in `Latency`.

import Machine

/// The pipeline lengths of the hardware, in cycles, as its registers add up.
enum Latency {
  /// The cycle that the accelerator counts first, from the start command on.
  static let countStart = 1
  /// From the start command to the first word's execution.
  static let programStart = 3
  /// From the cycle in which `run` is accepted to the feeder's first chunk.
  static let layerStart = 2
  /// From a chunk's issue to the cycle in which the array can use it: request, lanes, rotator, buffer.
  static let read = 4
  /// From the last step of a tile to the first cycle in which its sums can drain.
  static let array = 3
  /// From a chunk's drain to its write, and until the engines count as idle, without the residual lanes.
  static let post = 6
  /// What the residual lanes add where the hardware has them: all outputs pass them, added to or not.
  static let residualLanes = 5
  /// What the byte tables add where the hardware has them: all outputs pass them, looked up or not.
  static let tableLanes = 2
  /// From the end of a step to the acceptance of the next `run`.
  static let stepGap = 1
  /// Softmax: beyond its rows; settling of the three scans and the reciprocal; and per element of a row.
  static let softmaxLayer = 0
  static let softmaxRow = 3 * 11 + 8 * 4
  static let softmaxElement = 3
  /// Scalar addition: settling at the end, and per element.
  static let additionLayer = 11
  static let additionElement = 2
}

/// The time of a step and where it goes.
struct StepCycles: Sendable, Hashable {
  /// From acceptance to the last write.
  var cycles = 0
  /// Cycles in which the array works, waits for data, waits for the post unit.
  var steps = 0, dataStalls = 0, postStalls = 0
  /// All other cycles: filling and emptying the pipeline.
  var overhead: Int { cycles - steps - dataStalls - postStalls }

  static func += (a: inout StepCycles, b: StepCycles) {
    a.cycles += b.cycles
    a.steps += b.steps
    a.dataStalls += b.dataStalls
    a.postStalls += b.postStalls
  }

  /// What takes most of the time: array, reads, post or latency.
  var bound: String {
    let parts = [("array", steps), ("reads", dataStalls), ("post", postStalls), ("latency", overhead)]
    return parts.max { $0.1 < $1.1 }?.0 ?? "latency"
  }
}

/// The prediction of steps from their registers.
enum CycleModel {
  /// Remembers predictions; addresses do not matter.
  struct Cache: Sendable {
    private var known: [RegisterFile: StepCycles] = [:]

    mutating func run(_ registers: RegisterFile, _ configuration: Configuration) -> StepCycles {
      var key = RegisterFile()
      for register in CycleModel.relevant { key[register] = registers[register] }
      key[.mode] = registers.mode.contains(.residualConstant)
        ? registers.mode.subtracting(.residual).rawValue : registers.mode.rawValue
      if let found = known[key] { return found }
      let result = CycleModel.run(registers, configuration)
      known[key] = result
      return result
    }
  }

  private static let relevant: [LayerRegister] = [
    .groups, .rows, .feedColumns, .tapRows, .tapColumns, .runBytes, .columns, .passes, .passSteps, .windowColumns,
    .capacityColumns, .outputAdvance, .rowAdvance, .groupChannels, .lastGroupChannels,
  ]

  static func softmax(_ r: RegisterFile) -> StepCycles {
    let row = Latency.softmaxRow + Latency.softmaxElement * r[.columns]
    return StepCycles(cycles: Latency.softmaxLayer + r[.rows] * row, steps: 0)
  }

  static func addition(_ r: RegisterFile) -> StepCycles {
    StepCycles(cycles: Latency.additionLayer + Latency.additionElement * r[.rows] * r[.columns], steps: 0)
  }

  /// What the feeder has still to issue.
  private struct Feeder {
    let isStream: Bool
    let lanes: Int, runBytes: Int, runs: Int
    /// Bytes that round a window up to whole steps.
    let tail: Int
    var windows: Int
    var run = 0, position = 0

    /// Size of the next chunk as it counts in the buffer: bytes, or 1 entry.
    var next: Int {
      guard isStream else { return 1 }
      let count = min(lanes, runBytes - position)
      return position + count == runBytes && run == runs - 1 ? count + tail : count
    }

    mutating func advance() {
      position += lanes
      guard position >= runBytes else { return }
      position = 0
      run += 1
      guard run == runs else { return }
      run = 0
      windows -= 1
    }
  }

  /// One `run`. Beyond some millions of steps the prediction is continued from fewer rows, groups or columns, whose
  /// times repeat.
  static func run(_ r: RegisterFile, _ configuration: Configuration) -> StepCycles {
    let isColumns = r.mode.contains(.columns)
    let tile = max(r[.passes] * r[.passSteps], r[.tapRows] * r[.tapColumns], 1)
    let limit = 1 << 22
    guard tile * r[.columns] * r[.rows] * r[.groups] > limit else { return follow(r, configuration) }
    for (register, least) in [(LayerRegister.rows, 4), (.groups, 4), (.columns, 64)] where r[register] > 2 * least {
      let perStep = tile * r[.columns] * r[.rows] * r[.groups] / r[register]
      let few = min(max(least, limit / 8 / perStep), r[register] / 2)
      func shortened(_ count: Int) -> StepCycles {
        var short = r
        short[register] = count
        if register == .columns {
          let consumed = r[.outputAdvance] * (count - 1) + r[.rowAdvance]
          short[.feedColumns] = isColumns ? consumed * r[.passSteps] / (r[.tapRows] * r[.tapColumns]) : count
        }
        return run(short, configuration)
      }
      let one = shortened(few), two = shortened(2 * few)
      func continued(_ part: KeyPath<StepCycles, Int>) -> Int {
        two[keyPath: part] + (two[keyPath: part] - one[keyPath: part]) * (r[register] - 2 * few) / few
      }
      return StepCycles(
        cycles: continued(\.cycles), steps: continued(\.steps), dataStalls: continued(\.dataStalls),
        postStalls: continued(\.postStalls))
    }
    return follow(r, configuration)
  }

  /// Follows one `run` cycle by cycle.
  private static func follow(_ r: RegisterFile, _ configuration: Configuration) -> StepCycles {
    let isStream = !r.mode.contains(.columns)
    let usesMaximum = r.mode.contains(.maximum)
    let readsResidual = r.mode.contains(.residual) && !r.mode.contains(.residualConstant)
    let c = configuration.dotProduct, q = configuration.postLanes
    let (groups, rows, columns) = (r[.groups], r[.rows], r[.columns])
    let (passes, passSteps) = (r[.passes], r[.passSteps])
    let stepsPerTile = passes * passSteps
    let windowColumns = r[.windowColumns], advancePerPass = usesMaximum ? 1 : c
    let fullDrain = dividedUp(r[.groupChannels], q), lastDrain = dividedUp(r[.lastGroupChannels], q)
    let runs = r[.tapRows] * r[.tapColumns]
    var feeder = Feeder(
      isStream: isStream, lanes: configuration.memoryLanes, runBytes: max(r[.runBytes], 1), runs: runs,
      tail: isStream ? passes * c - runs * r[.runBytes] : 0,
      windows: groups * rows * (isStream ? columns : r[.feedColumns]))
    let capacity = isStream ? configuration.streamBufferBytes : r[.capacityColumns] * passSteps

    var result = StepCycles()
    var time = 0, shadowFree = 0
    var fed = 0, freed = 0, arrived = 0, consumed = 0
    var underWay = [Int](repeating: 0, count: Latency.read)  // chunk sizes by the cycle of their arrival
    var column = 0  // first column of the current window
    var residualReads = 0
    var group = 0, row = 0, x = 0, step = 0
    var pass = 0, entry = 0
    let total = groups * rows * columns
    var tiles = 0
    var idle = 0
    while tiles < total, idle < 100_000 {
      idle += 1
      // Data that has arrived.
      let slot = time % Latency.read
      arrived += underWay[slot]
      underWay[slot] = 0
      // The read port: the second operand first.
      let freedBefore = freed
      // The array.
      let ready: Bool
      if isStream {
        ready = arrived - consumed >= c
      } else {
        let lastLane = min(pass * advancePerPass + advancePerPass, windowColumns) - 1
        ready = arrived >= (column + lastLane + 1) * passSteps  // whole columns count
      }
      let isLast = step == stepsPerTile - 1
      if !ready {
        if tiles > 0 || step > 0 { result.dataStalls += 1 }
      } else if isLast, time + Latency.array < shadowFree {
        result.postStalls += 1
      } else {
        idle = 0
        result.steps += 1
        if isStream {
          consumed += c
          freed = consumed
        }
        if isLast {
          shadowFree = max(time + Latency.array, shadowFree) + (group == groups - 1 ? lastDrain : fullDrain)
          if readsResidual { residualReads += 1 }
          tiles += 1
          (step, pass, entry) = (0, 0, 0)
          x += 1
          if x == columns {
            x = 0
            column += r[.rowAdvance]
            row += 1
            if row == rows {
              row = 0
              group += 1
            }
          } else {
            column += r[.outputAdvance]
          }
          if !isStream { freed = column * passSteps }
        } else {
          step += 1
          entry += 1
          if entry == passSteps {
            entry = 0
            pass += 1
          }
        }
      }
      if residualReads > 0 {
        residualReads -= 1
      } else if feeder.windows > 0 {
        let size = feeder.next
        if fed - freedBefore + size <= capacity {
          fed += size
          underWay[slot] = size
          feeder.advance()
          idle = 0
        }
      }
      time += 1
    }
    let post = Latency.post + (configuration.units.residual ? Latency.residualLanes : 0)
    result.cycles = Latency.layerStart + shadowFree + post
    return result
  }
}
