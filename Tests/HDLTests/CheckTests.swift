import HDL
import Testing

/// Every check with a design that it refuses, word for word, and one that it lets pass.
///
/// Lines are relative to the design's `base`, so that the tests survive edits above them.
private func expect<M: Module & HasBase>(_ module: M, _ expected: String..., sourceLocation: Testing.SourceLocation = #_sourceLocation) {
  #expect(findings(module) == expected, sourceLocation: sourceLocation)
}
private protocol HasBase { static var base: Int { get } }

private func findings<M: Module & HasBase>(_ module: M) -> [String] {
  do {
    _ = try elaborate(module)
    return []
  } catch {
    return error.diagnostics.map { diagnostic in
      let line = diagnostic.location.map { "+\($0.line - M.base)" } ?? "nowhere"
      #expect(diagnostic.location?.file == "HDLTests/CheckTests.swift")
      #expect(error.description.contains(diagnostic.description))
      return "\(line): \(diagnostic.message)"
    }
  }
}

// MARK: driving

private struct Undriven: Module, HasBase {
  static let base = #line
  @Input(8) var a: Unsigned
  @Output(8) var y: Unsigned
  @Output() var flag: Bit
  @Wire(4) var inner: Signed
  @Register(3) var count: Unsigned
  let drives: Bool
  init(drives: Bool) { self.drives = drives }
  func body() {
    guard drives else { return }
    y = a
    flag = inner < 0
    inner = -1
    count = a[0..<3]
  }
}
@Test func undriven() {
  expect(Undriven(drives: true))
  expect(
    Undriven(drives: false),
    "+2: output 'y' (unsigned 8-bit) is never driven; assign it in body()",
    "+3: output 'flag' (unsigned 1-bit) is never driven; assign it in body()",
    "+4: wire 'inner' (signed 4-bit) is never driven; assign it in body()",
    "+5: register 'count' (unsigned 3-bit) is never assigned; assign it or replace it by a constant")
}

private struct Latch: Module, HasBase {
  static let base = #line
  @Input(2) var a: Unsigned
  @Output(2) var y: Unsigned
  @Output(2) var z: Unsigned
  @Output(2) var register: Unsigned
  @Register(2) var held: Unsigned
  let complete: Bool
  init(complete: Bool) { self.complete = complete }
  func body() {
    if complete { y = 0 }
    When(a === 1) { y = 1 }.ElseWhen(a === 2) { y = 2 }
    Switch(a) {
      Case(0) { z = 1 }
      Case(1, 2) { When(a[0]) { z = 2 }.Else { z = 3 } }
      Default { if complete { z = 0 } }
    }
    When(a === 3) { held = a }
    register = held
  }
}
@Test func latch() {
  expect(Latch(complete: true))
  expect(
    Latch(complete: false),
    "+2: output 'y' (unsigned 2-bit) is not assigned on every path, which would need a latch; assign a default before the When",
    "+3: output 'z' (unsigned 2-bit) is not assigned on every path, which would need a latch; assign a default before the When")
}

private struct SeveralDrivers: Module, HasBase {
  static let base = #line
  @Input() var a: Bit
  @Output(2) var y: Unsigned
  @Register(2) var held: Unsigned
  let twice: Bool
  init(twice: Bool) { self.twice = twice }
  func body() {
    y = 0
    When(a) {
      y = 1
      if twice { y = 2 }
    }
    if twice { y = 3 }
    When(a) { held = 1 }
    When(!a) { held = 2 }
    if twice { held = 3 }
    let other = instance("other", Passive())
    other.$x = a
    if twice { other.$x = !a }
    let ram = Memory("ram", depth: 4, width: 2)
    ram.write(at: held, y, when: a)
    if twice { ram.write(at: held, y, when: !a) }
    let word = ram.read(at: held)
    let sink = instance("sink", Passive())
    sink.$x = word.anyBitSet
  }
}
private struct Passive: Module, HasBase {
  static let base = #line
  @Input() var x: Bit
  @Output() var y: Bit
  func body() { y = x }
}
@Test func severalDrivers() {
  expect(SeveralDrivers(twice: false))
  expect(
    SeveralDrivers(twice: true),
    "+16: input 'other.x' has several drivers; connect it once",
    "+19: memory 'ram' has several drivers: only one write port is possible; select the address and data before it",
    "+8: 'y' (unsigned 2-bit) has several drivers: an unconditional assignment hides an earlier one; put the default first and exceptions in a When after it",
    "+2: 'y' (unsigned 2-bit) has several drivers: an unconditional assignment hides an earlier one; put the default first and exceptions in a When after it",
    "+3: 'held' (unsigned 2-bit) has several drivers: an unconditional assignment hides an earlier one; put the default first and exceptions in a When after it")
}

