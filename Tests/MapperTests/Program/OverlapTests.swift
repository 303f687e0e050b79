import Machine
import Model
import TestTools
import Testing

@testable import Mapper

/// Waits against times counted by hand, on edge64 without a queue of finished tiles: 16 elements of 4 products, Q = 4, residual lanes and so
/// 12 cycles from a drain to its write. A layer's feeder begins two cycles after its acceptance and a chunk can be used four cycles after its issue.
@Suite struct OverlapTests {
  private static let configuration: Configuration = {
    var configuration = Configuration.edge64
    configuration.finishedTiles = 1
    return configuration
  }()
  private let overlap = overlap(configuration)
  private static func overlap(_ configuration: Configuration) -> Overlap {
    Overlap(configuration: configuration, timing: Timing(configuration, hasByteTables: false))
  }

  /// One pixel of `inputs` bytes, fully connected to 16 outputs in each of some groups.
  private func run(
    _ inputs: Int, at input: Int, groups: Int = 1, to output: Int, on configuration: Configuration = configuration,
    _ change: (inout LayerFields) -> Void = { _ in }
  ) -> OverlappingRun {
    var fields = LayerFields.zero
    (fields.feed.groups, fields.feed.rows, fields.feed.columns) = (groups, 1, 1)
    (fields.feed.tapRows, fields.feed.tapColumns, fields.feed.runBytes) = (1, 1, inputs)
    (fields.feed.base, fields.feed.rowBytes, fields.feed.height) = (input, inputs, 1)
    (fields.array.columns, fields.array.passes, fields.array.passSteps) = (1, inputs / 4, 1)
    (fields.end.base, fields.end.groupStep, fields.end.channels, fields.end.lastChannels) = (output, 16, 16, 16)
    change(&fields)
    var model = CycleModel(configuration)
    return OverlappingRun(fields: fields, edges: model.time(of: .run, fields).edges, writesWeights: false)
  }

  /// A tile of four steps, 6 to 9 cycles after the acceptance, captured at 12, drained from 13 to 16, written from 25 to 28.
  @Test func edgesAreAsCounted() {
    let edges = run(16, at: 0, to: 64).edges
    #expect(edges == StepEdges(firstTile: 10, lastStep: 7, drained: 14, fed: 4, requests: [0], tiles: [10]))
    // Two chunks, and two tiles that take all of both.
    let two = run(32, at: 0, groups: 2, to: 64).edges
    #expect(two == StepEdges(firstTile: 14, lastStep: 19, drained: 26, fed: 7, requests: [0, 1, 2, 3], tiles: [14, 22]))
  }

  /// The next layer's first tile is captured 12 cycles after its acceptance, and must not be before cycle 29.
  @Test func thePostUnitMustBeDone() {
    #expect(overlap.wait(of: run(16, at: 0, to: 128), after: run(16, at: 32, to: 64)) == 29 - 12 - 9)
    // Of 16 steps it comes 12 cycles later: then it is enough that the array is idle.
    #expect(overlap.wait(of: run(64, at: 0, to: 128), after: run(16, at: 256, to: 64)) == 1)
  }

  /// Of int16 the last chunk's high bytes are written in cycle 31, its low ones in 32.
  @Test func bytesOfInt16AreWrittenInTurn() {
    let before = run(16, at: 0, to: 64) { ($0.mode, $0.end.int16Step) = (.int16Output, 16) }
    #expect(overlap.wait(of: run(64, at: 64 + 15 - 63, to: 256), after: before) == 32 - 6 - 9)
    #expect(overlap.wait(of: run(64, at: 64 + 16 + 15, to: 256), after: before) == 33 - 3 - 9)
  }

  /// What is written in cycle 28 can be read from 29 on, which is the third of the next layer.
  @Test func whatIsReadMustBeWritten() {
    let before = run(16, at: 0, to: 64)
    #expect(overlap.wait(of: run(16, at: 64, to: 128), after: before) == 29 - 3 - 9)
    // A byte of the last four, of the four before, and none.
    #expect(overlap.wait(of: run(64, at: 64 + 15, to: 128), after: before) == 29 - 3 - 9)
    #expect(overlap.wait(of: run(64, at: 64 + 11 - 63, to: 256), after: before) == 28 - 6 - 9)
    #expect(overlap.wait(of: run(64, at: 64 - 64, to: 256), after: before) == 1)
    #expect(overlap.wait(of: run(64, at: 64 + 16, to: 256), after: before) == 1)
    // The second chunk is read a cycle later than the first.
    #expect(overlap.wait(of: run(64, at: 64 - 16, to: 256), after: before) == 29 - 4 - 9)
  }

