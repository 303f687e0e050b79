// How many cycles a step takes.
//
// Every latency of the machine is static, so its time can be computed: feeder, array and post unit are
// followed cycle by cycle through the handshakes that connect them (room in the buffers, data that has
// arrived, shadow registers that are free), without any data. All constants of the hardware stand in `Timing`.

import Machine

/// The time of a step and where it goes.
struct StepCycles: Sendable, Hashable {
  /// From acceptance to the last write.
  var cycles = 0
  /// Cycles in which the array works, waits for data, waits for the post unit.
  var steps = 0, dataStalls = 0, postStalls = 0
  /// How it begins and ends, of a `run`.
  var edges = StepEdges()
  /// From acceptance to the first cycle in which the next layer could be accepted: what it takes where layers overlap. Tiles that wait in a
  /// queue do not count, because the next layer mostly hides them.
  var occupied: Int { edges.tiles.isEmpty ? cycles : Timing.layerStart + edges.lastStep + 1 }
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

/// What of a `run` the layers before and behind it can meet. Cycles count from the first in which its feeder may issue a chunk.
struct StepEdges: Sendable, Hashable {
  /// The first tile goes into the shadow registers; the array takes the last step; the last chunk of the last tile drains.
  var firstTile = 0, lastStep = 0, drained = 0
  /// The last chunk that the feeder issues can be used.
  var fed = 0
  /// Slots of the read port behind the last step that serve second operands.
  var operands: [Int] = []
  /// The first cycles in which the feeder can issue its first chunks, as many as may come before the layer in front has written its last
  /// bytes: as if no second operand took the read port. When one does depends on what is left of the layer in front.
  var requests: [Int] = []
  /// The last tiles go into the shadow registers, as many as the layer behind may come before.
  var tiles: [Int] = []

  /// The same layer with more in its middle.
  mutating func end(later cycles: Int) {
    lastStep += cycles
    drained += cycles
    fed += cycles
    for index in operands.indices { operands[index] += cycles }
    for index in tiles.indices { tiles[index] += cycles }
  }
}

extension LayerFields {
  /// Cycles in which the tiles of a `run` drain, so many channels a cycle, or in two where the outputs are int16.
  func drainCycles(lanes: Int) -> Int {
    feed.rows * array.columns * ((feed.groups - 1) * drainCycles(of: end.channels, lanes) + drainCycles(of: end.lastChannels, lanes))
  }

  /// Cycles in which a tile of so many channels drains.
  fileprivate func drainCycles(of channels: Int, _ lanes: Int) -> Int { dividedUp(channels, lanes) * Timing.chunk(mode) }
}

extension LayerFields {
  /// Cycles of one command as the only step of a program.
  /// - Parameter words: of the program up to the command, which counts.
  public func cyclesAlone(of command: Command = .run, words: Int, on hardware: Hardware) -> Int {
    let timing = Timing(hardware), fields = self
    var schedule = Schedule(Overlap(configuration: hardware.configuration, timing: timing)), model = CycleModel(hardware.configuration)
    return schedule.add(nil, words: words, wait: 0) { model.time(of: command, fields, timing, behind: $0) }.cycles
  }
}

/// What the layer before has left to the post unit when a `run` begins, where finished tiles wait in a queue. Cycles count from the first in
/// which the layer's feeder may issue a chunk.
struct DrainBacklog: Sendable, Hashable {
  /// Tiles that are finished leave the queue.
  var tiles: [Int] = []
  /// Slots of the read port that serve second operands.
  var operands: [Int] = []
  /// The first cycle in which a tile of this layer can leave the queue.
  var free = 0

  /// Nothing.
  static let none = DrainBacklog()
}

/// The prediction of steps from their fields.
struct CycleModel: Sendable {
  let configuration: Configuration
  /// What was predicted before: addresses and whatever else costs no time do not matter.
  private var known: [Known: StepCycles] = [:]
  private struct Known: Hashable { var fields: LayerFields, backlog: DrainBacklog }

  init(_ configuration: Configuration) { self.configuration = configuration }

  /// How long a step takes, from the acceptance of its command to its last write.
  /// - Parameters:
  ///   - timing: of the machine; as if it had no byte tables while it is not known whether it has.
  ///   - backlog: what the layer before has left to the post unit.
  mutating func time(
    of command: Command, _ fields: LayerFields, _ timing: Timing? = nil, behind backlog: DrainBacklog = .none
  ) -> StepCycles {
    switch command {
    case .softmax:
      StepCycles(cycles: fields.feed.rows * Timing.softmaxRow(columns: fields.array.columns, lanes: configuration.memoryLanes))
    case .add:
      StepCycles(
        cycles: Timing.scalarAddition + (fields.mode.contains(.product) ? Timing.scalarSquare : 0) + Timing.scalarAdditionElement * fields.feed.rows * fields.array.columns)
    case .int16: StepCycles(cycles: Timing.int16(elements: fields.feed.rows * fields.array.columns))
    case .run, .halt:
      layer(fields, timing ?? Timing(configuration, hasByteTables: false), backlog)
    }
  }

