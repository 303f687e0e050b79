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

  /// A box of elements is a box of high bytes where the place of every one of them says so.
  @Test func highBytesOfBoxes() throws {
    var random = SplitMix("high bytes"), found = 0
    for _ in 0..<300 {
      let shape = (0..<3).map { _ in random.int(1...4) }, count = shape.reduce(1, *)
      let rows = Int16Rows(length: random.pick((1...count).filter { count % $0 == 0 })), box = Box(whole: 0, shape)
      guard let high = rows.highBytes(of: box) else { continue }
      #expect(shape[2] == 1 || high.strides[2] == 1)
      found += 1
      var view = View(whole: 0, shape)
      (view.offset, view.strides) = (high.offset, high.strides)
      for element in 0..<count { #expect(view.byte(of: element) == rows.place(of: element), "\(shape) in rows of \(rows.length)") }
    }
    #expect(found > 100)
    // Rows of 4 begin within rows of 6.
    #expect(Int16Rows(length: 6).highBytes(of: Box(whole: 0, [3, 4])) == nil)
    #expect(Int16Rows(length: 6).highBytes(of: Box(whole: 0, [2, 6])) != nil)
    // Neighbours would be apart.
    #expect(Int16Rows(length: 1).highBytes(of: Box(whole: 0, [2, 7])) == nil)
  }

  private func tensor(_ shape: [Int], _ type: ElementType = .int16, constant: [UInt8]? = nil) -> Tensor {
    Tensor(name: "t", shape: shape, type: type, quantization: Quantization(scale: 0.1, zeroPoint: 0), constant: constant)
  }

  /// Windows want rows of the image; matrices take them as they are, and else want their own.
  @Test func rowsAreThoseOfTheReader() throws {
    let pool = MaxPool2D(filterHeight: 2, filterWidth: 2), dense = FullyConnected()
    var graph = Graph(
      name: "g", tensors: [tensor([1, 4, 3, 5]), tensor([1, 3, 2, 5]), tensor([1, 30]), tensor([2, 30], .int8, constant: []), tensor([1, 2])],
      nodes: [
        Node(index: 0, operation: pool, inputs: [0], outputs: [1]), Node(index: 1, operation: Reshape(), inputs: [1], outputs: [2]),
        Node(index: 2, operation: dense, inputs: [2, 3], outputs: [4]),
      ], inputs: [0], outputs: [4])
    #expect(try graph.int16Rows([2: 1]) == [0: Int16Rows(length: 15), 1: Int16Rows(length: 30), 2: Int16Rows(length: 30), 4: Int16Rows(length: 2)])
    // A second reader of the same bytes in another shape.
    graph.tensors += [tensor([1, 2, 1, 15]), tensor([1, 1, 1, 15]), tensor([1, 2, 1, 5])]
    graph.nodes += [Node(index: 3, operation: pool, inputs: [1], outputs: [7]), Node(index: 4, operation: pool, inputs: [5], outputs: [6])]
    #expect(try graph.int16Rows([2: 1])[2] == Int16Rows(length: 10))
    #expect {
      try graph.int16Rows([2: 1, 5: 1])
    } throws: { error in
      (error as? MappingError)?.message
        == "operator 4 MAX_POOL_2D reads tensor 5 't' in rows of 15 elements of int16, another operator in rows of 10; give them tensors of one shape"
    }
  }
}
