// ADD as one affine function, proven by trying all operands.
//
// TensorFlow Lite's ADD rounds six times. For all stored operands x1, x2 it equals
//
//   y = clamp(zy + ((d + c − (d < 0 ? delta : 0)) >> s)),   d = A·x1 + B·x2 + k,   k = −A·z1 − B·z2
//
// with suitable A, B below 2^23 and constants c, delta. They are found by search around A = α·2^s, B = β·2^s
// (α = s1/sy, β = s2/sy): every output value bounds the constant from below where it first occurs and from
// above where it last occurs. A solution is a proof: the bounds come from all pairs of operands.

import Model

/// A·x1 + B·x2 + k, rounded and shifted, or with a product of both operands in place of x1.
struct AffineAddition: Sendable, Hashable {
  /// What is taken off the operands before they are multiplied.
  struct ProductZeros: Sendable, Hashable { var first: Int, second: Int }

  /// With these, (x1 − first)·(x2 − second) stands in place of x1.
  var product: ProductZeros?
  var a: Int, b: Int, k: Int
  /// The rounding constant c, and what is taken off it when the affine sum is negative.
  var round: Int, delta: Int
  var shift: Int

  /// The output for one pair, before zero point and clamp.
  func value(_ x1: Int, _ x2: Int) -> Int {
    let d = a * (product.map { (x1 - $0.first) * (x2 - $0.second) } ?? x1) + b * x2 + k
    return (d + round - (d < 0 ? delta : 0)) >> shift
  }
}

extension AffineAddition {
  /// The integers that are nearest to a sum or product in float32; nil where none are near.
  init?(nearest join: FloatJoin) {
    guard let nearest = join.nearest else { return nil }
    let (first, second) = join.isSwapped ? (join.zeros[1], join.zeros[0]) : (join.zeros[0], join.zeros[1])
    let round = 1 << (nearest.shift - 1)
    if join.rule == .product {
      self.init(
        product: ProductZeros(first: first, second: second), a: nearest.a, b: 0, k: 0, round: round, delta: 0, shift: nearest.shift)
    } else {
      let (a, b) = join.isSwapped ? (nearest.b, nearest.a) : (nearest.a, nearest.b)
      self.init(a: a, b: b, k: -a * first - b * second, round: round, delta: 0, shift: nearest.shift)
    }
  }
}

/// What an addition must be for.
struct AdditionProblem: Sendable, Hashable {
  private var first: Added.Side, second: Added.Side
  private var factor: QuantizedMultiplier
  private var join: FloatJoin?
  private var zero: Int, low: Int, high: Int
  /// The values that x1 takes.
  var firsts = -128...127
  /// The values that x2 takes, ascending.
  var seconds = Array(-128...127)

  /// The sum for all bytes.
  init(_ added: Added) {
    (first, second, factor, zero, join) = (added.first, added.second, added.factor, added.zero, added.join)
    (low, high) = (added.limits.lowerBound, added.limits.upperBound)
  }

  /// Table of the golden sum: one row per value of x2, in the order of `ascending`.
  private func outputs() -> [[Int]] {
    seconds.map { x2 in
      ascending.map { x1 in
        if let join { return min(max(join.value(x1, x2), low), high) }
        let sum = first.terms[x1 + 128] &+ second.terms[x2 + 128]
        let y = multiplyByQuantizedMultiplier(sum, factor) &+ Int32(truncatingIfNeeded: zero)
        return min(max(Int(y), low), high)
      }
    }
  }

  /// The values of x1 in the order in which the sum grows.
  private var ascending: [Int] { first.slope < 0 ? firsts.reversed() : Array(firsts) }

  /// The affine function whose limited outputs are those of the golden sum; nil when none was found.
  func solve() -> AffineAddition? {
    let alpha = first.slope, beta = second.slope
    let outputs = outputs(), x1 = ascending
    var runs: [Run] = []
    for (index, row) in outputs.enumerated() {
      var start = 0
      for position in row.indices where position + 1 == row.count || row[position + 1] != row[position] {
        runs.append(
          Run(first: x1[start], last: x1[position], x2: seconds[index], y: row[position]))
        start = position + 1
      }
    }
    // The widest factors that fit, then narrower ones.
    let most = (Double(1 << 23) - 8) / max(abs(alpha), abs(beta))
    guard most >= 2, most.isFinite else { return nil }
    let widest = min(Int(most.exponent), 30)
    for shift in stride(from: widest, through: max(1, widest - 7), by: -1) {
      for (a, b) in candidates(alpha, beta, shift) {
        for signed in [false, true] {
          if let found = fit(a, b, shift, runs, signed: signed), proves(found, outputs) { return found }
        }
      }
    }
    return nil
  }

