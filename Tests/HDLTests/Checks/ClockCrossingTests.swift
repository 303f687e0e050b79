import HDL
import Testing

/// Values cross between clocks only where it is said how.
@Suite struct ClockCrossingTests {
  @Test func registersAndPorts() {
    expectFindings(Crossing(careless: false))
    expectFindings(
      Crossing(careless: true),
      "+11: output 'y' of clock domain 'write' follows 'flagHere' of clock domain 'default' without a synchronizer; use synchronized(flagHere, into: write)",
      "+7: register 'flagHere' of clock domain 'default' follows 'flag' of clock domain 'write' without a synchronizer; use synchronized(flag, into: .default)",
      "+8: register 'codeHere' of clock domain 'default' follows 'code' of clock domain 'write' without a synchronizer; use synchronized(gray:into:) for a Gray-coded value, assumeStable(_:into:because:) for one that rests, or an asynchronous FIFO")
  }

  @Test func memories() {
    expectFindings(DualClock(careless: false))
    expectFindings(
      DualClock(careless: true),
      "+9: output 'word' of clock domain 'write' follows 'words_data' of clock domain 'default' without a synchronizer; use synchronized(gray:into:) for a Gray-coded value, assumeStable(_:into:because:) for one that rests, or an asynchronous FIFO",
      "+13: the write port of memory 'words' of clock domain 'write' follows 'readIndex' of clock domain 'default' without a synchronizer; use synchronized(gray:into:) for a Gray-coded value, assumeStable(_:into:because:) for one that rests, or an asynchronous FIFO")
  }

  @Test func throughInstances() {
    expectFindings(Outer(careless: false))
    expectFindings(
      Outer(careless: true),
      "+4: register 'seen' of clock domain 'default' follows 'there.q' of clock domain 'read' without a synchronizer; use synchronized(there.$q, into: .default)",
      "+8: input 'there.a' of clock domain 'read' follows 'here.q' of clock domain 'default' without a synchronizer; use synchronized(here.$q, into: read)")
  }

  @Test func clocksOfInstances() {
    expectFindings(Divided(careless: false))
    expectFindings(
      Divided(careless: true),
      "+6: input 'first.a' of clock domain 'first.half' follows 'held' of clock domain 'default' without a synchronizer; only the instance has that clock, so declare its input in: .asynchronous and synchronize it inside",
      "+6: input 'second.a' of clock domain 'second.half' follows 'first.y' of clock domain 'first.half' without a synchronizer; only the instance has that clock, so declare its input in: .asynchronous and synchronize it inside",
      "+6: input 'deep.a' of clock domain 'deep.inner.half' follows 'held' of clock domain 'default' without a synchronizer; only the instance has that clock, so declare its input in: .asynchronous and synchronize it inside")
  }

  @Test func asynchronousInputs() {
    expectFindings(Button(careless: false))
    expectFindings(
      Button(careless: true),
      "+3: register 'seen' of clock domain 'default' follows 'pressed' of clock domain 'asynchronous' without a synchronizer; use synchronized(pressed, into: .default)")
  }

  @Test func resets() {
    expectFindings(ForeignResets(careless: false))
    expectFindings(
      ForeignResets(careless: true),
      "+15: reset 'soft_reset' of clock domain 'default' follows 'button' of clock domain 'asynchronous' without a synchronizer; use synchronized(button, into: .default)",
      "+16: reset 'other_reset' of clock domain 'default' follows 'armed' of clock domain 'fast' without a synchronizer; use synchronized(armed, into: .default)")
  }

  @Test func logicBeforeASynchronizer() {
    expectFindings(
      Glitch(),
      "+17: register 'crossing_meta' of clock domain 'default' samples 'a & b', which is logic and may glitch; put a Register before the synchronizer",
      "+17: register 'both_meta' of clock domain 'default' samples 'both', which is logic and may glitch; put a Register before the synchronizer")
  }

