import Machine
import TestTools
import Testing

@testable import Mapper

@Suite struct ProductStreamTests {
  /// Every element of the second matrix is copied where its weight is read, in each computed tap, and nothing else is written.
  @Test func copiesFillTheComputedTaps() throws {
    var random = SplitMix("products")
    for _ in 0..<60 {
      let machine = ArrayShape(random.pick([.edge16, .edge64, .edge256]))
      let (rows, depth, columns, isDense) = (random.int(1...3), random.int(1...20), random.int(1...40), random.chance(50))
      let product = MatrixProduct(
        rows: rows, depth: depth, second: Box(0, offset: 0, shape: [columns, depth], strides: isDense ? [depth, 1] : [1, columns]),
        zeros: (random.pick([0, -128, 5]), random.pick([0, -128, -7])))
      let shape = WindowShape(window: product.window, inputRowStep: 0, inputColumnStep: depth, outputRowStep: 0, outputColumnStep: columns)
      let layout = ProductStream(product, shape, columns: columns, machine)
      let taps = (0..<product.window.taps).filter { product.constants[$0 % product.constants.count] == nil }
      let wordBytes = machine.elements * machine.dotProduct
      var written: [Int: [Int]] = [:]
      for copy in layout.copies(taps: taps, isDense: isDense, machine) {
        #expect(copy.place % 4 + copy.run <= 4 && (copy.run == 1 || isDense))
        for run in 0..<copy.runs {
          for column in 0..<copy.columns {
            for byte in 0..<copy.run {
              let place = copy.place + run * wordBytes + column * machine.dotProduct + byte
              #expect(written[place] == nil)
              written[place] = [copy.column + column, copy.index + run * machine.dotProduct + byte]
            }
          }
        }
      }
      for group in 0..<layout.groups.count {
        for step in 0..<layout.steps {
          for element in 0..<(group == layout.groups.count - 1 ? layout.groups.last : layout.groups.size) {
            for lane in 0..<machine.dotProduct {
              let place = ((group * layout.steps + step) * machine.elements + element) * machine.dotProduct + lane
              guard let weight = layout.weight(at: .init(group: group, step: step, element: element, lane: lane)), taps.contains(weight.tap) else { continue }
              #expect(written.removeValue(forKey: place) == [weight.output, weight.input])
            }
          }
        }
      }
      #expect(written.isEmpty)
    }
  }
}