  /// Factors around α·2^shift and β·2^shift, the nearest first.
  private func candidates(_ alpha: Double, _ beta: Double, _ shift: Int) -> [(Int, Int)] {
    let centerA = Int((alpha * Double(1 << shift)).rounded(.toNearestOrAwayFromZero))
    let centerB = Int((beta * Double(1 << shift)).rounded(.toNearestOrAwayFromZero))
    let offsets = [0, 1, -1, 2, -2, 3, -3, 4, 5, 6]
    return offsets.flatMap { a in offsets.map { b in (a, b) } }
      .sorted { max(abs($0.0), abs($0.1)) < max(abs($1.0), abs($1.1)) }
      .map { (centerA + $0.0, centerB + $0.1) }
      .filter { a, b in
        a.signum() != -first.slope.signum && b.signum() != -second.slope.signum && abs(a) < 1 << 23 && abs(b) < 1 << 23
      }
  }

  /// Equal x2 and output for x1 from `first` to `last`, from the least sum to the greatest.
  private struct Run {
    var first: Int, last: Int, x2: Int, y: Int
  }

  /// Bounds of one constant.
  private struct Bounds {
    var low = -(1 << 38), high = (1 << 38)
    var middle: Int { low + (high - low) / 2 }
  }

  private func fit(_ a: Int, _ b: Int, _ shift: Int, _ runs: [Run], signed: Bool) -> AffineAddition? {
    let k = -a * first.zero - b * second.zero
    var positive = Bounds(), negative = Bounds()
    for run in runs {
      let least = a * run.first + b * run.x2 + k, greatest = a * run.last + b * run.x2 + k
      let from = (run.y - zero) << shift, below = (run.y - zero + 1) << shift
      let bounded = (low: run.y > low, high: run.y < high)
      if !signed || least >= 0 {
        if bounded.low { positive.low = max(positive.low, from - least) }
        if bounded.high { positive.high = min(positive.high, below - 1 - greatest) }
        if positive.low > positive.high { return nil }
      } else if greatest < 0 {
        if bounded.low { negative.low = max(negative.low, from - least) }
        if bounded.high { negative.high = min(negative.high, below - 1 - greatest) }
        if negative.low > negative.high { return nil }
      } else {
        // The sum changes sign inside the run.
        let step = abs(a), count = step == 0 ? 0 : (-least + step - 1) / step
        let lastNegative = least + step * (count - 1), firstPositive = least + step * count
        if bounded.low {
          negative.low = max(negative.low, from - least)
          positive.low = max(positive.low, from - firstPositive)
        }
        if bounded.high {
          negative.high = min(negative.high, below - 1 - lastNegative)
          positive.high = min(positive.high, below - 1 - greatest)
        }
        if negative.low > negative.high || positive.low > positive.high { return nil }
      }
    }
    // An unbounded side takes the rounding of the middle of a step.
    func choose(_ bounds: Bounds) -> Int { min(max(bounds.middle, bounds.low), bounds.high) }
    let half = 1 << (shift - 1)
    let round = (positive.low...positive.high).contains(half) ? half : choose(positive)
    guard signed else { return AffineAddition(a: a, b: b, k: k, round: round, delta: 0, shift: shift) }
    let below = (negative.low...negative.high).contains(round) ? round : choose(negative)
    guard abs(round - below) < 1 << 23 else { return nil }
    return AffineAddition(a: a, b: b, k: k, round: round, delta: round - below, shift: shift)
  }

  /// The last word: every pair of operands.
  private func proves(_ affine: AffineAddition, _ outputs: [[Int]]) -> Bool {
    for (index, x2) in seconds.enumerated() {
      for (position, x1) in ascending.enumerated() {
        let y = min(max(affine.value(x1, x2) + zero, low), high)
        if y != outputs[index][position] { return false }
      }
    }
    return true
  }
}

/// Remembers solved additions and products: networks repeat them.
struct AdditionSolver {
  private var solved: [AdditionProblem: AffineAddition?] = [:]
  private var products: [ProductProblem: AffineAddition?] = [:]

  mutating func solve(_ problem: ProductProblem) -> AffineAddition? {
    if let known = products[problem] { return known }
    let solution = problem.solve()
    products[problem] = .some(solution)
    return solution
  }

  mutating func solve(_ problem: AdditionProblem) -> AffineAddition? {
    if let known = solved[problem] { return known }
    let solution = problem.solve()
    solved[problem] = .some(solution)
    return solution
  }
}

extension Double {
  fileprivate var signum: Int { self < 0 ? -1 : self > 0 ? 1 : 0 }
}
