import HDL
import Machine
import Model
import Testing

@testable import Generators

/// The scalar unit beside the golden kernels, with the tables and the feature memory played by the test.
@Suite struct ScalarUnitTests {
  private struct Bench {
    let simulation: Simulation<ScalarUnit>
    var memory = [UInt8](repeating: 0, count: 4096)
    let tables: [UInt32]

    init(_ tables: [[UInt32]], squares: Bool = false) throws {
      self.tables = tables.flatMap { $0 + [UInt32](repeating: 0, count: 256 - $0.count) }
      simulation = try Simulation(ScalarUnit(tables: tables.count, memoryLanes: 4, squares: squares), .random(seed: 3))
      simulation.reset()
    }

    /// Runs a layer; returns its cycles.
    mutating func run(addition: Bool) -> Int {
      simulation.settings.launch = true
      simulation.step()
      simulation.settings.launch = false
      (simulation.control.layer.begin, simulation.control.isAddition) = (true, addition)
      // The byte comes two cycles after its request, a table's word in the next cycle.
      var cycles = 0, requests = [UInt8](repeating: 0, count: 2), word: UInt32 = 0
      while cycles < 5000 {
        simulation.operand.data = Int(requests[0])
        simulation.table.data = Int(word)
        let (address, valid) = (simulation.operand.address, simulation.operand.enable)
        word = tables[simulation.table.address % tables.count]
        if simulation.results.enable { memory[simulation.results.address] = UInt8(simulation.results.data) }
        let isLast = simulation.control.layer.finished
        requests = [requests[1], valid ? memory[address] : 0xEE]
        simulation.step()
        cycles += 1
        simulation.control.layer.begin = false
        if isLast { return cycles }
      }
      return cycles
    }
  }

  @Test func softmaxOfRows() throws {
    let table = SoftmaxTable(beta: 1, scale: 0.11)
    var bench = try Bench([table.exponentials.map { UInt32(bitPattern: $0) }])
    let rows = [[Int8]]([[-128, 127, 3, 4, 100], [0, 0, 0, 0, 0], [90, 95, -7, 88, 93]])
    bench.simulation.stage([
      \.feed.base: 16, \.end.base: 512, \.feed.rows: 3, \.array.columns: 5, \.end.columnStep: 8,
      \.addition.zero: -128, \.addition.low: -128, \.addition.high: 127,
    ])
    for (row, values) in rows.enumerated() { for (column, value) in values.enumerated() { bench.memory[16 + 8 * row + column] = UInt8(bitPattern: value) } }
    #expect(bench.run(addition: false) == 1 + 3 * (3 * 5 + 65))
    for (row, values) in rows.enumerated() {
      #expect(bench.memory[512 + 8 * row..<517 + 8 * row].map { Int8(bitPattern: $0) } == table.softmax(values))
    }
  }

  /// Scales that make a tie of every odd sum: halves go away from zero on both sides.
  @Test(arguments: [false, true]) func additionRoundsTwice(_ isConstant: Bool) throws {
    let terms = (0..<256).map { UInt32(bitPattern: Int32(Int8(bitPattern: UInt8($0))) << 19) }
    var bench = try Bench([terms, terms.reversed()])
    // A factor of 1/2 above the 20 bits below the operands.
    let factor = QuantizedMultiplier(1 / Double(1 << 20))
    bench.simulation.stage([
      \.feed.base: 0, \.addition.base: 600, \.end.base: 1200, \.feed.rows: 2, \.array.columns: 250, \.end.columnStep: 256,
      \.scalar.table: 0, \.scalar.secondTable: 1, \.scalar.multiplierLow: Int(factor.multiplier) & 0xFF_FFFF,
      \.scalar.multiplierHigh: Int(factor.multiplier) >> 24, \.scalar.shift: -factor.exponent, \.addition.zero: 3,
      \.addition.low: -100, \.addition.high: 90, \.modeBits: isConstant ? LayerMode.residualConstant.rawValue : 0,
    ])
    for index in 0..<1200 { bench.memory[index] = UInt8(truncatingIfNeeded: index * 37) }
    #expect(bench.run(addition: true) == 1 + 2 * 500 + 11)
    for row in 0..<2 {
      for column in 0..<250 {
        let place = 256 * row + column
        let second = isConstant ? column : Int(bench.memory[600 + place])
        let sum = Int32(bitPattern: terms[Int(bench.memory[place])]) &+ Int32(bitPattern: terms[255 - second])
        let expected = min(max(Int(multiplyByQuantizedMultiplier(sum, factor)) + 3, -100), 90)
        #expect(Int(Int8(bitPattern: bench.memory[1200 + place])) == expected, "row \(row), column \(column)")
      }
    }
  }