// MARK: width and sign

private struct Widths: Module, HasBase {
  static let base = #line
  @Input(8) var a: Unsigned
  @Input(5) var s: Signed
  @Output(8) var y: Unsigned
  @Output(6) var z: Signed
  @Register(4) var count: Unsigned
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    y = wrong ? a + 1 : a &+ 1
    z = wrong ? s * s : s + s
    When(a[0]) {
      count = wrong ? 16 : 15
    }
    if wrong {
      _ = a & count
      _ = a === 256
      _ = s < -17
      _ = a[8]
      _ = a[3..<9]
      _ = s.truncated(to: 6)
      _ = a.extended(to: 7)
      _ = a.asBit
      _ = concatenate([a, Unsigned(3)])
      _ = Unsigned(8, width: 3)
      _ = select(a[0], s, 16)
      _ = a << -1
      _ = a[0].replicated(0)
    }
  }
}
@Test func widths() {
  expect(Widths(wrong: false))
  expect(
    Widths(wrong: true),
    "+3: 'a + 1' (unsigned 9-bit) cannot be assigned to 'y' (unsigned 8-bit): 1 bit would be lost; widen 'y', or drop them with .truncated(to: 8)",
    "+4: 's * s' (signed 10-bit) cannot be assigned to 'z' (signed 6-bit): 4 bits would be lost; widen 'z', or drop them with .truncated(to: 6)",
    "+11: the literal 16 does not fit 'count' (unsigned 4-bit)",
    "+5: '&' wants operands of equal width, not 'a' (unsigned 8-bit) and 'count' (unsigned 4-bit); use .extended(to: 8) on the narrower one",
    "+5: the literal 256 does not fit 'a' (unsigned 8-bit)",
    "+5: the literal -17 does not fit 's' (signed 5-bit)",
    "+5: bit 8 of 'a' (unsigned 8-bit) does not exist; valid are 0..<8",
    "+5: bits 3..<9 of 'a' (unsigned 8-bit) do not exist; valid are 0..<8",
    "+5: 's' (signed 5-bit) cannot be truncated to 6 bits; use .extended(to: 6) to widen it",
    "+5: 'a' (unsigned 8-bit) cannot be extended to 7 bits; use .truncated(to: 7) to drop the top",
    "+5: 'a' (unsigned 8-bit) is not one bit; use [i], .anyBitSet or === to make a Bit",
    "+5: the literal 3 in concatenate() has no width; write Unsigned(3, width: …)",
    "+5: the constant 8 does not fit unsigned 3-bit; it needs 4 bits",
    "+5: the literal 16 does not fit the other branches (signed 5-bit)",
    "+5: 'a' (unsigned 8-bit) cannot be shifted by -1; a shift count is never negative",
    "+5: 'a[0]' (unsigned 1-bit) cannot be replicated 0 times")
}

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
  expect(
    Declarations(),
    "+1: 'a' cannot be 0 bits wide; the least is 1",
    "+2: the reset value 9 does not fit 'r' (unsigned 3-bit)",
    "+3: the reset value -5 does not fit 's' (signed 3-bit)",
    "+5: 'b' is a Bit and cannot be 2 bits wide; declare it as Unsigned")
}

// MARK: instances

private struct Adder: Module, HasBase {
  static let base = #line
  @Input(8) var a: Unsigned
  @Input(8) var b: Unsigned
  @Output(8) var sum: Unsigned
  func body() { sum = a &+ b }
}
private struct Connections: Module, HasBase {
  static let base = #line
  @Input(9) var a: Unsigned
  @Output(8) var y: Unsigned
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    let adder = instance("adder", Adder())
    if !wrong { adder.$b = 1 }
    adder.$a = wrong ? a : a[0..<8]
    y = adder.$sum
    if wrong {
      When(a[0]) { adder.$b = 2 }
      _ = instance("lonely", Adder())
    }
  }
}
@Test func connections() {
  expect(Connections(wrong: false))
  expect(
    Connections(wrong: true),
    "+6: 'a' (unsigned 9-bit) cannot be connected to 'adder.a' (unsigned 8-bit): 1 bit would be lost; drop them with .truncated(to: 8)",
    "+11: input 'adder.b' is driven inside a When or Switch; drive a Wire there and connect that",
    "+12: input 'lonely.a' (unsigned 8-bit) is not connected; drive it with lonely.$a = …",
    "+12: input 'lonely.b' (unsigned 8-bit) is not connected; drive it with lonely.$b = …")
}

