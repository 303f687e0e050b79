// Where the elements of a tensor lie.
//
// A tensor need not have bytes of its own: a reshaped tensor is another one's bytes, a slice is some of them, and what is
// concatenated is computed where the whole will be. All of these are an affine map from elements to bytes of a buffer.

import Model

/// The bytes of a tensor or of a part of one: element i of `shape` is byte `offset + Σ i·strides` of the buffer.
public struct View: Sendable, Hashable, Codable {
  /// The tensor that owns the bytes.
  public var buffer: Int
  /// Byte of element 0.
  public var offset = 0
  public var shape: [Int]
  /// Bytes from index to index, a stride per dimension.
  public var strides: [Int]

  /// All of a tensor that owns its bytes.
  init(whole tensor: Int, _ shape: [Int]) { (buffer, self.shape, strides) = (tensor, shape, Move.strides(shape)) }

  public var count: Int { shape.reduce(1, *) }

  /// The same elements in as few dimensions as describe them; no dimension has one index only.
  var merged: View {
    var result = self
    (result.shape, result.strides) = ([], [])
    for (size, stride) in zip(shape, strides) where size != 1 {
      if let last = result.strides.last, let outer = result.shape.last, last == size * stride {
        (result.shape[result.shape.count - 1], result.strides[result.strides.count - 1]) = (outer * size, stride)
      } else {
        result.shape.append(size)
        result.strides.append(stride)
      }
    }
    return result
  }

  /// Whether the elements lie one behind the other.
  public var isContiguous: Bool {
    let merged = merged
    return merged.shape.isEmpty || merged.strides == [1]
  }

  /// The byte of the buffer that holds an element, by the element's number in C order.
  public func byte(of element: Int) -> Int {
    var rest = element, byte = offset
    for (size, stride) in zip(shape, strides).reversed() {
      byte += rest % size * stride
      rest /= size
    }
    return byte
  }

  /// The number of the element in a byte of the buffer; nil when the view has none there. No strides may be negative or
  /// zero, and the elements must not overlap.
  public func element(at byte: Int) -> Int? {
    var rest = byte - offset, element = 0
    guard rest >= 0 else { return nil }
    let steps = Move.strides(shape)
    for dimension in shape.indices.sorted(by: { strides[$0] > strides[$1] }) where shape[dimension] > 1 {
      let index = min(rest / strides[dimension], shape[dimension] - 1)
      rest -= index * strides[dimension]
      element += index * steps[dimension]
    }
    return rest == 0 && element < count ? element : nil
  }

  /// A box of the elements; nil where the result is no affine map.
  func taking(_ box: Box) -> View? {
    let whole = merged
    guard let first = whole.digits(box.offset) else { return nil }
    var least = first, most = first
    var result = View(whole: buffer, box.shape)
    result.offset = whole.offset + zip(first, whole.strides).reduce(0) { $0 + $1.0 * $1.1 }
    for (dimension, size) in box.shape.enumerated() {
      let step = box.strides[dimension]
      guard let digits = whole.digits(abs(step)) else {
        guard size > 1 else { continue }
        return nil
      }
      var stride = 0
      for (place, digit) in digits.enumerated() {
        if step < 0 { least[place] -= (size - 1) * digit } else { most[place] += (size - 1) * digit }
        stride += step.signum() * digit * whole.strides[place]
      }
      result.strides[dimension] = stride
    }
    // Where an index would carry into the next dimension, bytes are not where the strides say.
    guard least.allSatisfy({ $0 >= 0 }), zip(most, whole.shape).allSatisfy({ $0 < $1 }) else { return nil }
    return result
  }

  /// The indices of an element.
  private func digits(_ element: Int) -> [Int]? {
    var rest = element
    let digits = shape.reversed().map { size in
      defer { rest /= size }
      return rest % size
    }
    return rest == 0 ? digits.reversed() : nil
  }
}

/// A box of a tensor's elements: index i of `shape` is element `offset + Σ i·strides`, in C order.
struct Box: Sendable, Hashable {
  var tensor: Int
  var offset = 0
  var shape: [Int]
  var strides: [Int]

  init(_ tensor: Int, offset: Int, shape: [Int], strides: [Int]) {
    (self.tensor, self.offset, self.shape, self.strides) = (tensor, offset, shape, strides)
  }

  /// All of a tensor, read in this shape.
  init(whole tensor: Int, _ shape: [Int]) { self.init(tensor, offset: 0, shape: shape, strides: Move.strides(shape)) }

  /// All of a tensor as one row of pixels.
  init(pixels tensor: Int, _ count: Int, _ channels: Int) {
    self.init(tensor, offset: 0, shape: [1, 1, count, channels], strides: [0, 0, channels, 1])
  }

  /// Elements that lie one behind the other, read in another shape.
  func reshaped(_ shape: [Int]) -> Box { Box(tensor, offset: offset, shape: shape, strides: Move.strides(shape)) }

  var count: Int { shape.reduce(1, *) }
  /// Whether the elements are those from `offset` on, one behind the other.
  var isContiguous: Bool {
    var view = View(whole: tensor, shape)
    view.strides = strides
    return view.isContiguous
  }
}
