import Machine
import Testing

@testable import Mapper

@Suite struct MemoryImagesTests {
  @Test func equalWeightsAreStoredOnce() {
    var image = WeightImage(elements: 2, dotProduct: 2)
    #expect(image.add([1, 2, 3, 4, 5, 6, 7, 8], elements: 2) == 0 && image.add([1, 2, 3, 4], elements: 2) == 1)
    #expect(image.add([1, 2, 3, 4, 5, 6, 7, 8], elements: 2) == 0)
    let placed = image.placed
    #expect(placed.addresses == [0, 2] && placed.bytes == [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4] && placed.depths == [3, 3])
  }

  /// Blocks that are written have to be written alike.
  @Test func computedWeightsShareWhatTheyWrite() {
    var image = WeightImage(elements: 1, dotProduct: 2)
    func copy(_ columns: Int) -> ProductStream.Copy { ProductStream.Copy(column: 0, index: 0, run: 1, runs: 1, columns: columns, place: 0) }
    #expect(image.add([0, 0], elements: 1) == 0 && image.add([0, 0], elements: 1, copies: [copy(1)]) == 1)
    #expect(image.add([0, 0], elements: 1, copies: [copy(2)]) == 2 && image.add([0, 0], elements: 1, copies: [copy(1)]) == 1)
  }

  /// The widest blocks come first, so that an element's memory ends with the last block that reaches it.
  @Test func elementsHaveWhatTheyNeed() {
    var image = WeightImage(elements: 4, dotProduct: 1)
    let narrow = image.add([1, 0, 0, 0, 2, 0, 0, 0], elements: 1), wide = image.add([1, 2, 3, 4], elements: 4)
    let middle = image.add([5, 6, 0, 0], elements: 2)
    let placed = image.placed
    #expect(placed.addresses[wide] == 0 && placed.addresses[middle] == 1 && placed.addresses[narrow] == 2)
    #expect(placed.depths == [4, 2, 1, 1])
    // Who shares a block decides how far it reaches.
    #expect(image.add([5, 6, 0, 0], elements: 3) == middle && image.placed.depths == [4, 2, 2, 1])
  }

  @Test func equalParametersAreStoredOnce() {
    var image = ParameterImage(lanes: 2)
    let one = [ParameterWord.identity, ParameterImage.unused], two = [ParameterWord](repeating: .identity, count: 4)
    #expect(image.add(one) == 0 && image.add(two) == 1 && image.add(one) == 0 && image.add(two) == 1)
    #expect(image.entries == 3 && image.words == one + two)
    // An unused lane passes nothing on.
    #expect(ParameterImage.unused.requantize(1 << 20) == 0)
  }

  @Test func equalTablesAreStoredOnce() {
    var image = TableImage<UInt8>()
    #expect(image.add([1, 2]) == 0 && image.add([2, 1]) == 1 && image.add([1, 2]) == 0)
    #expect(image.count == 2 && image.tables == [[1, 2], [2, 1]])
  }
}
