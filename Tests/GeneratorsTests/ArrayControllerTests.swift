import HDL
import Machine
import Testing

@testable import Generators

/// The array controller against the tiles and steps of docs/core.md, with data that arrive at random. In every cycle it must
/// step if and only if data are there and, for a tile's last step, the sums of the tile before have drained.
@Suite struct ArrayControllerTests {
  private struct Step {
    /// First column of the pass, counted from the layer's first, entry in it, and the columns that must have been fed.
    var column: Int, entry: Int, fed: Int
    var lanes: [Bool], weight: Int
    var isFirst: Bool, isLast: Bool
    /// Of int16: products count 256 times; a byte of a maximum waits for its low one, or is the low one.
    var isHigh: Bool, waits: Bool, joins: Bool
    /// Of the tile: cycles it takes to drain, and columns that nobody needs after it.
    var chunks: Int, released: Int
  }

  private struct Layer {
    var fields: LayerFields
    let dotProduct: Int
    var isColumns: Bool { fields.mode.contains(.columns) }
    var isMaximum: Bool { fields.mode.contains(.maximum) }
    /// Elements that share an output, and parts of the elements.
    var merged: Int { fields.mode.mergedElements }
    let parts: Int

    init(_ random: inout SplitMix, _ c: Configuration, hasInt16: Bool) {
      (dotProduct, parts) = (c.dotProduct, c.mergedElements)
      let merged = random.pick([1, 1, 2, 4].filter { $0 <= c.mergedElements })
      let mode = random.pick([[], .columns, [.columns, .maximum]] as [LayerMode]), isColumns = mode.contains(.columns)
      let isInt16 = hasInt16 && random.chance(60)
      let entries = isInt16 ? 2 * random.int(1...c.patchDepth / 2) : random.int(1...c.patchDepth)
      let height = isColumns ? entries : isInt16 ? random.int(1...4) : 1, capacity = dotProduct * (c.patchDepth / height)
      // Neighbouring windows overlap, touch, or leave columns out between them.
      let window = random.int(1...min(capacity, 12)), advance = random.int(1...(random.chance(70) ? window : 3 * window))
      let columnsOfPass = mode.contains(.maximum) ? 1 : dotProduct
      let passes = isColumns ? (window + columnsOfPass - 1) / columnsOfPass : random.int(1...5)
      fields = [
        \.modeBits: (isColumns ? mode : .merged(merged)).rawValue | (isInt16 ? LayerMode.int16Input.rawValue : 0)
          | (hasInt16 && random.chance(50) ? LayerMode.int16Output.rawValue : 0),
        \.feed.groups: random.int(1...3), \.feed.rows: random.int(1...3), \.array.columns: random.int(1...5),
        \.array.passes: passes, \.array.passSteps: height,
        \.array.lastPassLanes: isColumns ? window - columnsOfPass * (passes - 1) : random.int(1...merged * dotProduct),
        \.window.columns: window, \.window.capacity: capacity,
        \.window.advance: advance, \.window.advanceRows: advance / dotProduct * height,
        \.window.rowAdvance: window, \.window.rowAdvanceRows: window / dotProduct * height,
        \.weights.base: random.int(0...30), \.weights.step: random.int(0...1), \.weights.groupStep: random.int(0...40),
        \.end.channels: random.int(1...c.elements), \.end.lastChannels: random.int(1...c.elements),
      ]
    }

    func steps(postLanes: Int) -> [Step] {
      var steps: [Step] = [], first = 0
      let columnsOfPass = isMaximum ? 1 : dotProduct, isInt16 = fields.mode.contains(.int16Input)
      for g in 0..<fields.feed.groups { for _ in 0..<fields.feed.rows { for x in 0..<fields.array.columns {
        let channels = g == fields.feed.groups - 1 ? fields.end.lastChannels : fields.end.channels
        let advance = x == fields.array.columns - 1 ? fields.window.rowAdvance : fields.window.advance
        for p in 0..<fields.array.passes { for e in 0..<fields.array.passSteps {
          let s = p * fields.array.passSteps + e, isLastPass = p == fields.array.passes - 1
          let isHigh = isInt16 && (isColumns ? e : p) % 2 == 0
          steps.append(Step(
            column: first + p * columnsOfPass, entry: e,
            fed: first + (isLastPass ? fields.window.columns : (p + 1) * columnsOfPass),
            lanes: (0..<parts * dotProduct).map { lane in
              !isLastPass || lane / dotProduct * merged / parts * dotProduct + lane % dotProduct < fields.array.lastPassLanes
            },
            weight: fields.weights.base + g * fields.weights.groupStep + (fields.weights.step == 1 ? s : 0),
            isFirst: s == (isInt16 && isMaximum ? 1 : 0), isLast: isLastPass && e == fields.array.passSteps - 1,
            isHigh: isHigh && !isMaximum, waits: isHigh && isMaximum, joins: isInt16 && !isHigh && isMaximum,
            chunks: (channels + postLanes - 1) / postLanes * (fields.mode.contains(.int16Output) ? 2 : 1), released: advance))
        } }
        first += advance
      } } }
      return steps
    }
  }

