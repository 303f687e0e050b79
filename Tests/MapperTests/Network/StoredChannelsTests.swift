import Testing

@testable import Mapper

@Suite struct StoredChannelsTests {
  /// Every choice of channels of three pixels of four: elements and places are one another's inverses, and constants have none.
  @Test(arguments: 0..<15) func elementsAndPlaces(_ choice: Int) {
    let constants = (0..<4).map { choice >> $0 & 1 == 1 ? Int8($0 - 100) : nil }, stored = StoredChannels(constants: constants)
    var places: [Int] = []
    for element in 0..<12 {
      #expect(stored.constant(of: element) == constants[element % 4])
      guard stored.constant(of: element) == nil else { continue }
      places.append(stored.place(of: element))
      #expect(stored.element(at: stored.place(of: element)) == element)
    }
    #expect(places == Array(0..<stored.stored(of: 12)) && stored.kept.count + stored.removed == 4)
    #expect(stored.kept(Array(0..<12)) == (0..<12).filter { constants[$0 % 4] == nil })
  }

  @Test func shapes() {
    let stored = StoredChannels(constants: [nil, 5, nil, nil])
    #expect(stored.shape([2, 3, 4]) == [2, 3, 3])
    #expect(stored.shape([2, 12]) == [2, 9])
    // Channels that are not whole in the last dimension: what is stored is a row of bytes.
    #expect(stored.shape([2, 6, 2]) == [18])
  }

  /// A box of what is stored has the bytes of the same box without the constant channels.
  @Test func boxes() {
    let stored = StoredChannels(constants: [nil, 5, nil, nil])
    // Columns 1 and 2 of rows 0 and 2, of 4×3 pixels of four channels.
    let box = Box(0, offset: 4, shape: [1, 2, 2, 4], strides: [0, 24, 4, 1]), small = stored.box(box)
    func elements(_ box: Box) -> [Int] {
      var numbers = [box.offset]
      for (size, stride) in zip(box.shape, box.strides) { numbers = numbers.flatMap { number in (0..<size).map { number + $0 * stride } } }
      return numbers
    }
    #expect(elements(small).map { stored.element(at: $0) } == elements(box).filter { stored.constant(of: $0) == nil })
    #expect(box.isRows(of: 4) && box.isRows(of: 2) && !box.isRows(of: 3))
    for (offset, shape, strides) in [(1, [2, 4], [4, 1]), (0, [2, 2], [4, 1]), (0, [2, 4], [6, 1]), (0, [2, 4], [4, 2])] {
      #expect(!Box(0, offset: offset, shape: shape, strides: strides).isRows(of: 4))
    }
  }
}
