import HDL
import Testing

/// Instances stand outside of conditions, do not contain themselves, and keep their values apart.

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
  expectFindings(Recursive(depth: 3))
  #expect(try elaborate(Recursive(depth: 2)).modules.map(\.name) == ["recursive_2", "recursive_1", "recursive"])
  #expect(findings(Recursive(depth: 4)).first == "+3: module 'recursive' contains itself; an inner instance needs different parameters")
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
  expectFindings(
    Thief(),
    "+2: a port or register of another module cannot be read here; use the instance's `$port` (declared at HDLTests/InstanceTests.swift:\(Victim.base + 1))",
    "+2: 'x' (unsigned 4-bit) belongs to module 'victim'; values cross modules only through ports")
}

/// An outsider may not drive what belongs to a module either.
private struct Meddler: Module, HasBase {
  static let base = #line
  @Input(4) var x: Unsigned
  @Output(4) var y: Unsigned
  func body() {
    let victim = Victim(pocket: Pocket())
    let instance = instance("victim", victim)
    instance.$x = x
    y = instance.$y
    victim.y = x
  }
}
@Test func drivingFromOutside() {
  expectFindings(
    Meddler(),
    "+5: a port or register of another module cannot be driven here; use the instance's `$port` (declared at HDLTests/InstanceTests.swift:\(Victim.base + 2))")
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
  expectFindings(
    Mixed(),
    "+5: instance 'adder' is inside a When or Switch; hardware exists always, so create it outside and drive its inputs through Wires",
    "+4: input 'adder.x' is driven inside a When or Switch; drive a Wire there and connect that")
}