  private struct Bench {
    let configuration: Configuration
    let simulation: Simulation<ArrayController>
    var random: SplitMix
    let seed: UInt64

    let hasInt16: Bool

    init(_ dotProduct: Int, _ depth: Int, _ postLanes: Int, _ merged: Int = 1, hasInt16: Bool = false) throws {
      self.hasInt16 = hasInt16
      seed = SplitMix.freshSeed()
      random = SplitMix(state: seed)
      configuration = Configuration(
        name: "bench", pixels: 2, channels: 4, dotProduct: dotProduct, memoryLanes: 8, postLanes: postLanes, patchDepth: depth,
        mergedElements: merged)
      simulation = try Simulation(ArrayController(configuration, weightWords: 512, extensions: hasInt16 ? .int16 : []), .random(seed: seed))
      simulation.reset()
    }

    /// Runs a layer to its end, or to a stop. The registers of another one come in the cycle after its last step.
    mutating func run(_ layer: Layer, before next: Layer, abortCycle: Int? = nil) throws {
      let depth = configuration.patchDepth, dotProduct = configuration.dotProduct
      let steps = layer.steps(postLanes: configuration.postLanes), total = steps.filter(\.isLast).reduce(0) { $0 + $1.released }
      simulation.stage(layer.fields)
      simulation.launch()
      simulation.stage(next.fields)
      simulation.control.begin = true
      simulation.step()
      simulation.control.begin = false
      // The step of this cycle and of the three before.
      var pipeline = [Step?](repeating: nil, count: 4)
      var done = 0, fed = 0, released = 0, drainedAt = 0, cyclesAfter = 0
      let arrivals = random.pick([10, 50, 95])
      for cycle in 0..<40 * (steps.count + total) + 200 {
        let mode = layer.isMaximum ? "maximum" : layer.isColumns ? "columns" : "stream"
        let place = "seed \(seed), cycle \(cycle), \(mode), step \(done) of \(steps.count)"
        let isStopped = abortCycle.map { cycle > $0 } ?? false
        simulation.control.abort = cycle == abortCycle
        let hasBytes = random.chance(arrivals)
        simulation.stream.available = hasBytes
        let isFed = layer.isColumns && fed < total && fed - released < layer.fields.window.capacity && random.chance(arrivals)
        simulation.columns.completed = isFed
        let isActive = done < steps.count && !isStopped
        let hasData = isActive && (layer.isColumns ? fed >= steps[done].fed : hasBytes)
        let step = hasData && (!steps[done].isLast || cycle >= drainedAt) ? steps[done] : nil
        try require(simulation.stream.pop, step != nil && !layer.isColumns, "\(place), takes bytes")
        try require(simulation.columns.enable, step != nil && layer.isColumns, "\(place), reads columns")
        try require(simulation.stalled, isActive && step == nil, "\(place), stalls")
        try require(simulation.control.finished, step != nil && done == steps.count - 1, "\(place), ends the layer")
        try require(simulation.release, step?.isLast == true && layer.isColumns, "\(place), releases columns")
        if layer.isColumns, let step {
          try require(simulation.columns.bank, step.column % dotProduct, "\(place), bank of column \(step.column)")
          let entry = (step.column / dotProduct * layer.fields.array.passSteps + step.entry) % depth
          try require(simulation.columns.entry, entry, "\(place), entry \(step.entry) of column \(step.column)")
          if step.isLast { try require(simulation.releaseColumns, step.released, "\(place), columns to release") }
        }
        pipeline = [step] + pipeline.dropLast()
        try require(simulation.steps.operandValid, pipeline[1] != nil, "\(place), the operand is valid")
        if let before = pipeline[1] {
          try require(simulation.steps.operandColumns, layer.isColumns, "\(place), mode")
          // A maximum looks at the first lane only.
          let looked = layer.isMaximum ? 1 : layer.parts * dotProduct
          let lanes = (0..<layer.parts * dotProduct).map { simulation.steps.operandLanes >> $0 & 1 == 1 }
          try require(Array(lanes.prefix(looked)), Array(before.lanes.prefix(looked)), "\(place), lanes of the operand")
          try require(simulation.weightAddress, before.weight, "\(place), weight word")
        }
        try require(simulation.steps.multiply, pipeline[2] != nil, "\(place), multiply")
        try require(simulation.steps.accumulate, pipeline[3].map { !$0.waits } ?? false, "\(place), accumulate")
        try require(simulation.steps.capture, pipeline[3]?.isLast ?? false, "\(place), capture")
        if let late = pipeline[3], !late.waits { try require(simulation.steps.first, late.isFirst, "\(place), first") }
        for port in simulation.steps.int16.ports {
          if let step = pipeline[2], layer.isMaximum { try require(port.joins, step.joins, "\(place), a low byte joins a high one") }
          if let late = pipeline[3] { try require(port.isHigh, late.isHigh, "\(place), products of high bytes") }
        }
        if pipeline[2...].contains(where: { $0 != nil }) { try require(simulation.steps.maximum, layer.isMaximum, "\(place), maximum") }
        let isCaptured = pipeline[3]?.isLast ?? false
        for (asks, levels) in [(step != nil, simulation.stream.merged.levels), (isCaptured, simulation.steps.merged.levels)] where asks {
          try require(levels.map(\.isAsked), levels.indices.map { layer.merged == 2 << $0 }, "\(place), merged elements")
        }
        simulation.settings.launch = done == steps.count && pipeline[1] != nil
        simulation.step()
        simulation.settings.launch = false
        if isFed { fed += 1 }
        if let step {
          done += 1
          if step.isLast {
            drainedAt = cycle + step.chunks
            if layer.isColumns { released += step.released }
          }
        }
        if done == steps.count || isStopped { cyclesAfter += 1 }
        if cyclesAfter > 20 { break }
      }
      (simulation.stream.available, simulation.columns.completed) = (false, false)
      #expect(done == steps.count || abortCycle != nil, "seed \(seed): \(done) of \(steps.count) steps before the test ended")
    }