  @Test func logicInAnInstanceBeforeASynchronizer() {
    expectFindings(DistantGlitch(careless: false))
    expectFindings(
      DistantGlitch(careless: true),
      "+10: register 'source_mixed_meta' of clock domain 'default' samples 'source.mixed', which is logic and may glitch; put a Register before the synchronizer",
      "+10: register 'source_declared_meta' of clock domain 'default' samples 'source.declared', which is logic and may glitch; put a Register before the synchronizer",
      "+10: register 'wrapped_mixed_meta' of clock domain 'default' samples 'wrapped.mixed', which is logic and may glitch; put a Register before the synchronizer")
  }

  @Test func portsOfTwoClocks() {
    expectFindings(Shared(careless: false))
    expectFindings(
      Shared(careless: true),
      "+10: input 'level' is sampled by clock domains 'default' and 'write'; declare with in: to which one it belongs, and synchronize it into the other",
      "+4: input 'mode' is sampled by clock domains 'default' and 'write'; declare with in: to which one it belongs, and synchronize it into the other",
      "+11: output 'both' follows clock domains 'default' and 'write'; synchronize what drives it into one, or declare it in: .asynchronous")
  }

  @Test func clocksThatClockThemselves() {
    expectFindings(SelfClocked(careless: false))
    expectFindings(
      SelfClocked(careless: true),
      "+9: the clock of clock domain 'ripple' follows 'held', which it clocks itself; make it from a register of another domain",
      "+13: the clock of clock domain 'made.inside' follows 'made.y', which it clocks itself; make it from a register of another domain")
  }

  @Test func declarations() {
    expectFindings(
      BadDomains(),
      "+3: 'nowhere' needs a clock, and .asynchronous has none; name another domain",
      "+8: a synchronizer of 1 stage does not let 'level' (1-bit) settle; use at least 2",
      "+9: assumeStable(level) needs a reason; say why the value rests",
      "+11: clock domain 'soft' exists already; give this one another name",
      "+13: clock domain 'there.write' is connected twice; connect it once",
      "+12: clock domain 'open.write' is not connected; connect it with open.write = …")
  }
}

/// A reset must change with the clock of its domain, like any other value that registers follow.
private struct ForeignResets: Module, HasBase {
  static let base = #line
  let fast = ClockDomain("fast")
  let careless: Bool
  @Input(in: .asynchronous) var button: Bit
  @Output(8) var y: Unsigned
  @Output var z: Unsigned
  @Register var armed: Bit
  init(careless: Bool) {
    self.careless = careless
    _z = Output(8, in: fast)
    _armed = Register(in: fast)
  }
  func body() {
    armed = true
    let clean = careless ? button : synchronized(button, into: .default, reset: nil)
    let soft = ClockDomain("soft", clockOf: .default, reset: clean)
    let other = ClockDomain("other", clockOf: careless ? .default : fast, reset: armed)
    let count = Register<Unsigned>("count", 8, in: soft)
    count.value = count.value &+ 1
    y = count.value
    let late = Register<Unsigned>("late", 8, in: other)
    late.value = late.value &+ 1
    z = careless ? 0 : late.value
  }
}

private struct Crossing: Module, HasBase {
  static let base = #line
  let write = ClockDomain("write")
  let careless: Bool
  @Input(4) var d: Unsigned
  @Output var y: Bit
  @Register var flag: Bit
  @Register var code: Unsigned
  @Register() var flagHere: Bit
  @Register(4) var codeHere: Unsigned
  init(careless: Bool) {
    self.careless = careless
    _y = Output(in: write)
    _flag = Register(in: write)
    _code = Register(4, in: write)
  }
  func body() {
    flag = d[0]
    code = d
    if careless {
      When(flag) { flagHere = true }
      codeHere = (code ^ codeHere) &+ 1
      y = flagHere
    } else {
      flagHere = synchronized(flag, into: .default)
      codeHere = synchronized(gray: code, into: .default) &+ assumeStable(code, into: .default, because: "set once")
      y = flag
    }
  }
}

