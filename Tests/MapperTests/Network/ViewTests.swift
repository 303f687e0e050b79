import Model
import TestTools
import Testing

@testable import Mapper

@Suite struct ViewTests {
  /// A view without overlaps: dimensions in any order in memory, with gaps, some of one index.
  private func view(_ random: inout SplitMix, negative: Bool = false) -> View {
    let shape = (0..<random.int(1...4)).map { _ in random.pick([1, 1, 2, 3, 4]) }
    var strides = shape.map { _ in 0 }, step = random.pick([1, 1, 2])
    for dimension in random.chance(50) ? Array(shape.indices.reversed()) : shape.indices.shuffled(using: &random) {
      strides[dimension] = step
      step = step * shape[dimension] + (random.chance(30) ? random.int(1...5) : 0)
    }
    var view = View(whole: 7, shape)
    (view.strides, view.offset) = (strides, random.int(0...9))
    if negative, let dimension = shape.indices.randomElement(using: &random) {
      view.offset += strides[dimension] * (shape[dimension] - 1)
      view.strides[dimension] *= -1
    }
    return view
  }

  /// The bytes of all elements in C order, index by index.
  private func bytes(_ shape: [Int], _ strides: [Int], _ offset: Int) -> [Int] {
    guard let size = shape.first, let stride = strides.first else { return [offset] }
    return (0..<size).flatMap { bytes(Array(shape.dropFirst()), Array(strides.dropFirst()), offset + $0 * stride) }
  }

  @Test func elementsToBytes() {
    var random = SplitMix("views")
    for _ in 0..<300 {
      let view = view(&random, negative: random.chance(50))
      #expect((0..<view.count).map { view.byte(of: $0) } == bytes(view.shape, view.strides, view.offset), "\(view)")
    }
  }

  @Test func bytesToElements() {
    var random = SplitMix("views backwards")
    for _ in 0..<300 {
      let view = view(&random), all = bytes(view.shape, view.strides, view.offset)
      for byte in -3...(all.max() ?? 0) + 3 { #expect(view.element(at: byte) == all.firstIndex(of: byte), "\(view), byte \(byte)") }
    }
  }

  /// As few dimensions as describe the same bytes.
  @Test func merging() {
    var random = SplitMix("merged views")
    for _ in 0..<300 {
      let view = view(&random, negative: random.chance(30)), merged = view.merged
      #expect(bytes(merged.shape, merged.strides, merged.offset) == bytes(view.shape, view.strides, view.offset))
      #expect(merged.shape.allSatisfy { $0 > 1 })
      for (outer, inner) in zip(merged.strides, zip(merged.shape, merged.strides).dropFirst()) { #expect(outer != inner.0 * inner.1) }
      let all = bytes(view.shape, view.strides, view.offset)
      #expect(view.isContiguous == (all == Array(view.offset..<view.offset + view.count)), "\(view)")
    }
  }

  /// A box that is taken has the bytes of its elements, and every box of rows and columns can be taken.
  @Test func takingBoxes() {
    var random = SplitMix("boxes of views")
    for _ in 0..<500 {
      let view = view(&random, negative: random.chance(30)), all = bytes(view.shape, view.strides, view.offset)
      let steps = Move.strides(view.shape)
      var box = Box(view.buffer, offset: 0, shape: [], strides: [])
      for (size, step) in zip(view.shape, steps) {
        let stride = random.pick([1, 1, 2, -1]), count = random.int(1...(size + abs(stride) - 1) / abs(stride))
        let slack = size - 1 - (count - 1) * abs(stride), first = random.int(0...slack) + (stride < 0 ? (count - 1) * -stride : 0)
        box.offset += first * step
        box.shape.append(count)
        box.strides.append(stride * step)
      }
      guard let part = view.taking(box) else {
        Issue.record("\(view) has no \(box)")
        continue
      }
      #expect(part.buffer == view.buffer && part.shape == box.shape)
      #expect((0..<part.count).map { part.byte(of: $0) } == bytes(box.shape, box.strides, box.offset).map { all[$0] }, "\(box) of \(view)")
      // Read in another shape it is the same, or nothing.
      guard box.isContiguous, let flat = view.taking(box.reshaped([box.count])) else { continue }
      #expect((0..<flat.count).map { flat.byte(of: $0) } == (0..<part.count).map { part.byte(of: $0) })
    }
  }

  /// Any box: its bytes, or nil where indices carry or leave the view.
  @Test func takingAnything() {
    var random = SplitMix("any boxes of views"), taken = 0
    for _ in 0..<5000 {
      let view = view(&random, negative: random.chance(30)), all = bytes(view.shape, view.strides, view.offset)
      let shape = (0..<random.int(1...3)).map { _ in random.int(1...3) }
      let box = Box(7, offset: random.int(0...all.count), shape: shape, strides: shape.map { _ in random.int(-4...8) })
      guard let part = view.taking(box) else { continue }
      taken += 1
      let elements = bytes(box.shape, box.strides, box.offset)
      guard elements.allSatisfy(all.indices.contains) else {
        Issue.record("\(box) leaves \(view)")
        continue
      }
      #expect((0..<part.count).map { part.byte(of: $0) } == elements.map { all[$0] }, "\(box) of \(view)")
    }
    #expect(taken > 500)
  }

  @Test func indicesThatCarryAreNil() {
    // Three rows of four bytes in rows of ten.
    var view = View(whole: 0, [3, 4])
    view.strides = [10, 1]
    func taking(_ offset: Int, _ shape: [Int], _ strides: [Int]) -> [Int]? {
      view.taking(Box(0, offset: offset, shape: shape, strides: strides)).map { part in (0..<part.count).map { part.byte(of: $0) } }
    }
    #expect(taking(0, [12], [1]) == nil && taking(2, [3], [1]) == nil)
    #expect(taking(4, [4], [1]) == [10, 11, 12, 13] && taking(1, [3], [4]) == [1, 11, 21])
    #expect(taking(0, [3], [5]) == [0, 11, 22] && taking(3, [2], [5]) == nil)
    #expect(taking(7, [4], [-1]) == [13, 12, 11, 10] && taking(4, [2], [-1]) == nil && taking(11, [3], [-4]) == [23, 13, 3])
    #expect(taking(5, [2, 2], [0, 1]) == [11, 12, 11, 12] && taking(12, [1], [1]) == nil && taking(8, [2], [4]) == nil)
    // What is one index only may step anywhere.
    #expect(taking(11, [1, 1], [99, -99]) == [23])
  }
}