  /// An image at address 0 that is padded above begins at the other end of the addresses; its first row is the second chunk.
  @Test func addressesWrap() {
    let before = run(16, at: 32, to: 0)
    let next = run(16, at: 1 << Configuration.addressBits - 16, to: 128) { fields in
      (fields.feed.firstY, fields.feed.tapRows, fields.feed.tapRowStep, fields.feed.yTapStep) = (-1, 3, 16, 1)
      fields.array.passes = 12
    }
    #expect(overlap.wait(of: next, after: before) == 29 - 4 - 9)
  }

  /// A layer of few channels reads far into the drain of one of many.
  @Test func readsAreFollowedAsFarAsTheLayerBeforeWrites() {
    var slow = Configuration.edge64
    (slow.postLanes, slow.mergedElements, slow.finishedTiles) = (1, 1, 1)
    // Nine pixels of 16 channels: the last one drains in 16 cycles; one output reads all of them, the last chunk 8 cycles after the first.
    let before = run(16, at: 256, to: 0, on: slow) { ($0.feed.columns, $0.array.columns, $0.feed.xStep, $0.end.columnStep) = (9, 9, 0, 16) }
    let next = run(144, at: 0, to: 512, on: slow) { ($0.end.channels, $0.end.lastChannels) = (1, 1) }
    let timing = Timing(slow, hasByteTables: false), wait = Self.overlap(slow).wait(of: next, after: before)
    #expect(next.edges.requests.count == 9)
    let lastWrite = Timing.layerStart + before.edges.drained + timing.post, lastRead = Timing.layerStart + (next.edges.requests.last ?? 0) + Timing.feedRequest
    #expect(wait + Timing.layerStart + before.edges.lastStep + lastRead > lastWrite)
  }

  /// What is left of the layer in front may hold reads back, and never brings them before the first cycles that waits are made for: a second
  /// operand that comes later leaves the read port to the feeder.
  @Test func readsComeNoEarlierThanExpected() {
    var random = SplitMix("reads behind what is left")
    var earlierThanAlone = 0
    for index in 0..<400 {
      let configuration = random.pick([Configuration.edge64, .edge128, .edge256]), columns = random.int(1...12), channels = random.int(1...16)
      let next = run(4 * random.int(1...40), at: 0, groups: random.int(1...3), to: 1 << 16, on: configuration) { fields in
        fields.mode = random.chance(80) ? .residual : []
        (fields.feed.columns, fields.array.columns, fields.end.channels, fields.end.lastChannels) = (columns, columns, channels, channels)
        let most = configuration.streamBufferBytes - configuration.memoryLanes - configuration.dotProduct
        fields.feed.reserve = random.chance(50) ? random.int(0...most) : 0
      }
      var time = 0
      let tiles = (0..<random.int(0...configuration.finishedTiles)).map { _ in
        time += random.int(1...4)
        return time
      }
      let backlog = DrainBacklog(tiles: tiles, free: time + random.int(0...20))
      let behind = CycleModel.drained(next.fields, configuration, behind: backlog).edges.requests
      #expect(zip(next.edges.requests, behind).allSatisfy { $0 <= $1 }, "layer \(index)")
      let alone = CycleModel.drained(next.fields, configuration).edges.requests
      earlierThanAlone += zip(alone, behind).contains { $0 > $1 } ? 1 : 0
    }
    #expect(earlierThanAlone > 0)
  }

  /// Padding is not read, wherever its address lies.
  @Test func paddingNeedNotWait() {
    let before = run(16, at: 0, to: 64)
    #expect(overlap.wait(of: run(64, at: 64, to: 256) { $0.feed.height = 0 }, after: before) == 1)
    #expect(overlap.wait(of: run(64, at: 64, to: 256) { $0.feed.firstX = -64 }, after: before) == 1)
    #expect(overlap.wait(of: run(64, at: 64 - 32, to: 256) { $0.feed.rowBytes = 32 }, after: before) == 1)
    #expect(overlap.wait(of: run(64, at: 64 - 32, to: 256) { $0.feed.rowBytes = 33 }, after: before) > 1)
  }

  /// The read port serves the last second operand 16 cycles after the acceptance; the feeder comes behind it.
  @Test func secondOperandsComeFirst() {
    let before = run(16, at: 32, to: 64) { $0.mode = .residual }
    #expect(before.edges.operands == [14])
    #expect(overlap.wait(of: run(64, at: 256, to: 128), after: before) == 15 - 9)
  }

