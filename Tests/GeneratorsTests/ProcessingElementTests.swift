import HDL
import Machine
import Testing

@testable import Generators

@Suite struct ProcessingElementTests {
  private struct Step {
    var operand: [Int], weight: [Int]
    var isFirst: Bool, isLast: Bool
  }

  /// Tiles of random length with random gaps between their steps, against sums and maxima of whole numbers.
  @Test(arguments: [2, 4, 8], [16, 24, 32])
  func sumsProductsAndDrains(_ dotProduct: Int, _ accumulatorBits: Int) throws {
    for (hasMaximum, maximum) in [(false, false), (true, false), (true, true)] {
      let seed = SplitMix.freshSeed()
      var random = SplitMix(state: seed)
      let simulation = try Simulation(
        ProcessingElement(dotProduct: dotProduct, accumulatorBits: accumulatorBits, hasMaximum: hasMaximum), .random(seed: seed))
      simulation.maximum = maximum
      // What was loaded is multiplied in the next cycle and accumulated in the one after.
      var loaded: Step?, multiplied: Step?
      var left = 0, isFirst = true, isExtreme = false, result = 0, shadow: Int?, wraps = 0
      for cycle in 0..<1500 {
        var next: Step?
        if random.chance(80) {
          if left == 0 { (left, isFirst, isExtreme) = (random.pick([1, 2, 5, 40]), true, random.chance(30)) }
          left -= 1
          let operand = isExtreme ? [Int](repeating: -128, count: dotProduct) : random.signedBytes(dotProduct)
          next = Step(
            operand: operand, weight: isExtreme ? operand : random.signedBytes(dotProduct), isFirst: isFirst, isLast: left == 0)
          isFirst = false
        }
        simulation.load = next != nil
        simulation.poke(\.operand, words: packed(next?.operand ?? random.signedBytes(dotProduct), width: 8))
        simulation.multiply = loaded != nil
        simulation.poke(\.weight, words: packed(loaded?.weight ?? random.signedBytes(dotProduct), width: 8))
        simulation.accumulate = multiplied != nil
        simulation.first = multiplied?.isFirst ?? random.chance(50)
        simulation.capture = multiplied?.isLast ?? false
        let isShifted = random.chance(50), neighbour = wrapped(Int(truncatingIfNeeded: random.next()), bits: accumulatorBits)
        (simulation.shift, simulation.shadowIn) = (isShifted, neighbour)
        simulation.step()
        if isShifted { shadow = neighbour }
        if let step = multiplied {
          let value = maximum ? step.operand[0] : zip(step.operand, step.weight).reduce(0) { $0 + $1.0 * $1.1 }
          result = step.isFirst ? value : maximum ? max(result, value) : result + value
          if step.isLast {
            shadow = wrapped(result, bits: accumulatorBits)
            if shadow != result { wraps += 1 }
          }
        }
        (loaded, multiplied) = (next, loaded)
        if let shadow {
          try require(simulation.shadowOut, shadow, "seed \(seed), cycle \(cycle)\(maximum ? ", maximum" : ""), shadow register")
        }
      }
      #expect(accumulatorBits > 16 || maximum || wraps > 0, "seed \(seed): no sum wrapped")
    }
  }

  /// A digit begins: the sum so far counts 128 times as much, and what comes is added to it.
  @Test(arguments: [16, 24, 32]) func digitsShiftTheSum(_ accumulatorBits: Int) throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let simulation = try Simulation(
      ProcessingElement(dotProduct: 2, accumulatorBits: accumulatorBits, hasMaximum: true, extensions: .digits), .random(seed: seed))
    (simulation.load, simulation.multiply, simulation.maximum, simulation.shift) = (true, true, false, false)
    for _ in 0..<40 {
      var sum = 0
      for step in 0..<random.int(1...6) {
        let operand = random.signedBytes(2), weight = random.signedBytes(2), begins = step > 0 && random.chance(40)
        (simulation.accumulate, simulation.capture) = (false, false)
        simulation.poke(\.operand, words: packed(operand, width: 8))
        simulation.poke(\.weight, words: packed(weight, width: 8))
        simulation.step()
        simulation.step()
        (simulation.accumulate, simulation.capture, simulation.first, simulation.digits.ports[0].begins) = (true, true, step == 0, begins)
        simulation.step()
        sum = (step == 0 ? 0 : begins ? sum << 7 : sum) + zip(operand, weight).reduce(0) { $0 + $1.0 * $1.1 }
        try require(simulation.shadowOut, wrapped(sum, bits: accumulatorBits), "seed \(seed), step \(step)")
      }
    }
  }

  /// Products of high bytes count 256 times. A maximum of int16 takes its bytes in two steps, with others between them or not.
  @Test(arguments: [2, 16], [16, 24, 40, 48]) func highAndLowBytesAreOneNumber(_ dotProduct: Int, _ accumulatorBits: Int) throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let simulation = try Simulation(
      ProcessingElement(dotProduct: dotProduct, accumulatorBits: accumulatorBits, hasMaximum: true, extensions: .int16), .random(seed: seed))
    let port = simulation.int16.ports[0]
    simulation.shift = false
    /// Two cycles and, if it shall be, the accumulator.
    func step(_ operand: [Int], _ weight: [Int], accumulates: Bool = true) {
      (simulation.load, simulation.accumulate, simulation.capture) = (true, false, false)
      simulation.poke(\.operand, words: packed(operand, width: 8))
      simulation.step()
      simulation.load = false
      simulation.step(random.int(0...2))
      simulation.multiply = true
      simulation.poke(\.weight, words: packed(weight, width: 8))
      simulation.step()
      (simulation.multiply, simulation.accumulate, simulation.capture) = (false, accumulates, accumulates)
      simulation.step()
    }
    for _ in 0..<60 {
      var sum = 0, greatest = Int.min
      simulation.maximum = false
      for index in 0..<random.int(1...6) {
        let operand = random.signedBytes(dotProduct), weight = random.signedBytes(dotProduct), isHigh = random.chance(50)
        (port.isHigh, port.joins, simulation.first) = (isHigh, random.chance(50), index == 0)
        step(operand, weight)
        sum = (index == 0 ? 0 : sum) + zip(operand, weight).reduce(0) { $0 + $1.0 * $1.1 } * (isHigh ? 256 : 1)
        try require(simulation.shadowOut, wrapped(sum, bits: accumulatorBits), "seed \(seed), step \(index)")
      }
      simulation.maximum = true
      port.isHigh = false
      for index in 0..<random.int(1...6) {
        let value = random.chance(30) ? random.pick([-32_768, 32_767, 127, 128]) : random.int(-32_768...32_767)
        port.joins = false
        step([value >> 8] + random.signedBytes(dotProduct - 1), random.signedBytes(dotProduct), accumulates: false)
        (port.joins, simulation.first) = (true, index == 0)
        step([value & 0xFF - 128] + random.signedBytes(dotProduct - 1), random.signedBytes(dotProduct))
        greatest = index == 0 ? value : max(greatest, value)
        try require(simulation.shadowOut, greatest, "seed \(seed), maximum of \(index + 1)")
      }
    }
  }
}
