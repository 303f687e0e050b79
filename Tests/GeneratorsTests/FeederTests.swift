import HDL
import Machine
import Testing

@testable import Generators

/// The feeder against its walk, with multiplications, while the engines around it hold it, take bytes and release
/// columns at random. Which chunk comes next, and that it comes as soon as there is room and not before, is compared in every
/// cycle.
@Suite struct FeederTests {
  /// One chunk: what is asked of the feature memory, and what the buffers are told when it arrives.
  private struct Chunk: Equatable {
    var address: Int, isInside: [Bool], pad: Int, position: Int, count: Int, advance: Int
    var beginsColumn: Bool, endsColumn: Bool
  }

  private struct Layer {
    var fields: LayerFields
    var isColumns: Bool { fields.mode.contains(.columns) }

    init(_ random: inout SplitMix, lanes: Int, mergedElements: Int, reserve: Int, hasInt16: Bool) {
      let merged = random.pick([1, 1, 2, 4].filter { $0 <= mergedElements })
      let isColumns = random.chance(50)
      let tapRows = random.int(1...3), tapColumns = random.int(1...3)
      var mode: LayerMode = isColumns ? .columns : .merged(merged)
      if hasInt16, random.chance(70) { mode.insert(.int16Input) }
      if isColumns, random.chance(30) { mode.insert(.maximum) }
      func address() -> Int { random.chance(50) ? random.int(0...4 * lanes) : random.int(0...(1 << 24) - 1) }
      fields = [
        \.modeBits: mode.rawValue,
        \.feed.base: address(), \.feed.rowStep: address(), \.feed.tapRowStep: address(),
        \.feed.firstY: random.int(-3...2), \.feed.yStep: random.int(0...3), \.feed.yTapStep: random.int(0...2), \.feed.height: random.int(1...6),
        \.feed.firstX: random.int(-2 * lanes...lanes), \.feed.xStep: random.int(0...2 * lanes), \.feed.xTapStep: random.int(0...lanes),
        \.feed.xGroupStep: random.int(0...2 * lanes), \.feed.rowBytes: random.int(1...4 * lanes),
        \.feed.groups: random.int(1...3), \.feed.rows: random.int(1...3), \.feed.columns: random.int(1...4),
        \.feed.tapRows: tapRows, \.feed.tapColumns: tapColumns, \.feed.runBytes: random.int(1...(isColumns ? lanes : 4 * lanes)),
        \.feed.padByte: random.int(0...255), \.feed.reserve: random.chance(50) ? 0 : random.int(0...reserve), \.array.passSteps: isColumns ? random.pick([1, tapColumns, tapRows * tapColumns]) : 1,
        \.window.capacity: random.int(1...6),
      ]
    }

    /// The places of the walk, and where their bytes go: a window fills whole words of the buffer.
    func chunks(lanes: Int, stepBytes: Int, bufferBytes: Int) -> [Chunk] {
      var chunks: [Chunk] = [], windowBytes = 0, position = 0
      let flips = fields.mode.contains(.int16Input) && !fields.mode.contains(.maximum)
      for place in Walk.feeder.places(fields, piece: lanes) {
        let (y, x, count) = (place.values[1], place.values[2], place.count)
        windowBytes += count
        let isLast = place.ends[Walk.feeder.index(of: "tapRow")]
        let fill = isLast ? (stepBytes - windowBytes % stepBytes) % stepBytes : 0
        let entry = chunks.count % fields.array.passSteps
        chunks.append(Chunk(
          address: (place.values[0] + x) & 0xFF_FFFF,
          isInside: (0..<lanes).map { $0 < count && (0..<fields.feed.height).contains(y) && (0..<fields.feed.rowBytes).contains(x + $0) },
          pad: fields.feed.padByte ^ (flips && y & 1 == 1 ? 128 : 0), position: position, count: count, advance: count + fill,
          beginsColumn: entry == 0, endsColumn: entry == fields.array.passSteps - 1))
        position = (position + count + fill) % bufferBytes
        if isLast { windowBytes = 0 }
      }
      return chunks
    }
  }

  private struct Bench {
    let configuration: Configuration
    let simulation: Simulation<Feeder>
    var random: SplitMix
    let seed: UInt64

    let hasInt16: Bool

    init(_ lanes: Int, _ dotProduct: Int, _ merged: Int = 1, hasInt16: Bool = false) throws {
      self.hasInt16 = hasInt16
      seed = SplitMix.freshSeed()
      random = SplitMix(state: seed)
      configuration = Configuration(
        name: "bench", pixels: 1, channels: 4, dotProduct: dotProduct, memoryLanes: lanes, postLanes: 1, mergedElements: merged)
      simulation = try Simulation(Feeder(configuration, hasInt16: hasInt16), .random(seed: seed))
      simulation.reset()
    }