  /// Columns that no window looks at are fed all the same, and must not meet the next layer's.
  @Test func columnsBehindTheLastWindowAreFed() {
    let before = run(4, at: 0, to: 64) { fields in
      fields.mode = .columns
      fields.window = WindowFields(columns: 1, capacity: 64, advance: 1, rowAdvance: 40, passSteps: 1, dotProduct: 4)
      fields.feed.columns = 40
    }
    #expect(before.edges.lastStep == 4 && before.edges.fed == 39 + 4)
    #expect(overlap.wait(of: run(64, at: 256, to: 128), after: before) == 2 + 43 - 1 - 6)
  }

  /// Weights that a layer computes have a way of their own; and who would wait longer than can be said waits for all engines.
  @Test func someWaitForAllEngines() {
    var before = run(16, at: 0, to: 64)
    before.writesWeights = true
    #expect(overlap.wait(of: run(64, at: 256, to: 128), after: before) == 0)
    let long = run(4, at: 0, to: 64) { fields in
      fields.mode = .columns
      fields.window = WindowFields(columns: 1, capacity: 512, advance: 1, rowAdvance: 300, passSteps: 1, dotProduct: 4)
      fields.feed.columns = 300
    }
    #expect(overlap.wait(of: run(64, at: 256, to: 128), after: long) == 0)
  }

  /// With a queue tiles go into the shadow registers two cycles later, and a layer waits for what it reads alone: its tiles wait themselves.
  @Test func tilesWaitInAQueue() {
    var queued = Configuration.edge64
    queued.finishedTiles = 4
    let overlap = Self.overlap(queued)
    let before = run(16, at: 32, to: 64, on: queued)
    #expect(before.edges == StepEdges(firstTile: 12, lastStep: 7, drained: 16, fed: 4, requests: [0], tiles: [12]))
    let next = run(16, at: 0, to: 128, on: queued)
    #expect(overlap.wait(of: next, after: before) == 1)
    #expect(overlap.wait(of: run(16, at: 64, to: 128, on: queued), after: before) == 31 - 3 - 9)
    // Accepted in cycle 10, its feeder begins in cycle 12; the tile before leaves in cycle 14, and its last byte is written in cycle 30.
    let backlog = overlap.backlog(of: before, after: 10)
    #expect(backlog == DrainBacklog(tiles: [2], operands: [], free: 31 - 12))
    var model = CycleModel(queued)
    let behind = model.time(of: .run, next.fields, behind: backlog)
    #expect(behind.edges.lastStep == next.edges.lastStep && behind.edges.firstTile == 31 - 12 && behind.edges.drained == 31 - 12 + 4)
  }

  /// Depthwise tiles take three steps and four cycles to drain: as many as the queue holds run ahead, of which each saves four cycles.
  @Test func aQueueLetsTheArrayRunAhead() {
    func steps(_ tiles: Int, _ finished: Int) -> Int {
      var configuration = Configuration.edge64
      configuration.finishedTiles = finished
      let layer = run(12, at: 0, to: 64, on: configuration) { fields in
        (fields.feed.columns, fields.array.columns) = (tiles, tiles)
      }
      #expect(layer.edges.drained >= 4 * tiles)
      return layer.edges.lastStep
    }
    let straight = steps(400, 1)
    #expect(straight >= 4 * 398)
    for finished in [4, 16, 64] { #expect(abs(straight - steps(400, finished) - 4 * finished) <= 8, "\(finished)") }
    #expect(steps(400, 128) <= 3 * 400 + 8)
  }

  /// A network's steps say what they wait, and none behind the scalar unit or before it does.
  @Test func programsCarryTheWaits() throws {
    var b = GraphBuilder()
    let x = b.input([1, 16]), y = b.fullyConnected(b.fullyConnected(x, channels: 16), channels: 16)
    let softmax = b.add(Softmax(), [y], b.tensor([1, 16], Quantization(scale: 1 / 256, zeroPoint: -128)))
    let mapping = try Mapper.map(b.graph(outputs: [softmax, b.fullyConnected(y, channels: 16)]), for: Self.configuration)
    let waits = mapping.program.compactMap { line -> [Int]? in
      if case .command(let command, let step, let after) = line.instruction, command != .halt { [step, after] } else { nil }
    }
    #expect(waits == [[0, 0], [1, 17], [2, 0], [3, 0]])
  }
}
