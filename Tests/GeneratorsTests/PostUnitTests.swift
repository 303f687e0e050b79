import HDL
import Machine
import Testing

@testable import Generators

/// The post unit against the formulas and addresses of docs/core.md, with the shadow registers, the parameter memory and the
/// feature memory played by the test. Tiles come as soon as the one before has drained, or later.
@Suite struct PostUnitTests {
  /// What one cycle writes.
  private struct Write: Equatable { var address: Int, bytes: [Int], before: [Int] }

  private struct Layer {
    var fields: LayerFields
    func has(_ flag: LayerMode) -> Bool { fields.mode.contains(flag) }

    init(_ random: inout SplitMix, _ hardware: Hardware) {
      let c = hardware.configuration
      var modes: [LayerMode] = [[]]
      if c.units.residual { modes += [.residual, .residual, [.residual, .residualConstant]] }
      if hardware.extensions.contains(.products) { modes += [[.residual, .product], [.residual, .residualConstant, .product]] }
      if hardware.byteTables > 0 { modes.append(.table) }
      if hardware.extensions.contains(.int16) { modes += [.int16Output, .int16Output, .int16Output] }
      let shift = random.int(12...20), round = 1 << (shift - 1), offset = random.int(-(1 << 22)...1 << 22)
      let low = random.int(-128...0), residualLow = random.int(-128...0)
      fields = [
        \.modeBits: random.pick(modes).rawValue, \.feed.groups: random.int(1...3), \.feed.rows: random.int(1...3), \.array.columns: random.int(1...4),
        \.end.base: random.int(0...(1 << 24) - 1), \.end.rowStep: random.int(0...5000),
        \.end.columnStep: random.int(0...300), \.end.groupStep: random.int(0...(1 << 24) - 1),
        \.end.channels: random.int(1...c.elements), \.end.lastChannels: random.int(1...c.elements),
        \.end.parameterBase: random.int(0...10), \.end.parameterStep: random.int(0...1), \.end.parameterGroupStep: random.int(0...8),
        \.end.zero: random.int(-128...127), \.end.low: low, \.end.high: random.int(low...127),
        \.end.int16Step: random.int(0...(1 << 24) - 1), \.end.int16Low: random.int(-32_768...0), \.end.int16High: random.int(0...32_767),
        \.addition.base: random.int(0...(1 << 24) - 1),
        \.addition.a: random.int(-40_000...40_000), \.addition.b: random.int(-40_000...40_000),
        \.addition.offset: offset, \.addition.round: round, \.addition.delta: random.int(-1...1),
        \.addition.shift: shift, \.addition.zero: random.int(-128...127),
        \.addition.low: residualLow, \.addition.high: random.int(residualLow...127),
        \.addition.firstZero: random.int(-128...127), \.addition.secondZero: random.int(-128...127),
        \.table.number: random.int(0...max(0, hardware.byteTables - 1)),
      ]
    }
  }

  private struct Bench {
    let hardware: Hardware
    let simulation: Simulation<PostUnit>
    var random: SplitMix
    let seed: UInt64
    let parameters: [[ParameterWord]]
    /// Byte i of table t at 256·t + i.
    let tables: [Int]

    init(_ configuration: Configuration, extensions: Extensions = []) throws {
      seed = SplitMix.freshSeed()
      var random = SplitMix(state: seed)
      hardware = Hardware(
        configuration: configuration, accumulatorBits: 24, featureRows: 64, weightWords: 16, parameterEntries: 64,
        programWords: 64, scalarTables: 0, byteTables: configuration.units.tables ? 2 : 0, extensions: extensions)
      parameters = (0..<64).map { _ in
        (0..<configuration.postLanes).map { _ in
          ParameterWord(
            bias: Int32(random.int(-100_000...100_000)), multiplier: Int32(random.int(1 << 29...Int(Int32.max))),
            shift: random.int(38...46), doubleRounding: random.chance(50), operand: Int8(random.int(-128...127)))
        }
      }
      tables = random.patterns(256 * hardware.byteTables, width: 8)
      self.random = random
      simulation = try Simulation(PostUnit(hardware), .random(seed: seed))
      simulation.reset()
      let running = simulation
      running.load.fill(.byteTables, littleEndianWords(tables)) { running.step() }
    }

