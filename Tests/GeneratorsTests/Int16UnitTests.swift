import HDL
import Machine
import Model
import Testing

@testable import Generators

/// What the scalar unit does with rows of int16, beside the reference's own arithmetic.
@Suite struct Int16UnitTests {
  /// Where the operands and the outputs lie, in rows of so many elements.
  private struct Places {
    var first = 0, second = 1000, output = 2000
    var firstStep = 40, secondStep = 37, outputStep = 45
    var rows = 3, columns = 37
  }

  private static let extensions: Extensions = [.int16, .int16Arithmetic, .products]

  private func stage(
    _ bench: ScalarUnitBench, _ rule: Int16Rule, _ places: Places, mode: LayerMode = .int16Output, multiplier: QuantizedMultiplier? = nil,
    second: (multiplier: Int, shift: Int) = (0, 0), shift: Int? = nil, zero: Int = 0, limits: ClosedRange<Int> = -32_768...32_767, table: Int = 0
  ) {
    let factor = Int(multiplier?.multiplier ?? 0), isInt16 = mode.contains(.int16Output)
    bench.simulation.stage([
      \.modeBits: mode.rawValue, \.feed.base: places.first, \.addition.base: places.second, \.end.base: places.output,
      \.feed.rows: places.rows, \.array.columns: places.columns, \.end.columnStep: (isInt16 ? 2 : 1) * places.outputStep,
      \.end.int16Step: places.outputStep, \.scalar.firstStep: places.firstStep, \.scalar.secondStep: places.secondStep,
      \.scalar.rule: rule.rawValue, \.scalar.table: table, \.scalar.multiplierLow: factor & 0xFF_FFFF, \.scalar.multiplierHigh: factor >> 24,
      \.scalar.shift: shift ?? -(multiplier?.exponent ?? 0), \.scalar.secondMultiplierLow: second.multiplier & 0xFF_FFFF,
      \.scalar.secondMultiplierHigh: second.multiplier >> 24, \.scalar.secondShift: second.shift, \.addition.zero: zero,
      \.end.int16Low: limits.lowerBound, \.end.int16High: limits.upperBound,
    ])
  }

  private func number(_ memory: [UInt8], _ place: Int, _ step: Int) -> Int {
    256 * Int(Int8(bitPattern: memory[place])) + Int(Int8(bitPattern: memory[place + step])) + 128
  }

  /// Random operands with extremes among them.
  private func fill(_ bench: inout ScalarUnitBench, _ random: inout SplitMix) {
    for index in bench.memory.indices { bench.memory[index] = UInt8(random.pick([0, 127, 128, 255, random.int(0...255), random.int(0...255)])) }
  }

  /// Runs what is staged and compares every element, and the time.
  private func check(
    _ bench: inout ScalarUnitBench, _ places: Places, isInt16: Bool = true, _ what: String, _ expected: (_ x1: Int, _ x2: Int) -> Int
  ) throws {
    let before = bench.memory, cycles = bench.run(.int16)
    #expect(cycles == 1 + Timing.int16(elements: places.rows * places.columns), "\(what)")
    var untouched = Set(before.indices.filter { bench.memory[$0] != before[$0] })
    for row in 0..<places.rows {
      for column in 0..<places.columns {
        let x1 = number(before, places.first + 2 * row * places.firstStep + column, places.firstStep)
        let x2 = number(before, places.second + 2 * row * places.secondStep + column, places.secondStep)
        let place = places.output + (isInt16 ? 2 : 1) * row * places.outputStep + column
        let y = isInt16 ? number(bench.memory, place, places.outputStep) : Int(Int8(bitPattern: bench.memory[place]))
        untouched.remove(place)
        if isInt16 { untouched.remove(place + places.outputStep) }
        try #require(y == expected(x1, x2), "\(what): row \(row), column \(column), of \(x1) and \(x2)")
      }
    }
    #expect(untouched.isEmpty, "\(what): writes elsewhere")
  }

  /// The second operand's multiplier and shift in a sum, of scales.
  private func term(_ scale: Double) -> (factor: QuantizedMultiplier, fields: (Int, Int)) {
    let factor = QuantizedMultiplier(scale)
    return (factor, (Int(factor.multiplier), -factor.exponent))
  }

