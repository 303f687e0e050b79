// Which channels of a tensor have bytes. One that can have a single value only needs none.

/// The channels of a tensor, of which those that are constant are not stored.
///
/// The elements of a tensor, in C order, are rows of all channels; what is stored are the same rows without the constant channels.
public struct StoredChannels: Sendable, Hashable {
  /// By channel its only value; nil for a channel that is stored.
  public let constants: [Int8?]
  /// The numbers of the stored channels, ascending.
  public let kept: [Int]
  /// By channel, how many stored ones come before it.
  private let ranks: [Int]

  public init(constants: [Int8?]) {
    self.constants = constants
    kept = constants.indices.filter { constants[$0] == nil }
    var rank = 0
    ranks = constants.map { constant in
      defer { if constant == nil { rank += 1 } }
      return rank
    }
  }

  /// All channels.
  public var count: Int { constants.count }
  /// How many channels are not stored.
  public var removed: Int { count - kept.count }

  /// The value of an element that is not stored; nil for one that is.
  public func constant(of element: Int) -> Int8? { constants[element % count] }

  /// The place of a stored element among the stored ones.
  public func place(of element: Int) -> Int { element / count * kept.count + ranks[element % count] }

  /// The element at a place among the stored ones.
  public func element(at place: Int) -> Int { place / kept.count * count + kept[place % kept.count] }

  /// How many of `elements` elements, whole rows of channels, are stored.
  public func stored(of elements: Int) -> Int { elements / count * kept.count }
}

extension StoredChannels {
  /// The shape of what is stored: that of the tensor with fewer elements in its last dimension, or one dimension where channels are not whole in
  /// that.
  func shape(_ shape: [Int]) -> [Int] {
    guard let last = shape.last, last % count == 0 else { return [stored(of: shape.reduce(1, *))] }
    return shape.dropLast() + [stored(of: last)]
  }

  /// The same elements of what is stored: a box of whole rows of channels.
  func box(_ box: Box) -> Box {
    var result = box
    result.offset = stored(of: box.offset)
    result.shape = shape(box.shape)
    result.strides = box.strides.map { $0 == 1 ? 1 : stored(of: $0) }
    return result
  }

  /// The stored ones of numbers that belong to the channels in turn.
  func kept<Value>(_ values: [Value]) -> [Value] { values.indices.filter { constants[$0 % count] == nil }.map { values[$0] } }
}

extension Box {
  /// Whether it consists of whole rows of `channels` elements.
  func isRows(of channels: Int) -> Bool {
    guard let size = shape.last, let step = strides.last, size % channels == 0, size == 1 || step == 1 else { return false }
    return offset % channels == 0 && zip(shape, strides).dropLast().allSatisfy { $0 == 1 || $1 % channels == 0 }
  }
}
