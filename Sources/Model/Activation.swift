// The clamp at the end of an operator.
//
// A fused activation of an integer network is nothing but limits on the stored output:
// its real bounds, expressed in the output's scale, cut to the range of the type.

import Foundation

/// An activation function fused into an operator.
public enum Activation: Sendable, Equatable, CaseIterable, CustomStringConvertible {
  /// No bound.
  case none
  /// At least 0.
  case relu
  /// Between 0 and 6.
  case relu6
  /// Between −1 and 1.
  case reluN1To1

  /// The schema's name.
  public var description: String {
    switch self {
    case .none: "NONE"
    case .relu: "RELU"
    case .relu6: "RELU6"
    case .reluN1To1: "RELU_N1_TO_1"
    }
  }

  /// The bounds as real numbers.
  private var bounds: ClosedRange<Float> {
    switch self {
    case .none: -.infinity ... .infinity
    case .relu: 0 ... .infinity
    case .relu6: 0...6
    case .reluN1To1: -1...1
    }
  }

  /// The limits of an output with this scale and zero point: `zeroPoint + round(v / scale)`, divided and
  /// rounded (half away from zero) in float32, intersected with the values of its type.
  ///
  /// - Parameters:
  ///   - scale: of the output, finite and positive.
  ///   - zeroPoint: of the output, one of `range`.
  ///   - range: the values of the output's type, of at most 16 bits.
  public func limits(scale: Float, zeroPoint: Int, in range: ClosedRange<Int> = -128...127) -> ClosedRange<Int32> {
    Self.limits(bounds, scale: scale, zeroPoint: zeroPoint, in: range)
  }

  /// The limits of an int8 or int16 output tensor; see `limits(scale:zeroPoint:in:)`.
  public func limits(of output: Tensor) -> ClosedRange<Int32> { Self.limits(bounds, of: output) }

  /// The limits of an int8 or int16 tensor whose real numbers lie within `bounds`.
  package static func limits(_ bounds: ClosedRange<Float>, of tensor: Tensor) -> ClosedRange<Int32> {
    limits(bounds, scale: tensor.scale, zeroPoint: tensor.zeroPoint, in: tensor.type == .int16 ? -32_768...32_767 : -128...127)
  }

  private static func limits(
    _ bounds: ClosedRange<Float>, scale: Float, zeroPoint: Int, in range: ClosedRange<Int>
  ) -> ClosedRange<Int32> {
    func quantized(_ value: Float) -> Int {
      let steps = (value / scale).rounded(.toNearestOrAwayFromZero)
      // Far outside any int16 already; keeps the conversion defined for tiny scales and no bound.
      return zeroPoint + Int(min(max(steps, -131_072), 131_072))
    }
    let low = min(max(quantized(bounds.lowerBound), range.lowerBound), range.upperBound)
    return Int32(low)...Int32(min(max(quantized(bounds.upperBound), low), range.upperBound))
  }
}
