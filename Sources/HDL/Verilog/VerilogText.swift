/// A printed expression, and what its surroundings must know to use it safely.
///
/// Two rules make the text right. Every operand has exactly the width of its operation, so Verilog's
/// context-determined widths change nothing. And since one unsigned operand turns a whole Verilog
/// expression unsigned, the sign of each printed text is tracked: where it matters (ordered comparisons,
/// right shifts, products) operands are wrapped in `$signed` or `$unsigned`, whose argument stands alone.
struct VerilogText {
  var string: String
  /// How tightly the outermost operator binds.
  var precedence: Precedence
  /// The sign as Verilog sees it, which may differ from that of the node.
  var isSigned: Bool

  /// Reductions count as loosest, because `a & &b` is for machines.
  enum Precedence: Int, Comparable {
    case reduction, ternary, logicalOr, logicalAnd, or, xor, and, equality, relation, shift, sum, product, unary, primary
    static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
  }

  static func primary(_ string: String, isSigned: Bool = false) -> VerilogText {
    VerilogText(string: string, precedence: .primary, isSigned: isSigned)
  }

  /// Between parentheses that are there anyway.
  var inner: String { precedence == .primary && string.hasPrefix("(") ? String(string.dropFirst().dropLast()) : string }

  func parenthesized(below limit: Precedence) -> String { precedence < limit ? "(\(string))" : string }

  func converted(toSigned wanted: Bool) -> VerilogText {
    wanted == isSigned ? self : .primary("\(wanted ? "$signed" : "$unsigned")(\(string))", isSigned: wanted)
  }

  /// As an operand of a binary operator: with parentheses also where Verilog would not need them but a
  /// reader might. `a == b && c` is common enough to stay bare.
  func operand(of outer: Precedence, chains: Bool) -> String {
    if precedence == outer { return chains ? string : "(\(string))" }
    let isLogical = outer == .logicalAnd || outer == .logicalOr
    let isBitwise = outer == .and || outer == .or || outer == .xor
    if isLogical && precedence >= .equality { return string }
    if (isLogical || isBitwise) && precedence < .unary { return "(\(string))" }
    return parenthesized(below: outer)
  }
}