    mutating func layer() -> Layer { Layer(&random, configuration, hasInt16: hasInt16) }
  }

  @Test(arguments: [(4, 8, 1, 2), (2, 16, 2, 4), (8, 8, 2, 1), (4, 4, 8, 1)], [false, true])
  func stepsThroughTheTiles(_ sizes: (Int, Int, Int, Int), _ hasInt16: Bool) throws {
    var bench = try Bench(sizes.0, sizes.1, sizes.2, sizes.3, hasInt16: hasInt16)
    for _ in 0..<20 { try bench.run(bench.layer(), before: bench.layer()) }
  }

  @Test func stopsAtOnce() throws {
    var bench = try Bench(4, 8, 1)
    for index in 0..<20 { try bench.run(bench.layer(), before: bench.layer(), abortCycle: index % 2 == 0 ? bench.random.int(0...40) : nil) }
  }

  /// Every step that takes weights beyond the memory is told, and no other.
  @Test(arguments: [512, 20]) func weightsBeyondTheMemoryAreTold(_ weightWords: Int) throws {
    let simulation = try Simulation(
      ArrayController(
        Configuration(name: "bench", pixels: 2, channels: 4, dotProduct: 4, memoryLanes: 8, postLanes: 1, patchDepth: 8),
        weightWords: weightWords), .random(seed: 1))
    let maximum: LayerMode = [.columns, .maximum], last = (1 << 20) - 2
    let layers: [(mode: LayerMode, base: Int)] = [([], weightWords - 3), ([], weightWords), (maximum, weightWords), ([], last)]
    for (mode, base) in layers {
      simulation.reset()
      simulation.stage([
        \.modeBits: mode.rawValue, \.feed.groups: 1, \.feed.rows: 1, \.array.columns: 1, \.array.passes: 5, \.array.passSteps: 1, \.array.lastPassLanes: 1, \.window.columns: 5,
        \.weights.base: base, \.weights.step: 1, \.end.channels: 8, \.end.lastChannels: 8,
      ])
      simulation.launch()
      simulation.control.begin = true
      simulation.step()
      simulation.control.begin = false
      (simulation.stream.available, simulation.columns.completed) = (true, true)
      var told: [Int] = []
      for _ in 0..<30 {
        if let fault = simulation.reported(\.fault), fault.code == .weightOutOfRange { told.append(fault.place) }
        simulation.step()
      }
      // Five words, the counter wraps as its 20 bits do.
      let asked = (0..<5).map { (base + $0) & 0xF_FFFF }
      let expected: [Int] = mode == maximum ? [] : asked.filter { $0 >= weightWords }
      #expect(told == expected, "from \(base) of \(weightWords)")
    }
  }

  @Test func aTileWithoutStepsOrChannelsIsInvalid() throws {
    let bench = try Bench(4, 8, 1)
    try expectInvalid(
      bench.simulation, without: [
        .at(\.array.columns), .at(\.array.passes), .at(\.array.passSteps), .at(\.end.channels), .at(\.end.lastChannels),
      ]) { $0.control.invalid }
  }
}
