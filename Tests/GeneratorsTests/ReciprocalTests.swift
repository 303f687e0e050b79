import HDL
import Machine
import Model
import Testing

@testable import Generators

/// The reciprocal with its multiplier beside the golden kernel's.
@Suite struct ReciprocalTests {
  private struct Bench: Module {
    @Input() var begins: Bit
    @Input(32) var denominator: Unsigned
    @Output(32) var scale: Signed
    @Output(5) var headroom: Unsigned

    func body() {
      let reciprocal = instance("reciprocal", Reciprocal()), multiplier = instance("multiplier", ScalarMultiplier())
      (reciprocal.$begins, reciprocal.$denominator) = (begins, denominator)
      (multiplier.$a, multiplier.$b) = (reciprocal.$a, reciprocal.$b)
      reciprocal.$product = multiplier.$product
      (scale, headroom) = (reciprocal.$scale, reciprocal.$headroom)
    }
  }

  /// Powers of two with their neighbours, where the first estimate is least exact, and sums at random. The result is there after
  /// exactly the stated time, and stays.
  @Test func everySumHasTheKernelsReciprocal() throws {
    let seed = SplitMix.freshSeed()
    var random = SplitMix(state: seed)
    let simulation = try Simulation(Bench(), .random(seed: seed))
    simulation.reset()
    let least = 1 << 19, most = 4_095 * least
    var sums = [least, most]
    for power in (19...30).map({ 1 << $0 }) { sums += [power - 1, power, power + 1, power + power / 2, 2 * power - 1] }
    for _ in 0..<4_000 { sums.append(random.int(least...most >> random.int(0...11))) }
    for sum in sums where (least...most).contains(sum) {
      (simulation.begins, simulation.denominator) = (true, sum)
      simulation.step()
      (simulation.begins, simulation.denominator) = (false, random.int(0...Int(Int32.max)))
      for _ in 1..<Timing.reciprocal { simulation.step() }
      let expected = SoftmaxReciprocal(sum: Int32(sum))
      for _ in 0...random.int(0...2) {
        try require(simulation.scale, Int(expected.mantissa), "seed \(seed), sum \(sum)")
        try require(simulation.headroom, expected.leadingZeros, "seed \(seed), sum \(sum)")
        simulation.step()
      }
    }
  }
}