/// A memory with a clock on each side.
private struct DualClock: Module, HasBase {
  static let base = #line
  let write = ClockDomain("write")
  let careless: Bool
  @Input(8) var data: Unsigned
  @Output var word: Unsigned
  @Register(3) var readIndex: Unsigned
  @Register var writeIndex: Unsigned
  init(careless: Bool) {
    self.careless = careless
    _word = Output(8, in: careless ? write : .default)
    _writeIndex = Register(3, in: write)
  }
  func body() {
    let words = Memory("words", depth: 8, width: 8)
    writeIndex = writeIndex &+ 1
    readIndex = readIndex &+ 1
    words.write(at: careless ? readIndex : writeIndex, data, in: write)
    word = words.read(at: readIndex)
  }
}

/// The clocks of an instance's ports follow from what is inside.
private struct Outer: Module, HasBase {
  static let base = #line
  let read = ClockDomain("read")
  let careless: Bool
  @Input() var a: Bit
  @Register() var seen: Bit
  @Output() var y: Bit
  init(careless: Bool) { self.careless = careless }
  func body() {
    let here = instance("here", Follower()), there = instance("there", Follower(), in: read)
    here.$a = a
    there.$a = careless ? here.$q : synchronized(here.$q, into: read)
    seen = careless ? there.$through & there.$q : synchronized(there.$q, into: .default)
    y = seen ^ here.$through
  }
}
private struct Follower: Module {
  @Input() var a: Bit
  @Output() var q: Bit
  @Output() var through: Bit
  @Register() var held: Bit
  func body() {
    held = a
    q = held
    through = !a
  }
}

/// Instances that sample their inputs with a clock of their own.
private struct Divided: Module, HasBase {
  static let base = #line
  let careless: Bool
  @Output() var y: Bit
  @Register() var held: Bit
  init(careless: Bool) { self.careless = careless }
  func body() {
    let first = instance("first", Halver(careless)), second = instance("second", Halver(careless)), deep = instance("deep", Deep(careless))
    held = !held
    first.$a = held
    first.$back = first.$y
    second.$a = first.$y
    second.$back = second.$y
    deep.$a = held
    y = synchronized(second.$y, into: .default) ^ synchronized(deep.$y, into: .default)
  }
}
private struct Halver: Module {
  let careless: Bool
  @Input var a: Bit
  @Input() var back: Bit
  @Output() var y: Bit
  init(_ careless: Bool) {
    self.careless = careless
    _a = careless ? Input() : Input(in: .asynchronous)
  }
  func body() {
    let divider = Register<Bit>("divider")
    divider.value = !divider.value
    let half = ClockDomain("half", clock: divider.value, reset: false)
    let kept = Register<Bit>("kept", reset: nil, in: half)
    kept.value = (careless ? a : synchronized(a, into: half, reset: nil)) ^ back
    y = kept.value
  }
}
private struct Deep: Module {
  let careless: Bool
  @Input() var a: Bit
  @Output() var y: Bit
  init(_ careless: Bool) { self.careless = careless }
  func body() {
    let inner = instance("inner", Halver(careless))
    inner.$a = a
    inner.$back = inner.$y
    y = inner.$y
  }
}

private struct Button: Module, HasBase {
  static let base = #line
  @Input(in: .asynchronous) var pressed: Bit
  @Output() var y: Bit
  @Register() var seen: Bit
  let careless: Bool
  init(careless: Bool) { self.careless = careless }
  func body() {
    seen = careless ? pressed : synchronized(pressed, into: .default)
    y = seen
  }
}

private struct Glitch: Module, HasBase {
  static let base = #line
  let write = ClockDomain("write")
  @Register var a: Bit
  @Register var b: Bit
  @Output() var y: Bit
  init() {
    _a = Register(in: write)
    _b = Register(in: write)
  }
  func body() {
    a = !a
    b = a
    let plain = Wire<Bit>("plain")
    plain.value = b
    let both = Wire<Bit>("both")
    both.value = false
    When(a) { both.value = b }
    y = synchronized(a & b, into: .default) ^ synchronized(both.value, into: .default) ^ synchronized(plain.value, into: .default)
  }
}

