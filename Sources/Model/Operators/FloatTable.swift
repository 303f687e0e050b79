// Functions whose reference computes in float32, byte by byte, into a table: ELU, EXP, GELU, LOG and SQRT; LOGISTIC and TANH on uint8.
//
// x' = sx·(x − zx) goes through the function, and y = clamp(round(f(x')·(1/sy)) + zy), halves away from zero. SQRT is
// divided by sy instead, and truncated. Every step is rounded to float32; functions of the C library are taken in double and
// then rounded, which is what float32 has wherever it is correctly rounded. The logarithm of zero is −∞, the least output.

import Foundation

extension NodeCheck {
  /// The outputs for the stored inputs −128...127.
  func floatTable(_ function: (Float) -> Float) -> [Int8] {
    realTable { (function($0) * (1 / output().scale)).rounded(.toNearestOrAwayFromZero) }
  }

  /// The square roots for the stored inputs −128...127; below the zero point there are none.
  func squareRootTable() -> [Int8] {
    realTable { ($0.squareRoot() / output().scale).rounded(.towardZero) }
  }

  func requireSquareRoot() throws(ModelError) {
    try requireNothingNegative()
    try requireFloatTable { $0.squareRoot() }
  }

  func requireLogarithm() throws(ModelError) {
    try requireNothingNegative()
    try requireFloatTable { $0 > 0 ? logarithm($0) : 0 }
  }

  private func realTable(_ function: (Float) -> Float) -> [Int8] {
    (-128...127).map { value in
      let result = function(input().scale * Float(value - input().zeroPoint)) + Float(output().zeroPoint)
      return Int8(truncatingIfNeeded: Int32(min(max(result, -128), 127)))
    }
  }

  /// Checks that no output overflows int32, where the reference has no defined result.
  func requireFloatTable(_ function: (Float) -> Float) throws(ModelError) {
    for value in -128...127 {
      let real = input().scale * Float(value - input().zeroPoint), result = function(real) / output().scale
      try require(
        abs(result) < 0x1p31 - 256, .invalidQuantization, "\(node.operation.name) of \(real) is \(result) steps of the output, beyond int32",
        tensor: node.outputs[0], advice: "choose a larger output scale")
    }
  }

  /// Checks that the input has nothing below zero, where a root has no result and the reference stops.
  func requireNothingNegative() throws(ModelError) {
    try require(
      input().zeroPoint == -128, .unsupported,
      "\(node.operation.name) of an input with zero point \(input().zeroPoint) is not supported, only with -128: it could be negative",
      tensor: node.inputs[0])
  }
}

/// x for positive numbers, else e^x − 1.
func exponentialLinear(_ x: Float) -> Float { x < 0 ? exponential(x) - 1 : x }

/// e^x.
func exponential(_ x: Float) -> Float { Float(Foundation.exp(Double(x))) }

/// The natural logarithm.
func logarithm(_ x: Float) -> Float { Float(Foundation.log(Double(x))) }

/// The hyperbolic tangent.
func hyperbolicTangent(_ x: Float) -> Float { Float(Foundation.tanh(Double(x))) }

/// x times the probability that a standard normal number is less than x.
func gaussianErrorLinear(_ x: Float) -> Float { 0.5 * x * Float(Foundation.erfc(Double(x * -Float(0.5).squareRoot()))) }

/// The same with tanh in place of the probability: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
func approximateGaussianErrorLinear(_ x: Float) -> Float {
  let slope = Float((2 / Double.pi).squareRoot())
  return 0.5 * x * (1 + Float(Foundation.tanh(Double(slope * (x + 0.044715 * (x * x * x))))))
}