  private mutating func layer(_ fields: LayerFields, _ timing: Timing, _ backlog: DrainBacklog) -> StepCycles {
    var key = Known(fields: .zero, backlog: backlog)
    for field in Self.timeFields { key.fields[field] = fields[field] }
    // Neither takes time of the read port.
    if key.fields.mode.contains(.residualConstant) { key.fields.mode.remove(.residual) }
    var result = known[key] ?? Self.drained(fields, configuration, behind: backlog)
    known[key] = result
    if key.fields.mode.contains(.residual) {
      var alone = fields
      alone.mode.remove(.residual)
      result.edges.requests = layer(alone, timing, .none).edges.requests
    }
    // The last chunk drains in the cycle before the array's part ends.
    result.cycles += Timing.layerStart - 1 + timing.post
    return result
  }

  static let timeFields = LayerField.all.filter(\.costsTime)

  /// What the feeder has still to issue: the chunks of a window, over and over.
  private struct Feeder {
    /// As they count in the buffer: bytes, of the last with those that round a window up to whole steps; or 1 entry.
    let sizes: [Int]
    var windows: Int
    var index = 0

    init(_ fields: LayerFields, _ configuration: Configuration) {
      var window = fields
      (window.feed.groups, window.feed.rows, window.feed.columns) = (1, 1, 1)
      let chunks = Walk.feeder.places(window, piece: configuration.memoryLanes)
      let isStream = !fields.mode.contains(.columns), feed = fields.feed
      let stepBytes = fields.mode.mergedElements * configuration.dotProduct
      let tail = fields.array.passes * fields.array.passSteps * stepBytes - feed.tapRows * feed.tapColumns * feed.runBytes
      sizes = chunks.map { isStream ? $0.count + ($0.ends[0] ? tail : 0) : 1 }
      windows = feed.groups * feed.rows * (isStream ? fields.array.columns : feed.columns)
    }

    var next: Int { sizes[index] }
    mutating func advance() {
      index += 1
      guard index == sizes.count else { return }
      index = 0
      windows -= 1
    }
  }

  /// One `run`, from its first chunk to the end of the last tile's drain. Beyond some millions of steps the prediction is
  /// continued from fewer rows, groups or columns, whose times repeat.
  static func drained(_ r: LayerFields, _ configuration: Configuration, behind backlog: DrainBacklog = .none) -> StepCycles {
    let isColumns = r.mode.contains(.columns)
    let tile = max(r.array.passes * r.array.passSteps, r.feed.tapRows * r.feed.tapColumns, 1)
    let limit = 1 << 22
    guard tile * r.array.columns * r.feed.rows * r.feed.groups > limit else { return follow(r, configuration, backlog) }
    let loops: [(count: WritableKeyPath<LayerFields, Int>, least: Int)] = [(\.feed.rows, 4), (\.feed.groups, 4), (\.array.columns, 64)]
    for (loop, least) in loops where r[keyPath: loop] > 2 * least {
      let perStep = tile * r.array.columns * r.feed.rows * r.feed.groups / r[keyPath: loop]
      let few = min(max(least, limit / 8 / perStep), r[keyPath: loop] / 2)
      func shortened(_ count: Int) -> StepCycles {
        var short = r
        short[keyPath: loop] = count
        if loop == \.array.columns {
          let consumed = r.window.advance * (count - 1) + r.window.rowAdvance
          short.feed.columns = isColumns ? consumed * r.array.passSteps / (r.feed.tapRows * r.feed.tapColumns) : count
        }
        return drained(short, configuration, behind: backlog)
      }
      let one = shortened(few), two = shortened(2 * few)
      func continued(_ part: KeyPath<StepCycles, Int>) -> Int {
        two[keyPath: part] + (two[keyPath: part] - one[keyPath: part]) * (r[keyPath: loop] - 2 * few) / few
      }
      var all = two
      for part in [\StepCycles.cycles, \.steps, \.dataStalls, \.postStalls] { all[keyPath: part] = continued(part) }
      all.edges.end(later: all.cycles - two.cycles)
      return all
    }
    return follow(r, configuration, backlog)
  }