  @Test func sums() throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    var bench = try ScalarUnitBench([[], []], extensions: Self.extensions)
    for (own, result, limits): (Double, Double, ClosedRange<Int>) in [
      (0.5, 0x1p-14, -32_768...32_767), (0.4999, 0x1.3p-15, -32_768...32_767), (0x1.7p-9, 0x1.9p-14, 0...32_767), (0x1p-20, 0.9, -5...7),
    ] {
      let second = term(own), factor = QuantizedMultiplier(result)
      fill(&bench, &random)
      stage(bench, .sum, Places(), multiplier: factor, second: second.fields, limits: limits)
      try check(&bench, Places(), "seed \(seed), \(own), \(result)") { x1, x2 in
        let sum = Int32(x1) << 14 &+ multiplyByQuantizedMultiplier(Int32(x2) << 15, second.factor)
        return min(max(Int(multiplyByQuantizedMultiplier(sum, factor)), limits.lowerBound), limits.upperBound)
      }
    }
  }

  /// Also to int8, with a zero point, and in place.
  @Test func products() throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    var bench = try ScalarUnitBench([[]], extensions: Self.extensions)
    for (scale, isInt16, zero) in [(0x1p-15, true, 0), (0x1.7p-12, true, 0), (0x1p-23, false, -12), (0x1.1p-22, false, 100), (0.6, true, 0)] {
      let factor = QuantizedMultiplier(scale), limits = isInt16 ? -32_768...32_767 : -128...127
      var places = Places()
      if isInt16 { (places.output, places.outputStep) = (places.first, places.firstStep) }
      fill(&bench, &random)
      stage(bench, .product, places, mode: isInt16 ? .int16Output : [], multiplier: factor, zero: zero, limits: limits)
      try check(&bench, places, isInt16: isInt16, "seed \(seed), \(scale)") { x1, x2 in
        min(max(Int(multiplyByQuantizedMultiplier(Int32(x1 * x2), factor)) + zero, limits.lowerBound), limits.upperBound)
      }
    }
  }

  /// Lines of any height and slope, operands that go up before they are multiplied, and those beyond the table.
  @Test(arguments: [Int16Rule.logistic, .tangent]) func sigmoids(_ rule: Int16Rule) throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let lines = (0..<256).map { entry in (start: 32_768 + 128 * entry, rise: entry == 255 ? 0 : random.int(0...700)) }
    let words = lines.map { UInt32($0.start | $0.rise << 16) }
    var bench = try ScalarUnitBench([[], words], extensions: Self.extensions)
    for (multiplier, shift) in [(3 << 15, 16), (3 << 10, 16), (24_576 << 5, 0), (1 << 30, 0), (65_535 << 15, 16)] {
      fill(&bench, &random)
      stage(bench, rule, Places(), second: (multiplier, shift), shift: rule.lineShift, zero: 0, table: 1)
      try check(&bench, Places(), "seed \(seed), \(multiplier), \(shift)") { x, _ in
        let steps = (x << shift * multiplier + 1 << 30) >> 31, distance = abs(steps) * (rule == .tangent ? 2 : 1)
        let line = lines[min(distance >> 9, 255)], height = line.start << 9 + distance % 512 * line.rise - 1 << 24
        let half = 1 << (rule.lineShift - 1), mirrored = steps < 0 ? -height : height
        let value = (mirrored + half - (mirrored < 0 ? 1 : 0)) >> rule.lineShift + (rule == .logistic ? 16_384 : 0)
        return min(max(value, -32_768), 32_767)
      }
    }
  }

  /// One element, and many rows of one; the other operations on the same hardware are as they were.
  @Test func shapesAndNeighbours() throws {
    var bench = try ScalarUnitBench([[], SoftmaxTable(beta: 1, scale: 0.11).exponentials.map { UInt32(bitPattern: $0) }], extensions: Self.extensions)
    var random = SplitMix(state: 4)
    let factor = QuantizedMultiplier(0x1p-15)
    for (rows, columns) in [(1, 1), (7, 1), (1, 300)] {
      fill(&bench, &random)
      let places = Places(firstStep: 300, secondStep: 301, outputStep: 302, rows: rows, columns: columns)
      var inMemory = places
      if rows > 1 { (inMemory.firstStep, inMemory.secondStep, inMemory.outputStep) = (1, 2, 3) }
      stage(bench, .product, inMemory, multiplier: factor)
      try check(&bench, inMemory, "\(rows) x \(columns)") { x1, x2 in min(Int(multiplyByQuantizedMultiplier(Int32(x1 * x2), factor)), 32_767) }
    }
    bench.simulation.stage([
      \.feed.base: 16, \.end.base: 2048, \.feed.rows: 1, \.array.columns: 9, \.end.columnStep: 9, \.scalar.table: 1, \.addition.zero: -128,
      \.addition.low: -128, \.addition.high: 127,
    ])
    let row = bench.memory[16..<25].map { Int8(bitPattern: $0) }
    #expect(bench.run(.softmax) == 1 + Timing.softmaxRow(columns: 9, lanes: 4))
    #expect(bench.memory[2048..<2057].map { Int8(bitPattern: $0) } == SoftmaxTable(beta: 1, scale: 0.11).softmax(row))
  }

  /// A table that is not there, a layer of no rows.
  @Test func whatIsNoLayerIsReported() throws {
    let bench = try ScalarUnitBench([[]], extensions: Self.extensions)
    stage(bench, .logistic, Places(), table: 1)
    bench.simulation.settings.launch = true
    bench.simulation.step()
    bench.simulation.settings.launch = false
    bench.simulation.control.layer.begin = true
    for port in bench.simulation.control.int16 { port.isAsked = true }
    #expect(bench.simulation.fault.happens && bench.simulation.fault.code == RegisterMap.ErrorCode.tableOutOfRange.rawValue)
    #expect(!bench.simulation.control.layer.invalid)
  }
}
