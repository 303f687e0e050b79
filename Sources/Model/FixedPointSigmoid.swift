// The two sigmoids in fixed point: logistic and hyperbolic tangent, from Q4.27 to Q0.31.
//
// Both are rational functions of one exponential of a number that is not positive, and both take the quotient from
// the Newton iteration of `ReciprocalIteration`. Formulas: the gemmlowp fixed-point functions that TensorFlow Lite for
// Microcontrollers uses.

/// 1 / (1 + e^−a): `a` in Q4.27, the result in Q0.31.
public func logistic(_ a: Int32) -> Int32 {
  if a == 0 { return 1 << 30 }
  let positive = reciprocalOfOnePlus(exponentialOnNegativeValues(a > 0 ? 0 &- a : a, integerBits: 4))
  return a > 0 ? positive : .max &- positive
}

/// (1 − e^−2a) / (1 + e^−2a): `a` in Q4.27, the result in Q0.31.
public func hyperbolicTangent(_ a: Int32) -> Int32 {
  if a == 0 { return 0 }
  // Twice the number in Q4.27 is the same bits in Q5.26.
  let exponential = exponentialOnNegativeValues(a > 0 ? 0 &- a : a, integerBits: 5)
  var iteration = ReciprocalIteration(onePlus: exponential)
  for _ in 0..<ReciprocalIteration.stepCount { iteration.step() }
  return a > 0 ? iteration.ratio : 0 &- iteration.ratio
}