/// Whether an output comes straight from a register is known of the instance's definition.
private struct DistantGlitch: Module, HasBase {
  static let base = #line
  let write = ClockDomain("write")
  let careless: Bool
  @Output() var y: Bit
  init(careless: Bool) { self.careless = careless }
  func body() {
    let source = instance("source", Mixer(), in: write), wrapped = instance("wrapped", Wrapped(), in: write)
    let pass = instance("pass", PassThrough())
    pass.$a = careless ? true : source.$plain
    let crossing = careless ? [source.$mixed, source.$declared, wrapped.$mixed] : [source.$plain, wrapped.$plain, pass.$y]
    y = concatenate(crossing.map { synchronized($0, into: .default) }).parity
  }
}
private struct Mixer: Module {
  @Output() var plain: Bit
  @Output() var mixed: Bit
  @Output(in: .default) var declared: Bit
  @Register(2) var count: Unsigned
  func body() {
    count = count &+ 1
    plain = count[0]
    mixed = count[0] & count[1]
    declared = count[0] | count[1]
  }
}
private struct Wrapped: Module {
  @Output() var plain: Bit
  @Output() var mixed: Bit
  func body() {
    let mixer = instance("mixer", Mixer())
    plain = mixer.$plain
    mixed = mixer.$mixed
  }
}
private struct PassThrough: Module {
  @Input() var a: Bit
  @Output() var y: Bit
  func body() { y = a }
}

/// Ports for which no domain is declared.
private struct Shared: Module, HasBase {
  static let base = #line
  let write = ClockDomain("write")
  let careless: Bool
  @Input var level: Bit
  @Input() var mode: Bit
  @Output var both: Bit
  @Register() var here: Bit
  @Register var there: Bit
  init(careless: Bool) {
    self.careless = careless
    _level = careless ? Input() : Input(in: write)
    _both = careless ? Output() : Output(in: .asynchronous)
    _there = Register(in: write)
  }
  func body() {
    let follower = instance("follower", Follower(), in: write)
    follower.$a = careless ? mode : assumeStable(mode, into: write, because: "set once")
    there = level ^ follower.$q
    here = (careless ? level : synchronized(level, into: .default)) ^ mode
    both = here & there
  }
}

/// Clocks made of registers. A ring of two clocks, each made by the other, is allowed.
private struct SelfClocked: Module, HasBase {
  static let base = #line
  let careless: Bool
  @Input() var x: Bit
  @Output(in: .asynchronous) var y: Bit
  @Register() var divider: Bit
  init(careless: Bool) { self.careless = careless }
  func body() {
    divider = !divider
    let source = Wire<Bit>("source")
    let ripple = ClockDomain("ripple", clock: source.value ^ x, reset: false)
    let held = Register<Bit>("held", reset: nil, in: ripple)
    let other = Register<Bit>("other", reset: nil, in: ClockDomain("ring", clock: held.value, reset: false))
    held.value = !held.value
    let made = instance("made", ClockMaker())
    source.value = careless ? held.value : other.value ^ divider
    other.value = !other.value
    made.$pin = careless ? !made.$y : divider
    y = made.$y ^ held.value
  }
}
private struct ClockMaker: Module {
  @Input() var pin: Bit
  @Output() var y: Bit
  func body() {
    let inside = ClockDomain("inside", clock: pin, reset: false)
    let toggle = Register<Bit>("toggle", reset: nil, in: inside)
    toggle.value = !toggle.value
    y = toggle.value
  }
}

private struct BadDomains: Module, HasBase {
  static let base = #line
  let write = ClockDomain("write")
  @Input(in: .asynchronous) var level: Bit
  @Register(in: .asynchronous) var nowhere: Bit
  @Output() var y: Bit
  init() {}
  func body() {
    nowhere = true
    let hasty = synchronized(level, into: .default, stages: 1)
    let unexplained = assumeStable(level, into: .default, because: "")
    let soft = ClockDomain("soft", clockOf: .default, reset: hasty)
    _ = ClockDomain("soft", clockOf: .default, reset: unexplained)
    let open = instance("open", Written())
    let there = instance("there", Written(), in: soft)
    there.write = write
    there.write = .default
    y = open.$y ^ there.$y ^ nowhere
  }
}
private struct Written: Module {
  let write = ClockDomain("write")
  @Register var a: Bit
  @Output() var y: Bit
  init() { _a = Register(in: write) }
  func body() {
    a = !a
    y = synchronized(a, into: .default)
  }
}
