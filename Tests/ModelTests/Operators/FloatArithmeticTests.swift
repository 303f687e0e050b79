import Testing

@testable import Model

/// Sums and products in float32. The vectors of ONNX Runtime are in `ONNXVectorTests`.
@Suite struct FloatArithmeticTests {
  private func join(
    _ rule: FloatJoin.Rule, isFused: Bool = true, isUnsigned: Bool = false, scales: (Float, Float, Float), zeros: (Int, Int, Int) = (0, 0, 0)
  ) -> FloatJoin {
    FloatJoin(
      FloatArithmetic(rule, isFused: isFused, isUnsigned: isUnsigned),
      [activation([1], scale: scales.0, zeroPoint: zeros.0), activation([1], scale: scales.1, zeroPoint: zeros.1)],
      activation([1], scale: scales.2, zeroPoint: zeros.2), .exact)
  }

  @Test func halvesGoToEvenBytesOfTheFile() {
    // (3 + 2)/2 is 2.5; with a zero point of 1 a kernel for all rounds 3.5, and three operators 2.5.
    #expect(join(.sum, scales: (1, 1, 2), zeros: (0, 0, 1)).exactValue(3, 2) == 4)
    #expect(join(.sum, isFused: false, scales: (1, 1, 2), zeros: (0, 0, 1)).exactValue(3, 2) == 3)
    #expect(join(.product, scales: (1, 1, 2), zeros: (0, 0, 1)).exactValue(5, 1) == 4)
    #expect(join(.difference, isFused: false, scales: (1, 1, 2)).exactValue(3, 8) == -2)
    // Bytes without sign are 128 more, an even number.
    #expect(join(.sum, isUnsigned: true, scales: (1, 1, 2), zeros: (-128, -128, -127)).exactValue(-125, -126) == -124)
  }

  @Test func operandsMayComeTheOtherWayRound() {
    let difference = join(.difference, isFused: false, scales: (0.3, 0.7, 0.9), zeros: (3, -4, 5))
    for (x1, x2) in [(-128, 127), (17, -90), (0, 0)] {
      #expect(difference.swapped.exactValue(x2, x1) == difference.exactValue(x1, x2))
      #expect(difference.swapped.nearestValue(x2, x1) == difference.nearestValue(x1, x2))
      #expect(difference.swapped.swapped == difference)
    }
  }

  @Test(arguments: FloatJoin.Rule.allCases) func theNearestIsAtMostOneStepAway(_ rule: FloatJoin.Rule) throws {
    var random = SplitMix64(seed: 7)
    func scale() -> Float { 0.01 + Float(random.next() >> 40) * 0x1p-27 }
    for _ in 0..<3 {
      let scales = (scale(), scale(), scale()), join = join(rule, isFused: rule != .difference, scales: scales, zeros: (-5, 9, 3))
      var most = 0, differing = 0
      for x1 in -128...127 {
        for x2 in -128...127 {
          let distance = abs(min(max(join.exactValue(x1, x2), -128), 127) - min(max(join.nearestValue(x1, x2), -128), 127))
          (most, differing) = (max(most, distance), differing + (distance > 0 ? 1 : 0))
        }
      }
      #expect(most <= 1 && differing < 66, "\(scales): \(differing) pairs differ by up to \(most)")
    }
  }

  @Test func theNearestFormFitsTheLanes() throws {
    for scales: (Float, Float, Float) in [(1, 1, 1), (0x1p-9, 0x1p-9, 1), (100, 0.001, 0.1), (0x1p5, 0x1p5, 1)] {
      for rule in FloatJoin.Rule.allCases {
        let nearest = try #require(join(rule, isFused: rule != .difference, scales: scales).nearest), reach = rule == .product ? 255 * 255 : 510
        #expect(max(abs(nearest.a), abs(nearest.b)) < 1 << 23 && nearest.shift >= 1)
        #expect(max(abs(nearest.a), abs(nearest.b)) * reach + 1 << (nearest.shift - 1) < 1 << 39)
      }
    }
    #expect(join(.sum, scales: (1e4, 1, 1)).nearest == nil)
  }

  @Test func scalesThatAreTooFarApartAreRefused() {
    let error = validationError(
      graph(FloatArithmetic(.sum, isFused: true), [activation([4], scale: 1e4), activation([4])], output: activation([4])))
    #expect(error.message.contains("the input scales 10000.0 and 1.0 are too far from the output scale 1.0"), "\(error.message)")
  }

  /// Scales whose product float32 does not hold, times 0, are no number: damaged files have them.
  @Test func whatIsNoNumberIsZero() {
    #expect(FloatJoin.rounded(.nan) == 0 && FloatJoin.rounded(.infinity) == 1 << 16 && FloatJoin.rounded(-.infinity) == -1 << 16)
    #expect(FloatJoin.rounded(2.5) == 2 && FloatJoin.rounded(-3.5) == -4)
  }
}
