// What the hardware can compute: a handful of kernels, whatever the operators above them are called.

import Model

/// What one part of a layer computes of its input.
enum Kernel: Sendable {
  /// Every output channel sums its window over all channels of the image. Weights: output channels × taps × depth.
  case sum(Window, weights: [Int8])
  /// As `sum`, with weights that int8 does not hold. Windows lie inside of the image. With `isDivided` every output channel sees channels of its own:
  /// `depth` of them, one output's behind the other's.
  case wide(Window, weights: [Int], isDivided: Bool = false)
  /// Every output channel sums a row of the image times a column of a second matrix.
  case product(MatrixProduct)
  /// Every output channel sums a window over one channel of the image. Weights: taps × output channels; nil: ones.
  case each(Window, weights: [Int8]?, multiplier: Int = 1)
  /// Every output channel is the greatest byte of a window over its channel; padding is less than all.
  case maximum(Window)
  /// Every byte by itself, times factors of −255...255 that repeat over the elements.
  case bytes(factors: [Int]? = nil)
  /// The input with elements of one value before and after every dimension.
  case surround([(before: Int, after: Int)], value: Int8)
  /// Rows of exponentials over their sum, by the table of exponentials. Runs in the scalar unit.
  case softmax([Int32])
  /// The terms of two bytes, summed and rescaled. Runs in the scalar unit.
  case scalarAddition(Added)
  /// Sums, products or sigmoids of rows of int16. Runs in the scalar unit.
  case int16(Int16Arithmetic)

  /// Whether the post unit writes the results: a layer's ending can be anything then.
  var usesPostUnit: Bool {
    switch self {
    case .sum, .wide, .product, .each, .maximum, .bytes, .surround: true
    case .softmax, .scalarAddition, .int16: false
    }
  }

  /// The second tensor that the scalar unit reads.
  var scalarOperand: Int? {
    switch self {
    case .scalarAddition(let added): added.otherTensor
    case .int16(let arithmetic): arithmetic.other
    default: nil
    }
  }

  /// The window over weights of its own, which treats what is outside of the image as zero; nil for other kernels.
  var weightedWindow: Window? {
    get {
      switch self {
      case .sum(let window, _): window
      case .each(let window, let weights, _): weights == nil ? nil : window
      case .wide, .product, .maximum, .bytes, .surround, .softmax, .scalarAddition, .int16: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .sum(_, let weights): self = .sum(newValue, weights: weights)
      case .each(_, let weights, let multiplier): self = .each(newValue, weights: weights, multiplier: multiplier)
      case .wide, .product, .maximum, .bytes, .surround, .softmax, .scalarAddition, .int16: break
      }
    }
  }
}
