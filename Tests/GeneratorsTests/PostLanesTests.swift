import Foundation
import HDL
import Machine
import Testing

@testable import Generators

@Suite struct PostLanesTests {
  /// Random and directed sums, one a cycle, each with parameters of its own, against `ParameterWord`'s formula.
  @Test(arguments: [24, 32], [(3, -128, 127), (-128, -100, 90), (127, 0, 127)])
  func requantizeLaneFollowsTheFormula(_ accumulatorBits: Int, _ layer: (Int, Int, Int)) throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let (zero, low, high) = layer
    let simulation = try Simulation(RequantizeLane(accumulatorBits: accumulatorBits), .random(seed: seed))
    (simulation.zero, simulation.low, simulation.high) = (zero, low, high)
    var expected: [Int] = [], got: [Int] = []
    for index in 0..<3000 {
      let limit = 1 << (accumulatorBits - 2)
      let sum = index % 3 == 0 ? Int.random(in: -200...200, using: &random) : Int.random(in: -limit..<limit, using: &random)
      let bias = index % 4 == 0 ? Int.random(in: -limit..<limit, using: &random) : Int.random(in: -50...50, using: &random)
      let shift = Int.random(in: 1...62, using: &random)
      let word = ParameterWord(
        bias: Int32(bias), multiplier: index % 5 == 0 ? 1 << 30 : Int32.random(in: 0 ... .max, using: &random),
        shift: shift, doubleRounding: shift > 31 && Bool.random(using: &random))
      simulation.sum = sum
      let words = word.words.map { UInt64($0) }
      simulation.poke(\.parameters, words: [words[0] | words[1] << 32, words[2]])
      expected.append(min(max(word.requantize(sum) + zero, low), high))
      if index >= 6 { got.append(simulation.result) }
      simulation.step()
    }
    let wrong = zip(got, expected).enumerated().first { $0.element.0 != $0.element.1 }
    #expect(wrong == nil, "seed \(seed): \(String(describing: wrong))")
    #expect(Set(expected).count > 20 || high - low < 200, "the vectors reach too few outputs to mean anything")
  }

  /// Results of 16 bits from accumulators as wide as they get, with biases of either sign and products of up to 63 bits.
  @Test(arguments: [24, 32, 40, 48], [(-32_768, 32_767), (-20_000, 31_000), (-128, 127)])
  func requantizeLaneMakesInt16(_ accumulatorBits: Int, _ range: (Int, Int)) throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let simulation = try Simulation(RequantizeLane(accumulatorBits: accumulatorBits, resultBits: 16), .random(seed: seed))
    let zero = range.1 == 127 ? -77 : 0
    (simulation.zero, simulation.low, simulation.high) = (zero, range.0, range.1)
    var expected: [Int] = []
    for index in 0..<3000 {
      let limit = 1 << (accumulatorBits - 2)
      let sum = index % 3 == 0 ? random.int(-200_000...200_000) : random.int(-limit...limit - 1)
      let bias = index % 4 == 0 ? random.pick([Int(Int32.min), Int(Int32.max)]) : random.int(-50_000...50_000)
      let value = wrapped(wrapped(bias, bits: min(32, accumulatorBits)) + sum, bits: accumulatorBits)
      // As long as the product has 63 bits.
      let bits = Int.bitWidth - max(1, value.magnitude).leadingZeroBitCount, multiplier = random.int(0...min(1 << (62 - bits), Int(Int32.max)))
      let word = ParameterWord(
        bias: Int32(bias), multiplier: Int32(multiplier), shift: random.int(max(1, bits + 14)...max(bits + 14, 62)), doubleRounding: false)
      simulation.sum = sum
      let words = word.words.map { UInt64($0) }
      simulation.poke(\.parameters, words: [words[0] | words[1] << 32, words[2]])
      expected.append(min(max(word.rescaled(value) + zero, range.0), range.1))
      if index >= Timing.requantize {
        try require(simulation.result, expected[index - Timing.requantize], "seed \(seed), sum \(index - Timing.requantize)")
      }
      simulation.step()
    }
    #expect(Set(expected).count > 100, "the vectors reach too few outputs to mean anything")
  }

  @Test func additionLaneFollowsTheFormula() throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    for _ in 0..<3 {
      let a = Int.random(in: -(1 << 22)..<1 << 22, using: &random), b = Int.random(in: -(1 << 22)..<1 << 22, using: &random)
      let shift = Int.random(in: 12...30, using: &random), k = Int.random(in: -(1 << 29)..<1 << 29, using: &random)
      let round = 1 << (shift - 1), delta = Int.random(in: -3...3, using: &random), zero = Int.random(in: -128...127, using: &random)
      let simulation = try Simulation(AdditionLane(), .random(seed: seed))
      (simulation.factorA, simulation.factorB, simulation.offset, simulation.round) = (a, b, k, round)
      (simulation.delta, simulation.shift, simulation.zero, simulation.low, simulation.high) = (delta, shift, zero, -120, 126)
      var expected: [Int] = []
      for index in 0..<2000 {
        let x1 = Int.random(in: -128...127, using: &random), x2 = Int.random(in: -128...127, using: &random)
        (simulation.first, simulation.second) = (x1, x2)
        if index >= 5 {
          #expect(simulation.result == expected[index - 5], "seed \(seed), line \(index)")
        }
        let d = a * x1 + b * x2 + k
        expected.append(min(max(((d + round - (d < 0 ? delta : 0)) >> shift) + zero, -120), 126))
        simulation.step()
      }
    }
  }

  /// Products as large as they get, of either sign, times factors of either sign.
  @Test func additionLaneTakesProducts() throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    for a in [(1 << 23) - 1, -(1 << 23), Int.random(in: -(1 << 22)..<1 << 22, using: &random)] {
      let b = Int.random(in: -(1 << 22)..<1 << 22, using: &random), shift = Int.random(in: 12...38, using: &random)
      let round = Int.random(in: -(1 << 30)..<1 << 30, using: &random), k = Int.random(in: -(1 << 29)..<1 << 29, using: &random)
      let simulation = try Simulation(AdditionLane(firstBits: ProductLane.factorBits), .random(seed: seed))
      (simulation.factorA, simulation.factorB, simulation.offset, simulation.round) = (a, b, k, round)
      (simulation.delta, simulation.shift, simulation.zero, simulation.low, simulation.high) = (5, shift, 3, -128, 127)
      var expected: [Int] = []
      for index in 0..<1000 {
        let product = index % 3 == 0 ? random.pick([65_025, -65_025, 0, 65_024]) : Int.random(in: -65_025...65_025, using: &random)
        let x2 = Int.random(in: -128...127, using: &random)
        (simulation.first, simulation.second) = (product, x2)
        if index >= 5 { #expect(simulation.result == expected[index - 5], "seed \(seed), line \(index)") }
        let d = a * product + b * x2 + k
        expected.append(min(max(((d + round - (d < 0 ? 5 : 0)) >> shift) + 3, -128), 127))
        simulation.step()
      }
    }
  }

  @Test func productLaneFollowsTheFormula() throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    for zeros in [(-128, 127), (127, -128), (0, 0), (-128, -128), (random.int(-128...127), random.int(-128...127))] {
      let simulation = try Simulation(ProductLane(), .random(seed: seed))
      (simulation.firstZero, simulation.secondZero) = zeros
      var expected: [(Int, Int)] = []
      for index in 0..<1000 {
        let x1 = index % 5 == 0 ? random.pick([-128, 127]) : random.int(-128...127), x2 = index % 3 == 0 ? random.pick([-128, 127]) : random.int(-128...127)
        let multiplies = random.chance(70)
        (simulation.first, simulation.second, simulation.multiplies) = (x1, x2, multiplies)
        if index >= Timing.byteProduct {
          #expect((simulation.factor, simulation.added) == expected[index - Timing.byteProduct], "seed \(seed), line \(index)")
        }
        expected.append((multiplies ? (x1 - zeros.0) * (x2 - zeros.1) : x1, x2))
        simulation.step()
      }
    }
  }

  @Test func tableLaneLooksUpEveryByte() throws {
    let simulation = try Simulation(TableLane(tables: 2))
    func entry(_ table: Int, _ index: Int) -> Int { (index * 37 + table * 101 + 5) & 0xFF }
    let words = littleEndianWords((0..<512).map { entry($0 / 256, $0 % 256) })
    simulation.load.fill(.byteTables, words) { simulation.step() }
    for cycle in 0..<512 + 2 {
      if cycle >= 2 {
        let asked = cycle - 2
        #expect(simulation.result == entry(asked / 256, asked % 256))
      }
      (simulation.index, simulation.table) = (cycle % 256, cycle / 256 % 2)
      simulation.step()
    }
  }
}
