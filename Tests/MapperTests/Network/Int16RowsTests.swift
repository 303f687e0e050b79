import Model
import TestTools
import Testing

@testable import Mapper

@Suite struct Int16RowsTests {
  /// x = 256·h + l + 128, a row of h before the row of l.
  @Test func bytesAreTheElements() {
    var random = SplitMix("rows of int16")
    for _ in 0..<40 {
      let rows = Int16Rows(length: random.int(1...9)), count = rows.length * random.int(1...5)
      let values = (0..<count).map { _ in random.pick([-32_768, 32_767, -1, 0, random.int(-32_768...32_767)]) }
      let elements = Elements.bytes(values, .int16), stored = rows.stored(elements)
      #expect(rows.loaded(stored) == elements && stored.count == 2 * count && rows.shape(of: count).reduce(1, *) == 2 * count)
      for (element, value) in values.enumerated() {
        let place = rows.place(of: element), high = Int(Int8(bitPattern: stored[place])), low = Int(Int8(bitPattern: stored[place + rows.length]))
        #expect(256 * high + low + 128 == value)
        #expect(rows.element(at: place) == element && rows.element(at: place + rows.length) == element)
        #expect(rows.isHigh(place) && !rows.isHigh(place + rows.length))
      }
    }
    #expect(Int16Rows(length: 2).stored([0, 1, 0, 2, 0, 3, 0, 4]) == [1, 2, 0x80, 0x80, 3, 4, 0x80, 0x80])
  }

  /// A box of elements is a box of high bytes where the place of every one of them says so, and pixels stay pixels.
  @Test func highBytesOfBoxes() throws {
    var random = SplitMix("high bytes"), found = 0, pixels = 0
    for _ in 0..<600 {
      let shape = (0..<3).map { _ in random.int(1...4) }, count = shape.reduce(1, *)
      let rows = Int16Rows(length: random.pick((1...count).filter { count % $0 == 0 }))
      var box = Box(whole: 0, shape)
      // Some of them backwards, from the other end.
      for dimension in 0..<3 where random.int(0...3) == 0 {
        box.offset += (shape[dimension] - 1) * box.strides[dimension]
        box.strides[dimension].negate()
      }
      guard let high = rows.highBytes(of: box) else {
        #expect(rows.highBytes(ofPixels: box) == nil)
        continue
      }
      found += 1
      if let high = rows.highBytes(ofPixels: box) {
        #expect(shape[2] == 1 || abs(high.strides[2]) == 1)
        pixels += 1
      }
      var (elements, bytes) = (View(whole: 0, shape), View(whole: 0, shape))
      (elements.offset, elements.strides) = (box.offset, box.strides)
      (bytes.offset, bytes.strides) = (high.offset, high.strides)
      for index in 0..<count {
        #expect(bytes.byte(of: index) == rows.place(of: elements.byte(of: index)), "\(box) in rows of \(rows.length)")
      }
    }
    #expect(found > 300 && pixels > 200 && found > pixels)
    // Rows of 4 begin within rows of 6.
    #expect(Int16Rows(length: 6).highBytes(of: Box(whole: 0, [3, 4])) == nil)
    #expect(Int16Rows(length: 6).highBytes(of: Box(whole: 0, [2, 6])) != nil)
    // Neighbours would be apart.
    #expect(Int16Rows(length: 1).highBytes(ofPixels: Box(whole: 0, [2, 7])) == nil)
  }
}