    /// What the feature memory holds.
    func feature(_ address: Int) -> Int { wrapped((address & 0xFF_FFFF) &* 0x9E37_79B1 >> 13, bits: 8) }
    func clamp(_ value: Int, _ low: Int, _ high: Int) -> Int { min(max(value, low), high) }

    /// The bytes of one tile, chunk by chunk, as docs/core.md has them: of int16 first the high ones of a chunk, then the low ones.
    func writes(_ layer: Layer, _ g: Int, _ y: Int, _ x: Int, sums: [Int]) -> [Write] {
      let writes = results(layer, g, y, x, sums: sums)
      guard layer.has(.int16Output) else { return writes }
      return writes.flatMap { write in
        [(0, { (value: Int) in value >> 8 & 0xFF }), (layer.fields.end.int16Step, { $0 & 0xFF ^ 0x80 })].map { step, byte in
          let bytes = write.before.map(byte)
          return Write(address: (write.address + step) & 0xFF_FFFF, bytes: bytes, before: bytes)
        }
      }
    }

    private func results(_ layer: Layer, _ g: Int, _ y: Int, _ x: Int, sums: [Int]) -> [Write] {
      let lanes = hardware.configuration.postLanes
      let channels = g == layer.fields.feed.groups - 1 ? layer.fields.end.lastChannels : layer.fields.end.channels
      let offset = g * layer.fields.end.groupStep + y * layer.fields.end.rowStep + x * layer.fields.end.columnStep
      let k = layer.fields.addition.offset
      let c = layer.fields.addition.round
      return stride(from: 0, to: channels, by: lanes).enumerated().map { j, first in
        let entry = layer.fields.end.parameterBase + g * layer.fields.end.parameterGroupStep + (layer.fields.end.parameterStep == 1 ? j : 0)
        var write = Write(address: (layer.fields.end.base + offset + first) & 0xFF_FFFF, bytes: [], before: [])
        for channel in first..<min(first + lanes, channels) {
          let word = parameters[entry][channel - first]
          let scaled = word.requantize(sums[channel])
          let y1 = layer.has(.int16Output)
            ? clamp(scaled, layer.fields.end.int16Low, layer.fields.end.int16High)
            : clamp(scaled + layer.fields.end.zero, layer.fields.end.low, layer.fields.end.high)
          var output = y1
          if layer.has(.residual) {
            let x2 = layer.has(.residualConstant) ? Int(word.operand) : feature(layer.fields.addition.base + offset + channel)
            let product = (y1 - layer.fields.addition.firstZero) * (x2 - layer.fields.addition.secondZero)
            let d = layer.fields.addition.a * (layer.has(.product) ? product : y1) + layer.fields.addition.b * x2 + k
            output = clamp(
              (d + c - (d < 0 ? layer.fields.addition.delta : 0)) >> layer.fields.addition.shift + layer.fields.addition.zero,
              layer.fields.addition.low, layer.fields.addition.high)
          } else if layer.has(.table) {
            output = tables[256 * layer.fields.table.number + y1 & 0xFF]
          }
          write.bytes.append(output & 0xFF)
          write.before.append(layer.has(.int16Output) ? y1 : y1 & 0xFF)
        }
        return write
      }
    }

