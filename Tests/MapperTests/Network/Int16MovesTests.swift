import Model
import TestTools
import Testing

@testable import Mapper

@Suite struct Int16MovesTests {
  /// Random boxes between rows of random lengths: the bytes that are moved are those of the elements, high to high and low to low.
  @Test func bytesAreThoseOfTheElements() {
    var random = SplitMix("moves of int16"), moved = 0, refused = 0
    for index in 0..<800 {
      let sizes = (0..<3).map { _ in random.int(1...4) }, other = sizes.map { $0 + random.int(0...1) * random.int(0...3) }
      let order = random.pick([[0, 1, 2], [0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 1, 0]])
      let source = Move.strides(other), target = order.map { sizes[$0] }
      let move = Move(
        shape: target, from: Move.Box(tensor: 0, offset: random.int(0...(other[2] - sizes[2])), strides: order.map { source[$0] }),
        to: Move.Box(tensor: 1, strides: Move.strides(target))
      ).merged
      func rows(_ shape: [Int]) -> Int16Rows {
        let count = shape.reduce(1, *)
        return Int16Rows(length: random.pick([count, shape[1] * shape[2], shape[2], random.pick((1...count).filter { count % $0 == 0 })]))
      }
      let from = rows(other), to = rows(target)
      guard let bytes = MovedBytes(move, from: from, to: to) else { refused += 1; continue }
      moved += 1
      #expect(bytes.from.shape == bytes.to.shape && bytes.from.count == 2 * move.shape.reduce(1, *))
      func places(_ box: Box) -> [Int] {
        var view = View(whole: box.tensor, box.shape)
        (view.offset, view.strides) = (box.offset, box.strides)
        return (0..<box.count).map { view.byte(of: $0) }
      }
      let pairs = Set(zip(places(bytes.from), places(bytes.to)).map { [$0, $1] })
      let wanted = zip(places(Box(move.from, move.shape)), places(Box(move.to, move.shape))).flatMap { x, y in
        [[from.place(of: x), to.place(of: y)], [from.place(of: x) + from.length, to.place(of: y) + to.length]]
      }
      #expect(pairs == Set(wanted), "\(index): \(move), rows of \(from.length) and \(to.length)")
    }
    #expect(moved > 500 && refused > 20, "\(moved), \(refused)")
  }

  /// A part that is a row of its own lies as a whole where it comes from, and then need not be copied.
  @Test func runsStayRuns() throws {
    // Three of five channels, in rows of an image; the part is one row, or rows of its own.
    let move = Move(
      shape: [8, 3], from: Move.Box(tensor: 0, strides: [3, 1]), to: Move.Box(tensor: 1, offset: 2, strides: [5, 1]))
    for length in [24, 12] {
      let bytes = try #require(MovedBytes(move, from: Int16Rows(length: length), to: Int16Rows(length: 20)))
      #expect(bytes.from.isContiguous && !bytes.to.isContiguous)
    }
    let cut = Move(shape: [3, 7], from: Move.Box(tensor: 0, offset: 1, strides: [8, 1]), to: Move.Box(tensor: 1, strides: [7, 1]))
    let bytes = try #require(MovedBytes(cut, from: Int16Rows(length: 8), to: Int16Rows(length: 21)))
    #expect(bytes.to.isContiguous)
    // Rows of 4 and of 6 have no bytes in common that lie alike.
    let flat = Move(shape: [12], from: Move.Box(tensor: 0, strides: [1]), to: Move.Box(tensor: 1, strides: [1]))
    #expect(MovedBytes(flat, from: Int16Rows(length: 4), to: Int16Rows(length: 6)) == nil)
    #expect(MovedBytes(flat, from: Int16Rows(length: 4), to: Int16Rows(length: 12)) != nil)
  }
}
