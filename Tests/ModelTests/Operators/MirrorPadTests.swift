import Model
import Testing

@Suite struct MirrorPadTests {
  private func layer(_ shape: [Int], _ amounts: [Int32], _ output: [Int], reflects: Bool) -> Graph {
    graph(
      MirrorPad(reflects: reflects), [activation(shape), integers([shape.count, 2], amounts)], output: activation(output))
  }

  @Test func bordersAreMirrored() throws {
    #expect(try run(layer([3], [2, 1], [6], reflects: true), [1, 2, 3]) == [3, 2, 1, 2, 3, 2])
    #expect(try run(layer([3], [2, 3], [8], reflects: false), [1, 2, 3]) == [2, 1, 1, 2, 3, 3, 2, 1])
    for reflects in [true, false] {
      try expectMoves(layer([4, 3, 2], [2, 1, 0, 2, 1, 1], [7, 5, 4], reflects: reflects)) { index in
        zip(zip(index, [2, 0, 1]), [4, 3, 2]).map { place, size in
          let position = place.0 - place.1, edge = reflects ? 0 : 1
          return position < 0 ? -position - edge : position >= size ? 2 * size - 2 - position + edge : position
        }
      }
    }
  }

  @Test func amountsAreChecked() {
    #expect(
      validationError(layer([3], [3, 0], [6], reflects: true)).message
        == "mirrored padding of 3 for 3 elements, at most 2 is possible (operator 0 MIRROR_PAD, tensor 1 'b')")
    #expect(validationError(layer([3], [0, 4], [7], reflects: false)).message.hasPrefix("mirrored padding of 4 for 3 elements, at most 3"))
    #expect(validationError(layer([3], [-1, 0], [2], reflects: false)).message.hasPrefix("negative padding -1 "))
    #expect(validationError(layer([3], [1, 0], [5], reflects: false)).category == .invalidShape)
  }
}
