import Foundation
import Testing

/// Long expressions as engineers write them, with parameters and literals in them: those that are right compile at once, those
/// that are wrong are refused at once, with the right sentence.
///
/// Swift's type checker tries overloads, and a mistake makes it try them all. The limit is that of the compiler's own clock,
/// far above what is measured (right: 10 to 60 ms; wrong: up to 200 ms), for machines are shared.
@Suite(.enabled(if: Compiler.isAvailable)) struct LongExpressionTests {
  private static let right = [
    "y = a * taps + b * (taps + 1) + 3",
    "w = ((a * (16 - 3) + b * 3) * 11).truncated(to: 8)",
    "w = (a * (16 - 3) + b * 3).truncated(to: 8)",
    "y = a * n + b * m + c",
    "y = (a * n + b * m + c * (n - m) + d * (n + m) + 1) >> 2",
    "f = a >= n && a < n + m && b >= m && b < m + 480 && !(a === 0 && b === n)",
    "z = s * n - t * m + (s << 2) - taps",
    "z = n - a * m",
    "z = s * s * n + s * m - 7 + (s << 2) - (s >> 1)",
    "y = select(a > n && p, a + 1, select(b < m || q, b * 2 + n, select(c === taps, c << 3, a &+ b &+ c &+ n)))",
    "w = (a &+ (b ^ n)) &- (c & m) | (a << 4).truncated(to: 8) & ~b",
    "y = [a, b, c].map { $0 * n + 1 }.reduce(0, +).truncated(to: 32)",
    "y = (0..<n).reduce(Unsigned(0)) { $0 &+ a * ($1 + 1) }",
    "r &+= a &+ n &- 3",
    "g ^= p && a === n",
    "f = a + b + c + d + n > 2 * a + 3 * b + 4 * m",
    "y = 2 * a + n * b + (n + 1) * c + (n * m - 1) * d",
    "w = (a & 15) | ((b & 15) << 4).truncated(to: 8)",
    "w = a & ~1 | b & ~n | 1 << 4",
    "f = (a + 1) * (b + n) * (c + m) > (d + 4) * 5",
    "y = (a * 77 + b * 150 + c * 29) >> 8",
    "w = ((a * 13 + b * 3) * 11 + (c * 13 + d * 3) * 5).truncated(to: 8)",
    "f = (a === 1 || a === 2 || a === 3 && b > 4 || b <= 7 && c !== 0 && p || !q) && (a + b > 255 || c &+ 1 === 0)",
    "f = a[0] ^ a[1] ^ a[2] ^ a[3] ^ b[0] ^ b[1] ^ b[2] ^ b[3] ^ c[0] ^ c[1] ^ c[7] ^ true",
    "z = (s * 7 + t * 3) * (s * 5 - t * 2)",
    "w = a &+ n &+ b &+ m &+ c &+ taps &+ d",
    "y = (a * n + b) / taps + c % n + (d / 10) * 6",
    "y = a[i, width: 2] * n + b[0...3] + c[4...] + a[..<m] + a[n..<n + 2]",
    "w[i] = a[i] ^ b[i] ^ (c[n] && d[n + 1])",
    "y[n..<n + 9] = (a + b * m).truncated(to: 9)",
  ]
  private static let wrong: [(body: String, error: String)] = [
    ("y = a + s * n", unavailable("+", mixed)),
    ("f = a > n && b < m || s === a && p", unavailable("===", mixed)),
    ("w = a - 1", unavailable("-", difference)),
    ("w = a - b", unavailable("-", difference)),
    ("w = a - n", unavailable("-", difference)),
    ("w = n - a", unavailable("-", difference)),
    ("y = -a + n", unavailable("-", "the negative of an Unsigned is Signed; write 0 - a, or 0 &- a to wrap")),
    ("y = a / b", unavailable("/", division)),
    ("y = n / a", unavailable("/", division)),
    ("z = s % t", unavailable("%", division)),
    ("y = p * a", unavailable("*", factor)),
    ("y = a * n + p * b", unavailable("*", factor)),
    ("r += 1", unavailable("+=", "a sum is one bit wider than what it would be kept in; `&+=` wraps")),
    ("r -= n", unavailable("-=", "a difference is one bit wider than what it would be kept in; `&-=` wraps")),
    ("r *= 2", unavailable("*=", "a product is wider than what it would be kept in; write a = (a * b).truncated(to: a.width)")),
    ("f = a == b", unavailable("==", "hardware values are compared with ===")),
    ("f = a != 3 && p", unavailable("!=", "hardware values are compared with !==")),
    ("f = a === b & p", unavailable("&", "a Bit and a number do not combine; & and | bind tighter than comparisons, so write && or ||, or put the comparison into parentheses")),
    ("y = p ? a : b", "cannot convert value of type 'Bit' to expected condition type 'Bool'"),
    ("y = a + 1.5", "cannot convert value of type 'Double' to expected argument type 'Unsigned'"),
    ("w = a && b", "binary operator '&&' cannot be applied to two 'Unsigned' operands"),
    ("f = !a && p", "cannot convert value of type 'Unsigned' to expected argument type 'Bit'"),
    ("y = a + missing * 3 + b * (taps + 1)", "cannot find 'missing' in scope"),
    ("w = a << b", "cannot convert value of type 'Unsigned' to expected argument type 'Int'"),
    ("a[0] = p", "cannot assign through subscript: 'a' is a get-only property"),
  ]
  private static func unavailable(_ symbol: String, _ message: String) -> String { "'\(symbol)' is unavailable: \(message)" }
  private static let mixed =
    "an Unsigned and a Signed do not mix; convert one with .asSigned or .asUnsigned, after .extended(to:) if the value must survive"
  private static let difference = "`-` is exact and Signed; `&-` wraps"
  private static let division = "only constants divide; dividing by a value takes a circuit of several cycles"
  private static let factor = "a Bit does not multiply; write select(bit, number, 0)"

  private static func source(_ lines: some Sequence<String>) -> String {
    """
    import HDL
    private struct Fixture: Module {
      let n: Int, m: Int, taps: Int
      @Input(8) var a: Unsigned
      @Input(8) var b: Unsigned
      @Input(8) var c: Unsigned
      @Input(8) var d: Unsigned
      @Input(8) var s: Signed
      @Input(8) var t: Signed
      @Input() var p: Bit
      @Input() var q: Bit
      @Input(3) var i: Unsigned
      @Register(8) var r: Unsigned
      @Register() var g: Bit
      @Output(32) var y: Unsigned
      @Output(8) var w: Unsigned
      @Output(32) var z: Signed
      @Output() var f: Bit
      func body() {
        \(lines.joined(separator: "\n    "))
      }
    }

    """
  }

  @Test func thoseThatAreRightCompileAtOnce() throws {
    #expect(try Compiler.typecheck([("right", Self.source(Self.right))], slowestExpression: 500) == "")
  }

  @Test func thoseThatAreWrongAreRefusedAtOnce() throws {
    let files = Self.wrong.enumerated().map { ("wrong\($0)", Self.source([$1.body])) }
    let output = try Compiler.typecheck(files, slowestExpression: 500)
    for (index, fixture) in Self.wrong.enumerated() {
      let errors = output.split(separator: "\n").filter { $0.contains("wrong\(index).swift:") && $0.contains(": error: ") }
      #expect(errors.first.map { $0.components(separatedBy: ": error: ")[1] } == fixture.error, "\(fixture.body)")
    }
    #expect(!output.contains("took"), "an ill-typed expression takes too long: \(output)")
  }
}
