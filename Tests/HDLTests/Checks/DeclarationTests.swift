import HDL
import Testing

/// Declarations make sense by themselves.

private struct Declarations: Module, HasBase {
  static let base = #line
  @Input(0) var a: Unsigned
  @Register(3, reset: 9) var r: Unsigned
  @Register(3, reset: -5) var s: Signed
  @Output() var y: Bit
  @Input(2) var b: Bit
  init() {}
  func body() {
    y = a[0] & b
    r = r &+ 1
    s = s &+ 1
  }
}

@Test func declarations() {
  expectFindings(
    Declarations(),
    "+1: 'a' cannot be 0 bits wide; the least is 1",
    "+2: the reset value 9 does not fit 'r' (unsigned 3-bit)",
    "+3: the reset value -5 does not fit 's' (signed 3-bit)",
    "+5: 'b' is a Bit and cannot be 2 bits wide; declare it as Unsigned")
}

/// Values made of nothing, and constants that are none of their type.
private struct Constants: Module, HasBase {
  static let base = #line
  @Input(4) var a: Unsigned
  @Output(4) var y: Unsigned
  @Output() var flag: Bit
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    y = a
    flag = a[0]
    if wrong {
      _ = choose(a, [Unsigned]())
      _ = concatenate([])
      let two: Bit = 2
      _ = two & flag
      _ = Unsigned(-1, width: 4)
    }
  }
}
@Test func constants() {
  expectFindings(Constants(wrong: false))
  expectFindings(
    Constants(wrong: true),
    "+3: choose() needs at least one entry",
    "+3: concatenate() needs at least one part",
    "+3: the literal 2 does not fit a Bit; write 0, 1, true or false",
    "+3: -1 is negative and cannot be Unsigned; use Signed, or the bit pattern")
}

private struct ManyClocks: Module, HasBase {
  static let base = #line
  let count: Int
  @Output() var y: Bit
  init(count: Int) { self.count = count }
  func body() {
    let ticks = (0..<count).map { number in
      let domain = ClockDomain("clock_\(number)")
      let tick = Register<Bit>("tick_\(number)", in: domain)
      tick.value = !tick.value
      return synchronized(tick.value, into: .default)
    }
    y = ticks.reduce(Bit(false), ^)
  }
}
@Test func clockDomainsAreCounted() {
  expectFindings(ManyClocks(count: 63))
  #expect(findings(ManyClocks(count: 64)).first == "+9: more than 64 clock domains in one module; divide it")
}
