// How tensors of int16 lie in feature memory: rows of high bytes and rows of low bytes in turn.
//
// Element x is 256·h + l + 128 with h and l in −128...127, so that the array multiplies both with weights of int8. A row of elements is the row of
// its high bytes and then that of its low ones: an image of H rows is one of 2·H rows of bytes, a window of k rows one of 2·k, and what
// clips rows at the image's ends does so for both. How long a row is depends on who reads the tensor.

/// Rows of int16.
public struct Int16Rows: Sendable, Hashable, Codable {
  /// Elements of a row.
  public let length: Int

  public init(length: Int) { self.length = length }

  /// The place of an element's high byte; its low byte is `length` bytes behind it.
  func place(of element: Int) -> Int { element / length * 2 * length + element % length }

  /// The element that has a byte at a place.
  public func element(at place: Int) -> Int { place / (2 * length) * length + place % length }

  /// Whether the byte at a place is an element's high one.
  public func isHigh(_ place: Int) -> Bool { place / length % 2 == 0 }

  /// The shape of the bytes of so many elements.
  func shape(of count: Int) -> [Int] { [2 * (count / length), length] }

  /// The bytes of elements where they lie, from little-endian ones in C order; as many as there are.
  public func stored(_ bytes: [UInt8]) -> [UInt8] {
    bytes.indices.map { place in
      let element = element(at: place)
      return isHigh(place) ? bytes[2 * element + 1] : bytes[2 * element] ^ 0x80
    }
  }

  /// Little-endian elements in C order, from the bytes that lie somewhere.
  public func loaded(_ stored: [UInt8]) -> [UInt8] {
    (0..<stored.count / 2).flatMap { element in
      let high = place(of: element)
      return [stored[high + length] ^ 0x80, stored[high]]
    }
  }

  /// The high bytes of a box of elements, in bytes; nil where a dimension is neither whole rows apart nor within a row.
  /// - Parameter box: of elements.
  func highBytes(of box: Box) -> Box? {
    var result = box
    result.offset = place(of: box.offset)
    var least = box.offset % length, most = least
    for (dimension, size) in box.shape.enumerated() where size > 1 {
      let step = box.strides[dimension]
      if step % length == 0 {
        result.strides[dimension] = 2 * step
      } else if step < 0 {
        least += (size - 1) * step
      } else {
        most += (size - 1) * step
      }
    }
    return least >= 0 && most < length ? result : nil
  }

  /// The high bytes of the pixels of an image; nil also where channels would be no neighbours any more.
  func highBytes(ofPixels box: Box) -> Box? {
    guard let result = highBytes(of: box), box.shape.last == 1 || result.strides.last == box.strides.last else { return nil }
    return result
  }
}

extension Box {
  /// High bytes, and low bytes so many bytes behind them, as one dimension more.
  func paired(with step: Int, at dimension: Int = 0) -> Box {
    var result = self
    result.shape.insert(2, at: dimension)
    result.strides.insert(step, at: dimension)
    return result
  }
}
