import HDL
import Testing

/// Limits, bytes and delays, against Swift's own arithmetic.

private struct Limits: Module {
  let bound: Int
  @Input(5) var number: Unsigned
  @Input(6) var value: Signed
  @Input(4) var low: Signed
  @Input(4) var high: Signed
  @Output() var isBelow: Bit
  @Output(3) var narrow: Unsigned
  @Output(8) var wide: Unsigned
  @Output(4) var clamped: Signed
  func body() {
    isBelow = number.isBelow(bound)
    (narrow, wide) = (number.resized(to: 3), number.resized(to: 8))
    clamped = value.clamped(low, high)
  }
}

@Test(arguments: [-1, 0, 1, 2, 5, 8, 16, 31, 32, 100]) func boundsAreThoseOfNumbers(_ bound: Int) throws {
  let simulation = try Simulation(Limits(bound: bound))
  for number in 0..<32 {
    simulation.number = number
    #expect(simulation.isBelow == (number < bound), "\(number) < \(bound)")
    #expect([simulation.narrow, simulation.wide] == [number & 7, number])
  }
  // A power of two needs no comparator.
  let text = VerilogPrinter.text(try elaborate(Limits(bound: bound)))
  #expect(text.contains("number <") == (bound > 0 && bound < 32 && bound & (bound - 1) != 0))
}

@Test func clampingStaysBetween() throws {
  let simulation = try Simulation(Limits(bound: 1))
  for low in -8...7 {
    for high in low...7 {
      (simulation.low, simulation.high) = (low, high)
      for value in [-32, -9, -8, low - 1, low, 0, high, high + 1, 7, 8, 31] {
        simulation.value = value
        #expect(simulation.clamped == min(max(value, low), high), "\(value) in \(low)...\(high)")
      }
    }
  }
}

@Test func logarithmsOfPowers() { for exponent in 0..<62 { #expect((1 << exponent).log2 == exponent) } }

private struct Bytes: Module {
  @Input(20) var word: Unsigned
  @Output(8) var second: Unsigned
  @Output(16) var swapped: Unsigned
  func body() {
    second = word.byte(1)
    swapped = concatenate(word.bytes.reversed())
  }
}

@Test func bytesAreCountedFromBelow() throws {
  let simulation = try Simulation(Bytes())
  simulation.word = 0xA_BCDE
  #expect(simulation.second == 0xBC && simulation.swapped == 0xDEBC)
}

private struct Delays: Module {
  let cycles: Int
  @Input() var p: Bit
  @Input(4) var a: Unsigned
  @Input(4) var s: Signed
  @Output() var pLater: Bit
  @Output(4) var aLater: Unsigned
  @Output(4) var sLater: Signed
  func body() {
    (pLater, aLater, sLater) = (delayed(p, by: cycles, "p"), delayed(a, by: cycles, "a"), delayed(s, by: cycles, "s"))
  }
}

@Test(arguments: [0, 1, 3]) func delaysAreAsLongAsTheySay(_ cycles: Int) throws {
  let simulation = try Simulation(Delays(cycles: cycles), .random(seed: 5))
  // Bits are 0 after reset, numbers what they were.
  simulation.reset()
  if cycles > 0 { #expect(!simulation.pLater) }
  var fed: [(Bool, Int, Int)] = []
  for cycle in 0..<20 {
    fed.append((cycle % 3 == 0, cycle * 7 % 16, cycle * 5 % 16 - 8))
    (simulation.p, simulation.a, simulation.s) = fed[cycle]
    if cycle >= cycles { #expect((simulation.pLater, simulation.aLater, simulation.sLater) == fed[cycle - cycles]) }
    simulation.step()
  }
}