private struct Recursive: Module, HasBase {
  static let base = #line
  let depth: Int
  @Input() var x: Bit
  @Output() var y: Bit
  init(depth: Int) { self.depth = depth }
  func body() {
    if depth == 0 {
      y = x
      return
    }
    let inner = instance("inner", Recursive(depth: depth > 3 ? depth : depth - 1))
    inner.$x = !x
    y = inner.$y
  }
}
@Test func recursion() throws {
  expect(Recursive(depth: 3))
  #expect(try elaborate(Recursive(depth: 2)).modules.map(\.name) == ["recursive_2", "recursive_1", "recursive"])
  #expect(findings(Recursive(depth: 4)).first == "+3: module 'recursive' contains itself; an inner instance needs different parameters")
}

// MARK: loops

private struct Loops: Module, HasBase {
  static let base = #line
  @Input(8) var a: Unsigned
  @Output(8) var y: Unsigned
  @Wire(8) var first: Unsigned
  @Wire(8) var second: Unsigned
  @Register(8) var held: Unsigned
  let broken: Bool
  init(broken: Bool) { self.broken = broken }
  func body() {
    first = second &+ 1
    second = held
    When(a[0]) { second = broken ? ~first : ~held }
    held = first
    let adder = instance("adder", Adder())
    let delay = instance("delay", Delay())
    adder.$a = a
    adder.$b = broken ? (adder.$sum ^ a) : delay.$q
    delay.$d = adder.$sum
    y = adder.$sum
  }
}
private struct Delay: Module, HasBase {
  static let base = #line
  @Input(8) var d: Unsigned
  @Output(8) var q: Unsigned
  @Register(8) var held: Unsigned
  func body() {
    held = d
    q = held
  }
}
@Test func combinationalLoops() {
  expect(Loops(broken: false))
  expect(
    Loops(broken: true),
    "+13: combinational loop adder.sum -> adder.sum; put a Register on this path",
    "+3: combinational loop first -> second -> first; put a Register on this path")
}

/// A wire that follows itself through the condition around its assignment.
private struct ConditionLoop: Module, HasBase {
  static let base = #line
  @Input() var a: Bit
  @Output() var y: Bit
  func body() {
    y = 0
    When(y ^ a) { y = 1 }
  }
}
@Test func loopThroughACondition() {
  expect(ConditionLoop(), "+2: combinational loop y -> y; put a Register on this path")
}

// MARK: Switch

private struct Switches: Module, HasBase {
  enum State: Int, CaseIterable { case idle, run, done }
  static let base = #line
  @Input(2) var a: Unsigned
  @Output(2) var y: Unsigned
  @StateRegister var state: State = .idle
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    y = 0
    Switch($state) {
      Case(.idle) { state = .run }
      Case(wrong ? .idle : .run) { state = .done }
      if !wrong { Case(.done) { state = .idle } }
    }
    Switch(a) {
      Case(0) { y = 1 }
      Case(1, wrong ? 1 : 2) { y = 2 }
      Case(wrong ? 4 : 3) { y = 3 }
    }
    Switch(a) {
      Default { y = 1 }
      if wrong { Case(2) { y = 0 } }
    }
    let wide = concatenate([a, a, a, a, a, a, a])
    Switch(wide) {
      Case(9) { y = 3 }
      if !wrong { Default {} }
    }
  }
}
@Test func switches() {
  expect(Switches(wrong: false))
  expect(
    Switches(wrong: true),
    "+10: Case(.idle) appears twice in the Switch over 'state'; merge the two",
    "+8: the Switch over 'state' misses .run, .done; add the Case or a Default",
    "+15: Case(1) appears twice in the Switch over 'a'; merge the two",
    "+16: Case(4) can never match 'a' (unsigned 2-bit)",
    "+13: the Switch over 'a' misses 2, 3; add the Case or a Default",
    "+20: a Case after Default is confusing; put Default last",
    "+23: the Switch over 'concatenate(…)' (unsigned 14-bit) has no Default; add Default { }")
}

