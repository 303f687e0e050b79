/// One operation in a module's netlist.
///
/// Nodes live in an arena (`Graph.nodes`) and refer to each other by index, so a node is a few plain
/// words: cheap to create, to hash and to compare. Declared things (ports, wires, registers) are
/// nodes too; their `immediate` is an index into `Graph.signals`.
package enum Operation: UInt8, Sendable {
  // Sources. `immediate` of a constant is its pattern up to 64 bits, else an index into `Graph.wide`. `a` and `b` of an
  // instance's output are instance and port, of a word that is read memory and port.
  case constant, input, variable, register, instanceOutput, memoryRead
  // Arithmetic on operands that already have the result's width; `multiply` alone takes any widths.
  case add, subtract, negate, multiply
  case and, or, xor, not
  // Comparisons, operands of equal width and sign.
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  /// `a ? b : c`.
  case select
  /// Operands are `count` arguments from `immediate`, least significant first.
  case concatenate
  /// `a` is the index, then as `concatenate`; an index out of range gives the last entry.
  case choose
  /// `width` bits of `a` from bit `immediate`.
  case slice
  /// `width` bits of `a` from bit `width` times the unsigned `b`; zeros beyond its end.
  case part
  /// `a` with the bits from `b` times the width of `c` replaced by `c`; unchanged where `b` is beyond its end.
  case replace
  /// The same bits, read with the other sign.
  case reinterpret
  /// `a` widened by zeros or by its sign.
  case extend
  /// `a` shifted by the unsigned `b`, keeping the width; right shifts repeat the sign of a signed `a`.
  case shiftLeft, shiftRight
  case reduceAnd, reduceOr, reduceXor
  /// `a` repeated `immediate` times.
  case replicate

  var isSource: Bool { rawValue <= Operation.memoryRead.rawValue }
  var isSignal: Bool { isSource && self != .constant }
}

package struct Node: Hashable, Sendable {
  package var operation: Operation
  package var isSigned: Bool
  var count: Int32
  var storedWidth: Int32
  package var a: Int32
  package var b: Int32
  package var c: Int32
  package var immediate: Int

  init(_ operation: Operation, _ shape: Shape, a: Int32 = -1, b: Int32 = -1, c: Int32 = -1, count: Int32 = 0, immediate: Int = 0) {
    self.operation = operation
    self.isSigned = shape.isSigned
    self.storedWidth = Int32(truncatingIfNeeded: shape.width)
    self.a = a
    self.b = b
    self.c = c
    self.count = count
    self.immediate = immediate
  }

  package var width: Int { Int(storedWidth) }
  package var shape: Shape { Shape(width: width, isSigned: isSigned) }
}
