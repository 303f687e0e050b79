import Foundation
import Model
import Testing

@Suite struct InterpolatedTableTests {
  @Test func theTablesAreTheirFunctions() {
    for (table, lowest, highest, function) in [
      (InterpolatedTable.exponential, -10.0, 0.0, { exp($0) }), (.reciprocalOfOnePlus, 0, 1, { 1 / (1 + $0) }),
    ] as [(InterpolatedTable, Double, Double, (Double) -> Double)] {
      #expect(table.entries.count == 513)
      let distances = (Int16.min...Int16.max).map { x in
        abs(Double(table[x]) - function(lowest + (Double(x) + 32_768) / 65_535 * (highest - lowest)) * 32_768)
      }
      #expect(distances.max() ?? 9 < 6.5)
    }
  }

  /// As TensorFlow Lite Micro has them: in float32, where two entries are others than in double.
  @Test func someEntries() {
    let exponential = InterpolatedTable.exponential.entries, reciprocal = InterpolatedTable.reciprocalOfOnePlus.entries
    #expect(exponential.prefix(3) == [2, 2, 2] && exponential.suffix(3) == [31_512, 32_133, 32_767])
    #expect(reciprocal.prefix(2) == [32_767, 32_704] && reciprocal.suffix(2) == [16_400, 16_384])
  }

  /// A line keeps its ends; a square's are moved by half of what it bends, 1/8 of the second difference.
  @Test func entriesLieBetweenEndsAndMiddles() {
    let line = InterpolatedTable(from: -32_768, to: 32_767, outputScale: 1) { $0 }
    #expect((Int16.min...Int16.max).allSatisfy { abs(Int(line[$0]) - Int($0)) <= 1 })
    let square = InterpolatedTable(from: -32_768, to: 32_767, outputScale: 32_768) { $0 * $0 }
    #expect(square.entries[256] == 0 && square[0] == 0 && square[Int16.min] == 32_767 && abs(square[16_384] - 8_192) <= 1)
  }
}