    /// Launches what is staged, this layer, and stages the next while it runs.
    /// - Parameter abortCycle: the layer is stopped in this cycle.
    mutating func run(_ layer: Layer, staging next: Layer, abortCycle: Int? = nil) throws {
      let lanes = configuration.memoryLanes, size = configuration.streamBufferBytes
      let stepBytes = layer.fields.mode.mergedElements * configuration.dotProduct
      let chunks = layer.chunks(lanes: lanes, stepBytes: stepBytes, bufferBytes: size)
      let holds = random.pick([0, 20, 70]), drains = random.pick([5, 50, 100])
      var staging = LayerField.all
      simulation.launch()
      simulation.control.begin = true
      try require(simulation.control.invalid, false, "seed \(seed), a layer with turns is invalid")
      simulation.step()
      simulation.control.begin = false
      // The request that shows in this cycle, and those of the two cycles before.
      var pipeline = [Chunk?](repeating: nil, count: 3)
      var issued = 0, reserved = 0, filled = 0, allocated = 0, complete = 0, cyclesAfter = 0
      for cycle in 0..<1000 * chunks.count + 100 {
        let mode = layer.isColumns ? "columns" : "stream"
        let place = "seed \(seed), cycle \(cycle), \(mode), \(issued) of \(chunks.count) chunks issued"
        let isStopped = abortCycle.map { cycle > $0 } ?? false
        try require(simulation.read.enable, pipeline[0] != nil, "\(place), a request")
        if let chunk = pipeline[0] {
          try require(simulation.read.address, chunk.address, "\(place), address")
          try require(simulation.read.destination, layer.isColumns ? 0 : chunk.position % lanes, "\(place), lane")
          let inside = (0..<lanes).map { simulation.read.low <= $0 && $0 < simulation.read.high }
          try require(inside, chunk.isInside, "\(place), lanes of the run inside the image")
        }
        // The bytes leave the memory a cycle later.
        if let chunk = pipeline[1] { try require(simulation.padByte, chunk.pad, "\(place), padding") }
        try require(simulation.feed.stream.enable, pipeline[2] != nil && !layer.isColumns, "\(place), bytes arrive")
        try require(simulation.feed.columns.enable, pipeline[2] != nil && layer.isColumns, "\(place), an entry arrives")
        // The engines: what arrives now can be taken from the next cycle on.
        let popped = !layer.isColumns && filled >= stepBytes && random.chance(drains)
        simulation.feed.streamTaken = popped
        // Windows further apart than they are wide release columns that have not come yet.
        let released = complete > 0 && random.chance(drains) ? random.int(1...complete + random.pick([0, 0, 3])) : 0
        (simulation.feed.release, simulation.feed.releaseColumns) = (released > 0, released)
        if let chunk = pipeline[2] {
          if !layer.isColumns {
            try require([simulation.feed.stream.position, simulation.feed.stream.count, simulation.feed.stream.advance],
              [chunk.position, chunk.count, chunk.advance], "\(place), position, count and advance of what arrives")
            filled += chunk.advance
            let room = size - layer.fields.feed.reserve
            #expect(filled <= room, "\(place): \(filled) bytes, and room for \(room)")
          } else if chunk.endsColumn {
            complete += 1
          }
        }
        let isHeld = random.chance(holds)
        simulation.hold = isHeld
        simulation.control.abort = cycle == abortCycle
        simulation.bus.enable = !staging.isEmpty && random.chance(30)
        if simulation.bus.enable {
          simulation.put(staging.removeLast(), of: next.fields)
        }
        // One chunk a cycle while there is room.
        var chunk: Chunk?
        if issued < chunks.count, !isHeld, !isStopped {
          let hasRoom = layer.isColumns
            ? !chunks[issued].beginsColumn || allocated < layer.fields.window.capacity
            : reserved + chunks[issued].advance <= size - layer.fields.feed.reserve
          if hasRoom { chunk = chunks[issued] }
        }
        if let chunk {
          issued += 1
          reserved += chunk.advance
          if chunk.beginsColumn { allocated += 1 }
        }
        if popped { (reserved, filled) = (reserved - stepBytes, filled - stepBytes) }
        (allocated, complete) = (allocated - released, complete - released)
        pipeline = [chunk] + pipeline.dropLast()
        simulation.step()
        if issued == chunks.count || isStopped { cyclesAfter += 1 }
        if cyclesAfter > 20 { break }
      }
      #expect(issued == chunks.count || abortCycle != nil, "seed \(seed): \(issued) of \(chunks.count) chunks came")
      (simulation.feed.streamTaken, simulation.feed.release, simulation.hold, simulation.bus.enable) = (false, false, false, false)
      simulation.stage(next.fields, staging)
    }

    mutating func layer() -> Layer {
      // What is left holds a read and a step.
      let c = configuration, most = c.streamBufferBytes - c.memoryLanes - c.dotProduct * c.mergedElements
      return Layer(&random, lanes: c.memoryLanes, mergedElements: c.mergedElements, reserve: most, hasInt16: hasInt16)
    }
  }

  @Test(arguments: [(4, 2, 2, false), (8, 4, 1, false), (16, 8, 2, true), (16, 2, 4, false), (4, 4, 1, true)])
  func walksTheLoopNest(_ lanes: Int, _ dotProduct: Int, _ merged: Int, _ hasInt16: Bool) throws {
    var bench = try Bench(lanes, dotProduct, merged, hasInt16: hasInt16)
    var layer = bench.layer()
    bench.simulation.stage(layer.fields)
    for _ in 0..<20 {
      let next = bench.layer()
      try bench.run(layer, staging: next)
      layer = next
    }
  }

  /// After a stop nothing more is issued, and the next layer begins with empty buffers.
  @Test func stopsAtOnce() throws {
    var bench = try Bench(8, 4)
    var layer = bench.layer()
    bench.simulation.stage(layer.fields)
    for index in 0..<20 {
      let next = bench.layer()
      try bench.run(layer, staging: next, abortCycle: index % 2 == 0 ? bench.random.int(0...30) : nil)
      layer = next
    }
  }

  @Test func aLoopWithoutTurnsIsInvalid() throws {
    let bench = try Bench(8, 4)
    try expectInvalid(bench.simulation, without: Walk.feeder.loops.map(\.count)) { $0.control.invalid }
  }
}