  /// Follows one `run` cycle by cycle.
  private static func follow(_ r: LayerFields, _ configuration: Configuration, _ backlog: DrainBacklog) -> StepCycles {
    let isStream = !r.mode.contains(.columns)
    let usesMaximum = r.mode.contains(.maximum)
    let readsOperand = r.mode.contains(.residual) && !r.mode.contains(.residualConstant)
    let c = configuration.dotProduct, stepBytes = r.mode.mergedElements * c, q = configuration.postLanes
    let (groups, rows, columns) = (r.feed.groups, r.feed.rows, r.array.columns)
    let (passes, passSteps) = (r.array.passes, r.array.passSteps)
    let stepsPerTile = passes * passSteps
    let windowColumns = r.window.columns, advancePerPass = usesMaximum ? 1 : c
    let fullDrain = r.drainCycles(of: r.end.channels, q), lastDrain = r.drainCycles(of: r.end.lastChannels, q)
    var feeder = Feeder(r, configuration)
    let capacity = isStream ? configuration.streamBufferBytes - r.feed.reserve : r.window.capacity * passSteps

    var result = StepCycles()
    // Without a queue a tile is captured when the one before it has drained; with one, it leaves the queue then.
    let hasQueue = configuration.hasTileQueue
    var time = 0, shadowFree = backlog.free
    var queued = backlog.tiles[...]  // when tiles that are finished leave the queue
    var fed = 0, freed = 0, arrived = 0, consumed = 0
    var underWay = [Int](repeating: 0, count: Timing.read)  // chunk sizes by the cycle of their arrival
    var column = 0  // first column of the current window
    var operandSlots = backlog.operands  // the cycles, ascending, in which the read port serves a second operand
    var group = 0, row = 0, x = 0, step = 0
    var pass = 0, entry = 0
    let total = groups * rows * columns
    var tiles = 0
    var idle = 0
    // How far from its ends another layer can meet this one, whatever that is.
    let reach = Timing.layerStart + Timing.array + Timing.tileQueue
      + Timing.longestChunk * configuration.drainCycles * (configuration.finishedTiles + 1) + Timing.longestPost
    func forgetEarlyTiles() { result.edges.tiles.removeAll { $0 < time - reach } }
    while tiles < total, idle < 100_000 {
      idle += 1
      // Data that has arrived.
      let slot = time % Timing.read
      arrived += underWay[slot]
      underWay[slot] = 0
      let freedBefore = freed
      // The array.
      let ready: Bool
      if isStream {
        ready = arrived - consumed >= stepBytes
      } else {
        let lastLane = min(pass * advancePerPass + advancePerPass, windowColumns) - 1
        ready = arrived >= (column + lastLane + 1) * passSteps  // whole columns count
      }
      let isLast = step == stepsPerTile - 1
      while let first = queued.first, first < time { queued.removeFirst() }
      let isTileFree = hasQueue ? queued.count < configuration.finishedTiles : time + Timing.array >= shadowFree
      if !ready {
        if tiles > 0 || step > 0 { result.dataStalls += 1 }
      } else if isLast, !isTileFree {
        result.postStalls += 1
      } else {
        idle = 0
        result.steps += 1
        if isStream {
          consumed += stepBytes
          freed = consumed
        }
        if isLast {
          // The shadow registers are free for a tile when the last chunk drains, one cycle before the tile before has drained.
          let taken = max(time + Timing.array + (hasQueue ? Timing.tileQueue : 0), shadowFree)
          shadowFree = taken + (group == groups - 1 ? lastDrain : fullDrain)
          if hasQueue { queued.append(taken) }
          if readsOperand { operandSlots.append(taken + Timing.capture + Timing.operandWait) }
          if tiles == 0 { result.edges.firstTile = taken }
          result.edges.tiles.append(taken)
          if result.edges.tiles.count > 2 * reach { forgetEarlyTiles() }
          result.edges.lastStep = time
          tiles += 1
          (step, pass, entry) = (0, 0, 0)
          x += 1
          if x == columns {
            x = 0
            column += r.window.rowAdvance
            row += 1
            if row == rows {
              row = 0
              group += 1
            }
          } else {
            column += r.window.advance
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
      // The read port: a second operand first.
      if operandSlots.first == time {
        operandSlots.removeFirst()
      } else if feeder.windows > 0 {
        let size = feeder.next
        if fed - freedBefore + size <= capacity {
          fed += size
          underWay[slot] = size
          if time <= reach { result.edges.requests.append(time) }
          result.edges.fed = time + Timing.read
          feeder.advance()
          idle = 0
        }
      }
      time += 1
    }
    result.cycles = shadowFree
    result.edges.drained = shadowFree
    result.edges.operands = operandSlots
    forgetEarlyTiles()
    // Columns behind the last window are fed as well; there is room for all of them.
    while feeder.windows > 0 {
      if operandSlots.first == time {
        operandSlots.removeFirst()
      } else {
        result.edges.fed = time + Timing.read
        feeder.advance()
      }
      time += 1
    }
    return result
  }
}
