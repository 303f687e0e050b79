import Model
import Testing

@Suite struct ResizeBilinearTests {
  private func layer(_ input: [Int], _ sizes: [Int32], _ resize: ResizeBilinear, output: [Int]? = nil) -> Graph {
    graph(
      resize, [activation(input), integers([sizes.count], sizes)],
      output: activation(output ?? [input[0], Int(sizes[0]), Int(sizes[1]), input[3]]))
  }

  /// Halves are rounded away from zero.
  @Test func cornersAligned() throws {
    let resize = layer([1, 2, 2, 1], [3, 3], ResizeBilinear(alignsCorners: true))
    #expect(try run(resize, [1, 2, -4, 3]) == [1, 2, 2, -2, 1, 3, -4, -1, 3])
  }

  @Test func halfPixelCenters() throws {
    let resize = layer([1, 1, 2, 1], [1, 4], ResizeBilinear(halfPixelCenters: true))
    #expect(try run(resize, [0, 10]) == [0, 3, 8, 10])
    #expect(try run(resize, [0, -10]) == [0, -3, -8, -10])
  }

  /// Of two neighbours, the first of which an output lies at; behind the last one there is nothing.
  @Test func neitherCorners() throws {
    let resize = layer([1, 1, 2, 1], [1, 4], ResizeBilinear())
    #expect(try run(resize, [0, 10]) == [0, 5, 10, 10])
  }

  @Test func places() {
    let half = ResizeBilinear(halfPixelCenters: true)
    #expect(half.places(2, 4).map(\.fraction) == [0, 256, 768, 0])
    #expect(half.places(2, 4).map(\.first) == [0, 0, 0, 1] && half.places(2, 4).map(\.second) == [0, 1, 1, 1])
    #expect(ResizeBilinear(alignsCorners: true).places(4, 1) == [.init(first: 0, second: 0, fraction: 0)])
    // 1024·5/9 is rounded to 569.
    #expect(half.places(5, 9).map(\.fraction) == [0, 341, 910, 455, 0, 569, 114, 683, 0])
  }

  @Test func whatMakesNoSenseIsRefused() {
    let both = ResizeBilinear(alignsCorners: true, halfPixelCenters: true)
    #expect(validationError(layer([1, 2, 2, 1], [3, 3], both)).message.hasPrefix("aligned corners and half pixel centres exclude each other"))
    let plain = ResizeBilinear()
    #expect(validationError(layer([1, 2, 2, 1], [3, 3], plain, output: [1, 3, 4, 1])).category == .invalidShape)
    #expect(validationError(layer([1, 2, 2, 1], [3, 3, 3], plain, output: [1, 3, 3, 1])).message.hasPrefix("there are 3 sizes, expected 2"))
    #expect(validationError(layer([2, 2, 1], [3, 3], plain, output: [3, 3, 1])).message.hasPrefix("RESIZE_BILINEAR input must be rank 4"))
    #expect(validationError(layer([1, 1, 1, 1], [1, 2_000_000], plain)).category == .resourceLimit)
  }
}