  /// Squares of sums as large as they get, of either sign, in one row and in several; a softmax on the same hardware is as it was,
  /// whatever flag an addition has left.
  @Test(arguments: [false, true]) func squaresOfSums(_ isConstant: Bool) throws {
    let terms = (0..<256).map { UInt32(bitPattern: Int32(Int8(bitPattern: UInt8($0))) * 128) }
    let table = SoftmaxTable(beta: 1, scale: 0.11)
    var bench = try Bench([terms, terms.reversed(), table.exponentials.map { UInt32(bitPattern: $0) }], squares: true)
    for factor in [QuantizedMultiplier(0x1.9p-23), QuantizedMultiplier(1 / Double(1 << 15)), QuantizedMultiplier(0x1.7p-8)] {
      bench.simulation.stage([
        \.feed.base: 0, \.addition.base: 600, \.end.base: 1200, \.feed.rows: 2, \.array.columns: 250, \.end.columnStep: 256,
        \.scalar.table: 0, \.scalar.secondTable: 1, \.scalar.multiplierLow: Int(factor.multiplier) & 0xFF_FFFF,
        \.scalar.multiplierHigh: Int(factor.multiplier) >> 24, \.scalar.shift: -factor.exponent, \.addition.zero: -100,
        \.addition.low: -128, \.addition.high: 120, \.modeBits: LayerMode.product.union(isConstant ? .residualConstant : []).rawValue,
      ])
      for index in 0..<1200 { bench.memory[index] = UInt8(truncatingIfNeeded: index * 37) }
      #expect(bench.run(addition: true) == 1 + 2 * 500 + 11 + 3)
      for row in 0..<2 {
        for column in 0..<250 {
          let place = 256 * row + column
          let second = isConstant ? column : Int(bench.memory[600 + place])
          let sum = Int32(bitPattern: terms[Int(bench.memory[place])]) &+ Int32(bitPattern: terms[255 - second])
          let expected = min(max(Int(multiplyByQuantizedMultiplier(sum * sum, factor)) - 100, -128), 120)
          #expect(Int(Int8(bitPattern: bench.memory[1200 + place])) == expected, "row \(row), column \(column), sum \(sum)")
        }
      }
    }
    bench.simulation.stage([
      \.feed.base: 0, \.end.base: 1200, \.feed.rows: 1, \.array.columns: 5, \.scalar.table: 2, \.addition.zero: -128,
      \.addition.low: -128, \.addition.high: 127,
    ])
    #expect(bench.run(addition: false) == 1 + 3 * 5 + 65)
    #expect((0..<5).map { Int8(bitPattern: bench.memory[1200 + $0]) } == table.softmax((0..<5).map { Int8(bitPattern: bench.memory[$0]) }))
  }

  /// A softmax has one table, an addition two.
  @Test(arguments: [1, 2]) func aTableThatDoesNotExistIsTold(_ tables: Int) throws {
    let bench = try Bench([[UInt32]](repeating: [], count: tables)), simulation = bench.simulation
    for first in [0, 1, 2, 255] {
      for second in [0, 1, 2, 255] {
        simulation.stage([\.scalar.table: first, \.scalar.secondTable: second])
        simulation.settings.launch = true
        simulation.step()
        simulation.settings.launch = false
        #expect(simulation.reported(\.fault) == nil)
        (simulation.control.layer.begin, simulation.control.isAddition) = (true, false)
        #expect((simulation.reported(\.fault) != nil) == (first >= tables))
        simulation.control.isAddition = true
        let fault = simulation.reported(\.fault)
        #expect((fault != nil) == (first >= tables || second >= tables))
        if let fault { #expect(fault == (.tableOutOfRange, first >= tables ? first : second)) }
        simulation.control.layer.begin = false
      }
    }
  }
}
