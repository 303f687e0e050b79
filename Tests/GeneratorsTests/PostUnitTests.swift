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
    var registers: [LayerRegister: Int]
    subscript(_ register: LayerRegister) -> Int { registers[register] ?? 0 }
    func has(_ flag: LayerMode) -> Bool { LayerMode(rawValue: self[.mode]).contains(flag) }

    init(_ random: inout SplitMix, _ hardware: Hardware) {
      let c = hardware.configuration
      var modes: [LayerMode] = [[]]
      if c.units.residual { modes += [.residual, .residual, [.residual, .residualConstant]] }
      if hardware.byteTables > 0 { modes.append(.table) }
      let shift = random.int(12...20), round = 1 << (shift - 1), offset = random.int(-(1 << 22)...1 << 22)
      let low = random.int(-128...0), residualLow = random.int(-128...0)
      registers = [
        .mode: random.pick(modes).rawValue, .groups: random.int(1...3), .rows: random.int(1...3), .columns: random.int(1...4),
        .outputBase: random.int(0...(1 << 24) - 1), .outputRowStep: random.int(0...5000),
        .outputColumnStep: random.int(0...300), .outputGroupStep: random.int(0...(1 << 24) - 1),
        .groupChannels: random.int(1...c.elements), .lastGroupChannels: random.int(1...c.elements),
        .parameterBase: random.int(0...10), .parameterStep: random.int(0...1), .parameterGroupStep: random.int(0...8),
        .outputZero: random.int(-128...127), .clampLow: low, .clampHigh: random.int(low...127),
        .residualBase: random.int(0...(1 << 24) - 1),
        .residualA: random.int(-40_000...40_000), .residualB: random.int(-40_000...40_000),
        .residualOffsetLow: offset & 0xFF_FFFF, .residualOffsetHigh: offset >> 24,
        .residualRoundLow: round & 0xFF_FFFF, .residualRoundHigh: round >> 24, .residualDelta: random.int(-1...1),
        .residualShift: shift, .residualZero: random.int(-128...127),
        .residualClampLow: residualLow, .residualClampHigh: random.int(residualLow...127),
        .byteTable: random.int(0...max(0, hardware.byteTables - 1)),
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

    init(_ configuration: Configuration) throws {
      seed = UInt64.random(in: 0 ... .max)
      var random = SplitMix(state: seed)
      hardware = Hardware(
        configuration: configuration, accumulatorBits: 24, featureRows: 64, weightWords: 16, parameterEntries: 64,
        programWords: 64, scalarTables: 0, byteTables: configuration.units.tables ? 2 : 0)
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
      running.window.fill(.byteTables, littleEndianWords(tables)) { running.step() }
    }

    /// What the feature memory holds.
    func feature(_ address: Int) -> Int { wrapped((address & 0xFF_FFFF) &* 0x9E37_79B1 >> 13, bits: 8) }
    func clamp(_ value: Int, _ low: Int, _ high: Int) -> Int { min(max(value, low), high) }

    /// The bytes of one tile, chunk by chunk, as docs/core.md has them.
    func writes(_ layer: Layer, _ g: Int, _ y: Int, _ x: Int, sums: [Int]) -> [Write] {
      let lanes = hardware.configuration.postLanes
      let channels = layer[g == layer[.groups] - 1 ? .lastGroupChannels : .groupChannels]
      let offset = g * layer[.outputGroupStep] + y * layer[.outputRowStep] + x * layer[.outputColumnStep]
      let k = layer[.residualOffsetHigh] << 24 + layer[.residualOffsetLow]
      let c = layer[.residualRoundHigh] << 24 + layer[.residualRoundLow]
      return stride(from: 0, to: channels, by: lanes).enumerated().map { j, first in
        let entry = layer[.parameterBase] + g * layer[.parameterGroupStep] + (layer[.parameterStep] == 1 ? j : 0)
        var write = Write(address: (layer[.outputBase] + offset + first) & 0xFF_FFFF, bytes: [], before: [])
        for channel in first..<min(first + lanes, channels) {
          let word = parameters[entry][channel - first]
          let y1 = clamp(word.requantize(sums[channel]) + layer[.outputZero], layer[.clampLow], layer[.clampHigh])
          var output = y1
          if layer.has(.residual) {
            let x2 = layer.has(.residualConstant) ? Int(word.operand) : feature(layer[.residualBase] + offset + channel)
            let d = layer[.residualA] * y1 + layer[.residualB] * x2 + k
            output = clamp(
              (d + c - (d < 0 ? layer[.residualDelta] : 0)) >> layer[.residualShift] + layer[.residualZero],
              layer[.residualClampLow], layer[.residualClampHigh])
          } else if layer.has(.table) {
            output = tables[256 * layer[.byteTable] + y1 & 0xFF]
          }
          write.bytes.append(output & 0xFF)
          write.before.append(y1 & 0xFF)
        }
        return write
      }
    }

    mutating func run(_ layer: Layer, abortCycle: Int? = nil) throws {
      let c = hardware.configuration, lanes = c.postLanes
      simulation.stage(layer.registers)
      simulation.launch()
      simulation.begin = true
      simulation.step()
      simulation.begin = false
      var tiles: [(Int, Int, Int)] = []
      for g in 0..<layer[.groups] { for y in 0..<layer[.rows] { for x in 0..<layer[.columns] { tiles.append((g, y, x)) } } }
      var expected: [Write] = [], shadow: [Int] = [], tile = 0, chunks = 0, written = 0, shifts = 0, finishes = 0, requests = 0
      var residual: [[Int]?] = [nil, nil], wasHeld = false, cyclesAfter = 0
      let hurry = random.pick([15, 100])
      for cycle in 0..<400 * tiles.count {
        let place = "seed \(seed), mode \(layer[.mode]), cycle \(cycle)", isStopped = abortCycle.map { cycle >= $0 } ?? false
        // A finished tile replaces what has drained.
        let isCaptured = tile < tiles.count && chunks <= 1 && random.chance(hurry) && !isStopped
        simulation.capture = isCaptured
        simulation.abort = cycle == abortCycle
        let head = (0..<lanes).map { $0 < shadow.count ? shadow[$0] : random.int(-9...9) }
        simulation.poke(\.sums, words: packed(head, width: hardware.accumulatorBits))
        // Memories: parameters a cycle after they are asked for, the second operand two.
        let entry = simulation.parameterRead ? simulation.parameterAddress : nil
        if simulation.residualRequest {
          let (g, _, _) = tiles[requests]
          try require(
            simulation.residualBytes, layer[g == layer[.groups] - 1 ? .lastGroupChannels : .groupChannels], "\(place), bytes of the second operand")
          requests += 1
        }
        let asked = simulation.residualRequest ? (0..<c.elements).map { feature(simulation.residualAddress + $0) } : nil
        try require(simulation.residualRequest, wasHeld, "\(place), the feeder is held off for a read of the second operand")
        wasHeld = simulation.residualHold
        simulation.poke(\.residualData, words: packed(residual[1] ?? random.signedBytes(c.elements), width: 8))
        residual = [asked, residual[0]]
        let isShifted = simulation.shift
        try require(isShifted, chunks > 0, "\(place), shift with \(chunks) chunks to drain")
        if simulation.writeEnable {
          let count = simulation.writeCount, mask = simulation.writeMask
          let write = Write(
            address: simulation.writeAddress, bytes: Array(simulation.peek(\.writeData).unpacked(width: 8).prefix(count)),
            before: Array(simulation.peek(\.before).unpacked(width: 8).prefix(count)))
          if abortCycle == nil {
            try require(mask, 1 << count - 1, "\(place), mask of \(count) bytes")
            try require(write, try #require(expected.first, "\(place): a write too many"), "\(place), write \(written)")
            expected.removeFirst()
          }
          written += 1
        }
        if simulation.finished, abortCycle == nil {
          finishes += 1
          let isLast = tile == tiles.count && expected.isEmpty && simulation.writeEnable
          try require(isLast, true, "\(place), finished with the last write")
        }
        simulation.step()
        simulation.poke(\.parameters, words: packed(
          entry.map { parameters[$0].flatMap { $0.words.map { Int($0) } } } ?? random.patterns(3 * lanes, width: 32), width: 32))
        if isShifted { (shadow, chunks, shifts) = (Array(shadow.dropFirst(lanes)), chunks - 1, shifts + 1) }
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
      #expect(written == shifts, "seed \(seed), mode \(layer[.mode]): what was shifted out was not written, or more")
      if abortCycle == nil {
        #expect(finishes == 1 && expected.isEmpty, "seed \(seed), mode \(layer[.mode]): \(expected.count) writes are missing")
      }
    }

    mutating func layer() -> Layer { Layer(&random, hardware) }
  }

  @Test(arguments: [(true, true), (true, false), (false, true), (false, false)], [(2, 4, 4), (4, 4, 1), (1, 2, 2), (2, 4, 8)])
  func writesWhatTheFormulasSay(_ units: (Bool, Bool), _ sizes: (Int, Int, Int)) throws {
    var bench = try Bench(Configuration(
      name: "bench", pixels: sizes.0, channels: sizes.1, dotProduct: 4, memoryLanes: 16, postLanes: sizes.2,
      units: OptionalUnits(residual: units.0, maximum: true, scalar: false, tables: units.1)))
    for _ in 0..<12 { try bench.run(bench.layer()) }
  }

  /// Parameter entries and byte tables that do not exist, one above the last and far beyond.
  @Test func whatDoesNotExistIsTold() throws {
    let bench = try Bench(Configuration(name: "bench", pixels: 2, channels: 4, dotProduct: 4, memoryLanes: 16, postLanes: 4))
    let simulation = bench.simulation
    let layers: [(entry: Int, table: Int, mode: LayerMode)] = [(62, 1, .table), (63, 2, .table), (64, 2, []), ((1 << 20) - 1, 255, .table)]
    for (entry, table, mode) in layers {
      simulation.reset()
      simulation.stage([
        .mode: mode.rawValue, .groups: 1, .rows: 1, .columns: 1, .groupChannels: 8, .lastGroupChannels: 8, .parameterBase: entry,
        .parameterStep: 1, .byteTable: table,
      ])
      simulation.launch()
      simulation.begin = true
      #expect(simulation.tableFault == (mode == .table && table >= 2), "table \(table) of 2")
      if simulation.tableFault { #expect(simulation.tableFaultPlace == table) }
      simulation.step()
      (simulation.begin, simulation.capture) = (false, true)
      simulation.step()
      simulation.capture = false
      var told: [Int] = []
      for _ in 0..<6 {
        if simulation.parameterFault { told.append(simulation.parameterFaultPlace) }
        simulation.step()
      }
      let asked: [Int] = [entry, (entry + 1) & 0xF_FFFF]
      #expect(told == asked.filter { $0 >= 64 }, "entries \(entry) and the next of 64")
    }
  }

  /// After a stop the rest of a tile stays where it is, and the next layer begins anew.
  @Test func stopsAtOnce() throws {
    var bench = try Bench(Configuration(name: "bench", pixels: 4, channels: 4, dotProduct: 4, memoryLanes: 16, postLanes: 1))
    for index in 0..<20 { try bench.run(bench.layer(), abortCycle: index % 2 == 0 ? bench.random.int(0...60) : nil) }
  }
}