    mutating func run(_ layer: Layer, abortCycle: Int? = nil) throws {
      let c = hardware.configuration, lanes = c.postLanes
      simulation.stage(layer.fields)
      simulation.launch()
      simulation.control.begin = true
      simulation.step()
      simulation.control.begin = false
      var tiles: [(Int, Int, Int)] = []
      for g in 0..<layer.fields.feed.groups { for y in 0..<layer.fields.feed.rows { for x in 0..<layer.fields.array.columns { tiles.append((g, y, x)) } } }
      var expected: [Write] = [], shadow: [Int] = [], tile = 0, chunks = 0, written = 0, drains = 0, finishes = 0, requests = 0
      var residual: [[Int]?] = [nil, nil], wasHeld = false, cyclesAfter = 0
      let hurry = random.pick([15, 100])
      for cycle in 0..<400 * tiles.count {
        let place = "seed \(seed), mode \(layer.fields.modeBits), cycle \(cycle)", isStopped = abortCycle.map { cycle >= $0 } ?? false
        // A finished tile replaces what has drained.
        let canTake = tile < tiles.count && chunks <= 1
        let isCaptured = canTake && random.chance(hurry) && !isStopped
        simulation.drain.capture = isCaptured
        simulation.control.abort = cycle == abortCycle
        let head = (0..<lanes).map { $0 < shadow.count ? shadow[$0] : random.int(-9...9) }
        simulation.drain.poke(\.sums, words: packed(head, width: hardware.accumulatorBits))
        // Memories: parameters a cycle after they are asked for, the second operand two.
        let entry = simulation.parameters.enable ? simulation.parameters.address : nil
        if simulation.operand.enable {
          let (g, _, _) = tiles[requests]
          try require(
            simulation.operand.count, g == layer.fields.feed.groups - 1 ? layer.fields.end.lastChannels : layer.fields.end.channels, "\(place), bytes of the second operand")
          requests += 1
        }
        let asked = simulation.operand.enable ? (0..<c.elements).map { feature(simulation.operand.address + $0) } : nil
        try require(simulation.operand.enable, wasHeld, "\(place), the feeder is held off for a read of the second operand")
        wasHeld = simulation.hold
        simulation.operand.poke(\.data, words: packed(residual[1] ?? random.signedBytes(c.elements), width: 8))
        residual = [asked, residual[0]]
        if !isStopped { try require(simulation.drain.ready, canTake || !c.hasTileQueue, "\(place), ready for a tile") }
        let isShifted = simulation.drain.shift
        let isHalf = layer.has(.int16Output) && chunks % 2 == 0
        try require(isShifted, chunks > 0 && !isHalf, "\(place), shift with \(chunks) chunks to drain")
        if simulation.results.enable {
          let count = simulation.results.count
          let write = Write(
            address: simulation.results.address, bytes: Array(simulation.results.peek(\.data).unpacked(width: 8).prefix(count)),
            before: Array(simulation.results.peek(\.before).unpacked(width: 8).prefix(count)))
          if abortCycle == nil {
            try require(write, try #require(expected.first, "\(place): a write too many"), "\(place), write \(written)")
            expected.removeFirst()
          }
          written += 1
        }
        if simulation.control.finished, abortCycle == nil {
          finishes += 1
          let isLast = tile == tiles.count && expected.isEmpty && simulation.results.enable
          try require(isLast, true, "\(place), finished with the last write")
        }
        simulation.step()
        simulation.parameters.poke(\.data, words: packed(
          entry.map { parameters[$0].flatMap { $0.words.map { Int($0) } } } ?? random.patterns(3 * lanes, width: 32), width: 32))
        if isShifted { shadow = Array(shadow.dropFirst(lanes)) }
        if chunks > 0 { (chunks, drains) = (chunks - 1, drains + 1) }
        if isStopped { chunks = 0 }
        if isCaptured {
          let (g, y, x) = tiles[tile]
          shadow = (0..<c.elements).map { _ in random.chance(50) ? random.int(-2000...2000) : random.int(-1_000_000...1_000_000) }
          let writes = writes(layer, g, y, x, sums: shadow)
          expected += writes
          chunks = writes.count
          tile += 1
        }
        if tile == tiles.count && chunks == 0 || isStopped { cyclesAfter += 1 }
        if cyclesAfter > 24 { break }
      }
      #expect(written == drains, "seed \(seed), mode \(layer.fields.modeBits): what drained was not written, or more")
      if abortCycle == nil {
        #expect(finishes == 1 && expected.isEmpty, "seed \(seed), mode \(layer.fields.modeBits): \(expected.count) writes are missing")
      }
    }

    mutating func layer() -> Layer { Layer(&random, hardware) }
  }

