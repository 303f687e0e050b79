// MUL of two computed tensors in one rounding, proven by trying all products.
//
// The reference rounds twice: y = clamp(zy + MBQM(p, QM(s1·s2/sy))), p = (x1 − z1)·(x2 − z2). The lanes compute
//
//   y = clamp(zy + ((a·p + c − (p < 0 ? delta : 0)) >> s))
//
// with a below 2^23. For every a and s each output value bounds the constants c and c − delta, from below by the least
// product that has it and from above by the greatest. Factors around s1·s2/sy·2^s are tried until one leaves room for both. A
// solution is a proof: the bounds come from every product of two bytes, or of those bytes that occur.

import Model

/// What a product must be for.
struct ProductProblem: Sendable, Hashable {
  private var zeros: AffineAddition.ProductZeros
  private var factor: QuantizedMultiplier
  private var join: FloatJoin?
  private var zero: Int, low: Int, high: Int
  /// The values that the operands take.
  var firsts = -128...127, seconds = -128...127

  /// The product for all bytes.
  init(_ added: Added) {
    zeros = AffineAddition.ProductZeros(first: added.first.zero, second: added.second.zero)
    (factor, zero, join) = (added.factor, added.zero, added.join)
    (low, high) = (added.limits.lowerBound, added.limits.upperBound)
  }

  /// Products one after the other with one output, all of one sign.
  private struct Run {
    var first: Int, last: Int, y: Int
  }

  /// Bounds of one constant.
  private struct Bounds {
    var low: Int, high: Int

    /// What is nearest to `wanted`, or, where that is out, the middle.
    func choose(_ wanted: Int) -> Int { (low...high).contains(wanted) ? wanted : low + (high - low) / 2 }
  }

  /// The products that occur, ascending.
  private var products: [Int] {
    var occurs = [Bool](repeating: false, count: 2 * 255 * 255 + 1)
    for x1 in firsts { for x2 in seconds { occurs[(x1 - zeros.first) * (x2 - zeros.second) + 255 * 255] = true } }
    return occurs.indices.filter { occurs[$0] }.map { $0 - 255 * 255 }
  }

  /// The reference's output before the limits.
  private func output(_ product: Int) -> Int {
    if let join { return join.exactValue(ofProduct: product) }
    return Int(multiplyByQuantizedMultiplier(Int32(truncatingIfNeeded: product), factor) &+ Int32(truncatingIfNeeded: zero))
  }

  /// The rounded product whose limited outputs are those of the reference; nil when none was found.
  func solve() -> AffineAddition? {
    var runs: [Run] = []
    let products = products
    for product in products {
      let y = min(max(output(product), low), high)
      if let last = runs.last, last.y == y, (last.first < 0) == (product < 0) {
        runs[runs.count - 1].last = product
      } else {
        runs.append(Run(first: product, last: product, y: y))
      }
    }
    let slope = Double(factor.multiplier) / Double(1 << 31) * Double(sign: .plus, exponent: factor.exponent, significand: 1)
    // The widest factors that fit, then narrower ones; a shift of 38 leaves room for its half.
    let widest = slope > 0 ? min(38, Int((Double(1 << 23) / slope).exponent)) : 38
    for shift in stride(from: widest, through: max(1, widest - 7), by: -1) {
      let center = Int((slope * Double(1 << shift)).rounded(.toNearestOrAwayFromZero))
      for offset in (0...512).lazy.flatMap({ [$0, -$0] }) where (0..<1 << 23).contains(center + offset) {
        if let found = fit(center + offset, shift, runs), proves(found, products) { return found }
      }
    }
    return nil
  }

  private func fit(_ a: Int, _ shift: Int, _ runs: [Run]) -> AffineAddition? {
    // Nothing may reach 2^39.
    let room = (1 << 39) - 1 - a * max(abs(runs.first?.first ?? 0), abs(runs.last?.last ?? 0))
    var positive = Bounds(low: -room, high: room), negative = positive
    for run in runs {
      var bounds = run.first < 0 ? negative : positive
      if run.y > low { bounds.low = max(bounds.low, (run.y - zero) << shift - a * run.first) }
      if run.y < high { bounds.high = min(bounds.high, (run.y - zero + 1) << shift - 1 - a * run.last) }
      guard bounds.low <= bounds.high else { return nil }
      if run.first < 0 { negative = bounds } else { positive = bounds }
    }
    let round = positive.choose(1 << (shift - 1)), below = negative.choose(round)
    guard abs(round - below) < 1 << 23 else { return nil }
    return AffineAddition(product: zeros, a: a, b: 0, k: 0, round: round, delta: round - below, shift: shift)
  }

  /// The last word: every product.
  private func proves(_ affine: AffineAddition, _ products: [Int]) -> Bool {
    products.allSatisfy { product in
      let d = affine.a * product
      let y = (d + affine.round - (d < 0 ? affine.delta : 0)) >> affine.shift + zero
      return min(max(y, low), high) == min(max(output(product), low), high)
    }
  }
}