private struct Memories: Module, HasBase {
  static let base = #line
  @Input(10) var a: Unsigned
  @Input(16) var d: Unsigned
  @Output(16) var y: Unsigned
  let wrong: Bool
  init(wrong: Bool) { self.wrong = wrong }
  func body() {
    let ram = Memory("ram", depth: 512, width: 16, lanes: wrong ? 3 : 2)
    ram.write(at: wrong ? a : a[0..<9], d, lanes: wrong ? a[0..<4] : a[0..<2])
    y = ram.read(at: a[0..<9])
    if wrong {
      let silent = Memory("silent", depth: 3, width: 16)
      When(a[0]) { silent.write(at: a[0..<2], concatenate([d, d])) }
      let empty = Memory("empty", depth: 0, width: 16)
      _ = empty.read(at: a[0..<1])
    }
  }
}
@Test func memories() {
  expect(Memories(wrong: false))
  expect(
    Memories(wrong: true),
    "+7: memory 'ram' cannot divide 16 bits into 3 equal lanes; make the width a multiple of the lanes",
    "+7: 'a[0..<4]' (unsigned 4-bit) cannot select the lanes of 'ram': it has 3 lanes, one bit each",
    "+7: 'a' (unsigned 10-bit) cannot be used as address of 'ram' (unsigned 9-bit): 1 bit would be lost; drop them with .truncated(to: 9)",
    "+12: memory 'silent' is written inside a When or Switch; put the condition into `when:`",
    "+12: 'concatenate(…)' (unsigned 32-bit) cannot be written to 'silent' (unsigned 16-bit): 16 bits would be lost; drop them with .truncated(to: 16)",
    "+13: memory 'empty' needs at least one word of one bit, not 0 words of 16 bits",
    "+11: memory 'silent' (3 words of 16 bits) is never read; call read(at:) or remove it",
    "+13: memory 'empty' (1 words of 16 bits) is never written, so it holds nothing; call write(at:_:when:)")
}

/// A value of one module must not appear in another.
private final class Pocket: Hashable {
  var stolen: Unsigned?
  static func == (a: Pocket, b: Pocket) -> Bool { a === b }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
private struct Victim: Module, HasBase {
  static let base = #line
  @Input(4) var x: Unsigned
  @Output(4) var y: Unsigned
  let pocket: Pocket
  init(pocket: Pocket) { self.pocket = pocket }
  func body() {
    pocket.stolen = x
    y = x
  }
}
private struct Thief: Module, HasBase {
  static let base = #line
  @Input(4) var x: Unsigned
  @Output(4) var y: Unsigned
  let pocket = Pocket()
  init() {}
  func body() {
    let victim = Victim(pocket: pocket)
    let instance = instance("victim", victim)
    instance.$x = victim.x
    y = pocket.stolen ?? x
  }
}
@Test func stolenValues() {
  expect(
    Thief(),
    "+2: a port or register of another module cannot be read here; use the instance's `$port` (declared at HDLTests/CheckTests.swift:\(Victim.base + 1))",
    "+2: 'x' (unsigned 4-bit) belongs to module 'victim'; values cross modules only through ports")
}

private struct Mixed: Module, HasBase {
  static let base = #line
  @Input() var a: Bit
  @Output() var y: Bit
  func body() {
    When(a) {
      let adder = instance("adder", Passive())
      adder.$x = a
      y = adder.$y
    }.Else { y = 0 }
  }
}
@Test func instancesInsideWhen() {
  expect(
    Mixed(),
    "+5: instance 'adder' is inside a When or Switch; hardware exists always, so create it outside and drive its inputs through Wires",
    "+4: input 'adder.x' is driven inside a When or Switch; drive a Wire there and connect that")
}

private struct ReadsState: Module, HasBase {
  enum State: Int, CaseIterable { case idle, run }
  static let base = #line
  @StateRegister var state: State = .idle
  @Output() var y: Bit
  init() {}
  func body() {
    y = Bit(state == .idle)
    state = .run
  }
}
@Test func stateIsNotASwiftValue() {
  expect(ReadsState(), "+2: a state register cannot be read as a Swift value; use $state === .case or Switch($state)")
}
