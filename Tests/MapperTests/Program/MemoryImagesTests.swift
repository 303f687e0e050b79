import Machine
import Testing

@testable import Mapper

@Suite struct MemoryImagesTests {
  @Test func equalWeightsAreStoredOnce() {
    var image = WeightImage(wordBytes: 4)
    #expect(image.add([1, 2, 3, 4, 5, 6, 7, 8]) == 0 && image.add([1, 2, 3, 4]) == 2 && image.add([1, 2, 3, 4, 5, 6, 7, 8]) == 0)
    #expect(image.words == 3 && image.bytes == [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4])
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
