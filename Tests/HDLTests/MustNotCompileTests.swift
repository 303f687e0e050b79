import Foundation
import Testing

/// Mistakes that the Swift compiler refuses, and what it says: driving an input, a misspelt port, mixed signs.
///
/// All fixtures are checked by one run of the compiler against the built module. Type checking must also be quick to
/// give up: long ill-typed operator chains are where Swift is known to search for ever.
@Suite(.enabled(if: Compiler.isAvailable)) struct MustNotCompileTests {
  /// What stands in `body()` of a module with some of everything, and what the compiler says about it.
  private static let fixtures: [(name: String, body: String, error: String)] = [
    ("drivesInput", "a = 1", "cannot assign to property: 'a' is a get-only property"),
    ("misspeltPort", "child.$enabel = bit", "value of type 'Instance<Child>' has no dynamic member '$enabel' using key path from root type 'Child'"),
    ("readsInstanceInput", "y = child.$amount", unavailable("an instance's input cannot be read; use the value that drives it")),
    ("drivesInstanceOutput", "child.$total = 1", "cannot assign through dynamic lookup property: '$total' is immutable"),
    ("readsPortWithoutDollar", "y = child.total", dollar),
    ("readsBitPortWithoutDollar", "flag = bit & child.isFull", dollar),
    ("comparesPortWithoutDollar", "When(child.sum < 0) { y = a }", dollar),
    ("drivesPortWithoutDollar", "child.amount = a", dollar),
    ("readsInstanceDomain", "let d = child.fast; _ = d", unavailable("an instance's clock domain cannot be read; use the domain it is connected to")),
    ("mixedSum", "y = a + s", unavailable("+", mixed)),
    ("mixedSumTheOtherWay", "y = s + a", unavailable("+", mixed)),
    ("mixedSumWithoutContext", "let sum = a + 1 + s; y = sum", unavailable("+", mixed)),
    ("mixedProduct", "let product = a + s * 2; y = product", unavailable("*", mixed)),
    ("mixedChain", "y = a + 1 + s + 2", unavailable("+", mixed)),
    ("mixedComparison", "flag = a < s", unavailable("<", mixed)),
    ("mixedCondition", "flag = a + 1 < s && bit", unavailable("<", mixed)),
    ("mixedEquality", "flag = s === a", unavailable("===", mixed)),
    ("precedenceOfEquality", "flag = a === b & bit", unavailable("&", precedence)),
    ("precedenceOfComparison", "flag = a < 3 | bit", unavailable("|", precedence)),
    ("precedenceTheOtherWay", "flag = bit & a === b", unavailable("&", precedence)),
    ("equalityOfState", "When($state == .idle) { y = a }", unavailable("==", "hardware is compared with ===, as in $state === .idle")),
    ("precedenceOfState", "When($state === .idle & bit) { y = a }", unavailable("&", precedence)),
    ("precedenceOfStateTheOtherWay", "flag = bit | $state === .idle", unavailable("|", precedence)),
    ("swiftEquality", "flag = a == b", unavailable("==", "hardware values are compared with ===")),
    ("swiftInequality", "flag = a != b", unavailable("!=", "hardware values are compared with !==")),
    ("numberAsCondition", "When(a) { y = b }", "cannot convert value of type 'Unsigned' to expected argument type 'Bit'"),
    ("signedToUnsigned", "y = s", "cannot assign value of type 'Signed' to type 'Unsigned'"),
    ("bitToNumber", "y = bit", "cannot assign value of type 'Bit' to type 'Unsigned'"),
    ("misspeltState", "state = .idel", "type 'Fixture.State' has no member 'idel'"),
    ("misspeltCase", "Switch($state) { Case(.idel) { y = a } }", "type 'Fixture.State' has no member 'idel'"),
    ("literalInCondition", "When(2.5) { y = a }", "cannot convert value of type 'Double' to expected argument type 'Bit'"),
  ]
  private static func unavailable(_ symbol: String, _ message: String) -> String { "'\(symbol)' is unavailable: \(message)" }
  private static func unavailable(_ message: String) -> String { "getter for 'subscript(dynamicMember:)' is unavailable: \(message)" }
  private static let dollar = "'subscript(dynamicMember:)' is unavailable: the port of an instance is written with a $, as in child.$port"
  private static let precedence =
    "a Bit and a number do not combine; & and | bind tighter than comparisons, so write && or ||, or put the comparison into parentheses"
  private static let mixed =
    "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive"

  private static func source(_ body: String) -> String {
    """
    import HDL
    private struct Child: Module {
      let fast = ClockDomain("fast")
      @Input() var enable: Bit
      @Input(8) var amount: Unsigned
      @Output(8) var total: Unsigned
      @Output(8) var sum: Signed
      @Output() var isFull: Bit
      func body() { total = amount }
    }
    private struct Fixture: Module {
      enum State: Int, CaseIterable { case idle, run }
      @Input(8) var a: Unsigned
      @Input(8) var b: Unsigned
      @Input(8) var s: Signed
      @Input() var bit: Bit
      @Output(8) var y: Unsigned
      @Output() var flag: Bit
      @StateRegister var state: State = .idle
      init() {}
      func body() {
        let child = instance("child", Child())
        child.$enable = bit
        \(body)
      }
    }

    """
  }

  @Test func eachHasTheRightMessage() throws {
    let output = try Compiler.typecheck(Self.fixtures.map { ($0.name, Self.source($0.body)) }, slowestExpression: 3000)
    for fixture in Self.fixtures {
      let errors = output.split(separator: "\n").filter { $0.contains("\(fixture.name).swift:") && $0.contains(": error: ") }
      #expect(errors.first.map { $0.components(separatedBy: ": error: ")[1] } == fixture.error, "\(fixture.name)")
    }
    #expect(!output.contains("took"), "an ill-typed expression takes too long: \(output)")
  }

  /// What is right compiles, so that the fixtures fail for their own reason; and the clock in the compiler works.
  @Test func theRestCompiles() throws {
    #expect(try Compiler.typecheck([("right", Self.source("y = a &+ b; flag = a === b; state = .run; child.$amount = a"))], slowestExpression: 500) == "")
    let fixture = ("slow", Self.source("y = a &+ 1 &+ a &+ 2 &+ a &+ 3; flag = bit; state = .run; child.$amount = a"))
    #expect(try Compiler.typecheck([fixture], slowestExpression: 1).contains("took"))
  }
}
