// What happens to a layer's values before they are written: rescaling, limits, then nothing, an addition or a table. An addition
// may be a product: what joins two operands differs, where they come from and where they go does not.

import Machine
import Model

/// From a kernel's values to bytes.
enum Rescaling: Sendable {
  /// The kernel's values are bytes already.
  case unchanged
  /// y = zeroOut + (Σ (x − zeroIn)·w + bias)·factor, rounded as the factor says, a bias and a factor per output channel.
  case sums(bias: [Int32], factors: [SumFactor], zeroIn: Int, zeroOut: Int)
  /// The sum of `count` bytes divided by `count`, halves away from zero, or up.
  case average(count: Int, halvesUp: Bool = false)
  /// The post unit's parameters, one word for all channels or one per channel: what `settleArithmetic` makes of the others.
  case words([ParameterWord], zero: Int)
}

/// The end of a layer.
struct Ending: Sendable {
  /// The limits of the rescaled values.
  var limits = -128...127
  var tail = Tail.none
  /// Of results of int16, the bytes of the tensor from high ones to low ones; nil for those of int8.
  var int16Step: Int?

  /// What follows the limits.
  enum Tail: Sendable {
    case none
    case addition(Added)
    /// A function of the byte, by its outputs for −128...127, and the operator whose it is.
    case table([Int8], name: String)
  }

  /// Whether something follows the limits.
  var hasTail: Bool { if case .none = tail { false } else { true } }
  /// Whether there is still room behind the limits.
  var isOpen: Bool { !hasTail && int16Step == nil }
  var addition: Added? { if case .addition(let added) = tail { added } else { nil } }
}

/// The sum or the product of a layer's values and of something else, as the reference computes it:
/// y = clamp(zero + MBQM(term1[x1] + term2[x2], factor)), or with a product of the terms, or with the square of their sum.
struct Added: Sendable {
  /// What becomes of the terms.
  enum Rule: Sendable { case sum, product, square }

  /// The second operand.
  enum Operand: Sendable {
    case tensor(Int)
    /// Bytes that repeat over the tensor: 1, one per channel, ... up to the whole tensor.
    case constant([Int8])
  }

  /// An operand's terms for the bytes −128...127, and the slope and the zero of the line that they follow: term/factor is
  /// about slope·(x − zero).
  struct Side: Sendable, Hashable {
    var terms: [Int32]
    var slope: Double
    var zero: Int
  }

  var rule = Rule.sum
  /// How ONNX Runtime joins the bytes; nil where terms and factor say it.
  var join: FloatJoin?
  var first: Side, second: Side
  var other: Operand
  var factor: QuantizedMultiplier
  var zero: Int
  var limits: ClosedRange<Int>
  /// The operator that adds, and what messages call it and its result.
  var node: Node
  var label: String
  var name: String { node.operation.name }
  /// How the post unit's lanes do it; nil as long as that is not decided.
  var affine: AffineAddition?

  /// The same sum, the operands the other way round; nil for a constant.
  func swapped(first tensor: Int) -> Added {
    var result = self
    (result.first, result.second, result.other, result.join) = (second, first, .tensor(tensor), join?.swapped)
    return result
  }

  /// The output for two bytes.
  func value(_ x1: Int, _ x2: Int) -> Int {
    if let join { return min(max(join.value(x1, x2), limits.lowerBound), limits.upperBound) }
    let one = first.terms[x1 + 128], two = second.terms[x2 + 128]
    let joined = switch rule {
    case .sum: one &+ two
    case .product: one &* two
    case .square: (one &+ two) &* (one &+ two)
    }
    let y = Int(multiplyByQuantizedMultiplier(joined, factor) &+ Int32(truncatingIfNeeded: zero))
    return min(max(y, limits.lowerBound), limits.upperBound)
  }

  var otherTensor: Int? { if case .tensor(let tensor) = other { tensor } else { nil } }
}
