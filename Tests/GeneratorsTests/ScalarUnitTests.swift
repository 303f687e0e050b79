import HDL
import Machine
import Model
import Testing

@testable import Generators

/// The scalar unit beside the golden kernels.
@Suite struct ScalarUnitTests {
  /// Rows of every length up to a few reads, and long ones, in place and elsewhere, whose bytes are spread or near each other.
  @Test(arguments: [4, 8, 64]) func softmaxOfRows(_ lanes: Int) throws {
    let table = SoftmaxTable(beta: 1, scale: 0.11)
    var bench = try ScalarUnitBench([table.exponentials.map { UInt32(bitPattern: $0) }], lanes: lanes)
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    for columns in Array(1...20) + [39, 40, 41, 300, 700] {
      let output = random.pick([16, 2048]), rows = columns < 100 ? 3 : 2, step = columns + random.int(0...3)
      let spread = random.pick([3, 40, 255])
      bench.simulation.stage([
        \.feed.base: 16, \.end.base: output, \.feed.rows: rows, \.array.columns: columns, \.end.columnStep: step,
        \.addition.zero: -128, \.addition.low: -128, \.addition.high: 127,
      ])
      for index in bench.memory.indices { bench.memory[index] = UInt8(truncatingIfNeeded: random.int(0...spread) + 100) }
      let expected = (0..<rows).map { row in
        table.softmax(bench.memory[16 + step * row..<16 + step * row + columns].map { Int8(bitPattern: $0) })
      }
      #expect(bench.run(.softmax) == 1 + rows * Timing.softmaxRow(columns: columns, lanes: lanes), "\(columns) columns")
      #expect(bench.end == 16 + step * (rows - 1) + columns, "\(columns) columns: reads beyond the rows")
      for row in 0..<rows {
        let place = output + step * row
        try require(
          bench.memory[place..<place + columns].map { Int8(bitPattern: $0) }, expected[row], "seed \(seed), row \(row) of \(columns) columns")
      }
    }
  }

  /// Where a maximum stands in its read does not matter, nor what lies beyond the row.
  @Test func theMaximumIsFoundAnywhere() throws {
    let table = SoftmaxTable(beta: 1, scale: 0.05)
    var bench = try ScalarUnitBench([table.exponentials.map { UInt32(bitPattern: $0) }], lanes: 16)
    for columns in [1, 7, 8, 9, 15, 17] {
      for place in 0..<columns {
        var row = [Int8](repeating: -128, count: columns)
        row[place] = -100
        bench.memory.replaceSubrange(0..<256, with: [UInt8](repeating: 127, count: 256))
        bench.memory.replaceSubrange(0..<columns, with: row.map { UInt8(bitPattern: $0) })
        bench.simulation.stage([
          \.feed.base: 0, \.end.base: 512, \.feed.rows: 1, \.array.columns: columns, \.addition.zero: -128, \.addition.low: -128,
          \.addition.high: 127,
        ])
        _ = bench.run(.softmax)
        #expect(bench.memory[512..<512 + columns].map { Int8(bitPattern: $0) } == table.softmax(row), "\(place) of \(columns)")
      }
    }
  }

  /// Scales that make a tie of every odd sum: halves go away from zero on both sides.
  @Test(arguments: [false, true]) func additionRoundsTwice(_ isConstant: Bool) throws {
    let terms = (0..<256).map { UInt32(bitPattern: Int32(Int8(bitPattern: UInt8($0))) << 19) }
    var bench = try ScalarUnitBench([terms, terms.reversed()])
    // A factor of 1/2 above the 20 bits below the operands.
    let factor = QuantizedMultiplier(1 / Double(1 << 20))
    bench.simulation.stage([
      \.feed.base: 0, \.addition.base: 600, \.end.base: 1200, \.feed.rows: 2, \.array.columns: 250, \.end.columnStep: 256,
      \.scalar.table: 0, \.scalar.secondTable: 1, \.scalar.multiplierLow: Int(factor.multiplier) & 0xFF_FFFF,
      \.scalar.multiplierHigh: Int(factor.multiplier) >> 24, \.scalar.shift: -factor.exponent, \.addition.zero: 3,
      \.addition.low: -100, \.addition.high: 90, \.modeBits: isConstant ? LayerMode.residualConstant.rawValue : 0,
    ])
    for index in 0..<1200 { bench.memory[index] = UInt8(truncatingIfNeeded: index * 37) }
    #expect(bench.run(.add) == 1 + 2 * 500 + 8)
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
    var bench = try ScalarUnitBench([terms, terms.reversed(), table.exponentials.map { UInt32(bitPattern: $0) }], extensions: .products)
    for factor in [QuantizedMultiplier(0x1.9p-23), QuantizedMultiplier(1 / Double(1 << 15)), QuantizedMultiplier(0x1.7p-8)] {
      bench.simulation.stage([
        \.feed.base: 0, \.addition.base: 600, \.end.base: 1200, \.feed.rows: 2, \.array.columns: 250, \.end.columnStep: 256,
        \.scalar.table: 0, \.scalar.secondTable: 1, \.scalar.multiplierLow: Int(factor.multiplier) & 0xFF_FFFF,
        \.scalar.multiplierHigh: Int(factor.multiplier) >> 24, \.scalar.shift: -factor.exponent, \.addition.zero: -100,
        \.addition.low: -128, \.addition.high: 120, \.modeBits: LayerMode.product.union(isConstant ? .residualConstant : []).rawValue,
      ])
      for index in 0..<1200 { bench.memory[index] = UInt8(truncatingIfNeeded: index * 37) }
      #expect(bench.run(.add) == 1 + 2 * 500 + 8 + 3)
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
    #expect(bench.run(.softmax) == 1 + 37)
    #expect((0..<5).map { Int8(bitPattern: bench.memory[1200 + $0]) } == table.softmax((0..<5).map { Int8(bitPattern: bench.memory[$0]) }))
  }

  /// A softmax has one table, an addition two.
  @Test(arguments: [1, 2]) func aTableThatDoesNotExistIsTold(_ tables: Int) throws {
    let bench = try ScalarUnitBench([[UInt32]](repeating: [], count: tables)), simulation = bench.simulation
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