  @Test(
    arguments: [
      (true, true, .products), (true, true, []), (true, false, []), (false, true, []), (false, false, []), (true, true, .int16),
      (false, false, .int16),
    ] as [(Bool, Bool, Extensions)], [(2, 4, 4), (4, 4, 1), (1, 2, 2), (2, 4, 8)])
  func writesWhatTheFormulasSay(_ units: (residual: Bool, tables: Bool, extensions: Extensions), _ sizes: (Int, Int, Int)) throws {
    var bench = try Bench(Configuration(
      name: "bench", pixels: sizes.0, channels: sizes.1, dotProduct: 4, memoryLanes: 16, postLanes: sizes.2,
      finishedTiles: units.tables ? 4 : 1, units: OptionalUnits(residual: units.residual, maximum: true, scalar: false, tables: units.tables)),
      extensions: units.extensions)
    for _ in 0..<(units.extensions.isEmpty ? 12 : 24) { try bench.run(bench.layer()) }
  }

  /// Parameter entries and byte tables that do not exist, one above the last and far beyond.
  @Test func whatDoesNotExistIsTold() throws {
    let bench = try Bench(Configuration(name: "bench", pixels: 2, channels: 4, dotProduct: 4, memoryLanes: 16, postLanes: 4))
    let simulation = bench.simulation
    let layers: [(entry: Int, table: Int, mode: LayerMode)] = [(62, 1, .table), (63, 2, .table), (64, 2, []), ((1 << 20) - 1, 255, .table)]
    for (entry, table, mode) in layers {
      simulation.reset()
      simulation.stage([
        \.modeBits: mode.rawValue, \.feed.groups: 1, \.feed.rows: 1, \.array.columns: 1, \.end.channels: 8, \.end.lastChannels: 8, \.end.parameterBase: entry,
        \.end.parameterStep: 1, \.table.number: table,
      ])
      simulation.launch()
      simulation.control.begin = true
      let fault = simulation.reported(\.fault)
      #expect((fault != nil) == (mode == .table && table >= 2), "table \(table) of 2")
      if let fault { #expect(fault == (.tableOutOfRange, table)) }
      simulation.step()
      (simulation.control.begin, simulation.drain.capture) = (false, true)
      simulation.step()
      simulation.drain.capture = false
      var told: [Int] = []
      for _ in 0..<6 {
        if let fault = simulation.reported(\.fault), fault.code == .parameterOutOfRange { told.append(fault.place) }
        simulation.step()
      }
      let asked: [Int] = [entry, (entry + 1) & 0xF_FFFF]
      #expect(told == asked.filter { $0 >= 64 }, "entries \(entry) and the next of 64")
    }
  }

  /// From the cycle after the capture, in which the first chunk drains, to its write.
  @Test(arguments: [(false, false, false, 7), (true, false, false, 12), (false, true, false, 9), (true, true, false, 14), (true, false, true, 13), (true, true, true, 15)])
  func everyUnitTakesItsTime(_ residual: Bool, _ tables: Bool, _ products: Bool, _ latency: Int) throws {
    let bench = try Bench(Configuration(
      name: "bench", pixels: 2, channels: 4, dotProduct: 4, memoryLanes: 16, postLanes: 4,
      units: OptionalUnits(residual: residual, maximum: true, scalar: false, tables: tables)), extensions: products ? .products : [])
    let simulation = bench.simulation
    simulation.stage([\.feed.groups: 1, \.feed.rows: 1, \.array.columns: 1, \.end.channels: 4, \.end.lastChannels: 4])
    simulation.launch()
    simulation.control.begin = true
    simulation.step()
    (simulation.control.begin, simulation.drain.capture) = (false, true)
    simulation.step()
    simulation.drain.capture = false
    var cycles = 0
    while !simulation.results.enable, cycles < 30 {
      simulation.step()
      cycles += 1
    }
    #expect(cycles == latency)
    #expect(Timing(bench.hardware).post == latency)
    #expect(simulation.control.finished)
  }

  /// After a stop the rest of a tile stays where it is, and the next layer begins anew.
  @Test(arguments: [Extensions(), .int16]) func stopsAtOnce(_ extensions: Extensions) throws {
    var bench = try Bench(
      Configuration(name: "bench", pixels: 4, channels: 4, dotProduct: 4, memoryLanes: 16, postLanes: 1), extensions: extensions)
    for index in 0..<20 { try bench.run(bench.layer(), abortCycle: index % 2 == 0 ? bench.random.int(0...60) : nil) }
  }
}
