/// What stands behind every hardware value: a node of one module's graph, or a constant that has not
/// met a graph yet. Values carry their graph, so expressions need no global builder.
public struct Reference {
  let graph: Graph?
  let node: Int32
  let shape: Shape
  let literal: Literal?
  /// How its bits are divided into elements or members; nil for a plain value.
  var layout: Layout?
  /// How it came to be from a declared thing by assignments to its bits; nil for anything else.
  var update: Update?

  init(_ graph: Graph, _ node: Int32, _ shape: Shape) {
    self.graph = graph
    self.node = node
    self.shape = shape
    literal = nil
  }
  init(_ value: BitVector, isSigned: Bool, isFlexible: Bool) {
    graph = nil
    node = -1
    shape = Shape(width: value.width, isSigned: isSigned)
    literal = Literal(value: value, isFlexible: isFlexible)
  }
  /// The complement of a literal without a width.
  init(complementOf value: BitVector, isComplement: Bool) {
    graph = nil
    node = -1
    shape = .unsigned(value.width)
    literal = Literal(value: value, isFlexible: true, isComplement: isComplement)
  }

  func laid(out layout: Layout?) -> Reference {
    var copy = self
    copy.layout = layout
    return copy
  }

  /// A literal written without a width takes that of its surroundings.
  var isFlexible: Bool { literal?.isFlexible ?? false }

  /// This value as a node of `target`.
  func id(in target: Graph) -> Int32 {
    if let graph {
      if graph !== target {
        target.report("\(description) belongs to module '\(graph.name)'; values cross modules only through ports")
        return target.constant(.zero(shape.width), isSigned: shape.isSigned)
      }
      return node
    }
    let value = literal?.value ?? .zero(shape.width)
    if let name = literal?.name { return target.constant(value, isSigned: shape.isSigned, named: name) }
    return target.constant(value, isSigned: shape.isSigned)
  }
  /// A constant with a name; anything else has its name in its graph.
  func named(_ name: String) -> Reference {
    guard let literal else { return self }
    return Reference(shape, Literal(value: literal.value, isFlexible: literal.isFlexible, isComplement: literal.isComplement, name: name))
  }
  private init(_ shape: Shape, _ literal: Literal) { (graph, node, self.shape, self.literal) = (nil, -1, shape, literal) }
}

/// A constant outside any graph.
final class Literal: Sendable {
  let value: BitVector
  let isFlexible: Bool
  /// It stands for all bits that `value` leaves out, as many as its surroundings have: `~1`.
  let isComplement: Bool
  /// What it is called, if anything.
  let name: String?
  init(value: BitVector, isFlexible: Bool, isComplement: Bool = false, name: String? = nil) {
    self.value = value
    self.isFlexible = isFlexible
    self.isComplement = isComplement
    self.name = name
  }
  /// The bits at a width; nil if they do not fit.
  func bits(width: Int, isSigned: Bool) -> BitVector? {
    if value.width > width { return nil }
    let bits = value.resized(to: width, isSigned: isSigned)
    return isComplement ? bits.inverted : bits
  }
}

/// The only place where an expression looks for its surroundings: a mistake among constants alone.
func reportWithoutGraph(_ message: String) {
  guard let scope = Scope.current else { preconditionFailure(message) }
  scope.graph.report(message)
}
extension Reference {
  func report(_ message: String) {
    if let graph { graph.report(message) } else { reportWithoutGraph(message) }
  }
  /// The same value with at least the bits of `shape`; never loses any.
  func extended(to width: Int) -> Reference {
    if width <= shape.width { return self }
    let wider = unary(.extend, Shape(width: width, isSigned: shape.isSigned))
    return literal?.name.map { wider.named($0) } ?? wider
  }
  /// The bits as an unsigned number, which still knows by which changes it came to be.
  var asPlainBits: Reference {
    var bits = unary(.reinterpret, .unsigned(shape.width))
    if bits.graph != nil { bits.update = update }
    return bits
  }
  func unary(_ operation: Operation, _ result: Shape, immediate: Int = 0) -> Reference {
    if let graph {
      return Reference(graph, graph.intern(Node(operation, result, a: node, immediate: immediate)), result)
    }
    refuseComplement()
    let value = literal?.value ?? .zero(shape.width)
    let folded = evaluate(operation, result, [(value, shape.isSigned)], immediate: immediate)
    return Reference(folded, isSigned: result.isSigned, isFlexible: false)
  }
  /// The exact result of constant arithmetic on flexible literals is a flexible literal again, so that
  /// `1 << 20` is as good as `1048576`.
  func flexible(if operandsAreFlexible: Bool) -> Reference {
    guard operandsAreFlexible, let value = literal?.value else { return self }
    let width = value.minimalWidth(isSigned: shape.isSigned)
    return Reference(value.resized(to: width, isSigned: shape.isSigned), isSigned: shape.isSigned, isFlexible: true)
  }
  /// A literal without a width, cut to `width` with an error if it does not fit.
  func adapted(to width: Int, for use: @autoclosure () -> String) -> Reference {
    guard isFlexible, let literal else { return self }
    let bits = literal.bits(width: width, isSigned: shape.isSigned)
    if bits == nil { report("the literal \(text) does not fit \(use()) (\(Shape(width: width, isSigned: shape.isSigned)))") }
    let result = Reference(bits ?? literal.value.resized(to: width, isSigned: shape.isSigned), isSigned: shape.isSigned, isFlexible: false)
    return literal.name.map { result.named($0) } ?? result
  }
  /// `~1` is as wide as what it meets, so that it cannot be computed with before.
  func refuseComplement() {
    guard literal?.isComplement == true else { return }
    report("\(text.quoted) takes the width of what it is combined with, and here is nothing that has one; write ~Unsigned(\(text.dropFirst()), width: …)")
  }
}

/// A binary operation on operands that are widened to `operandWidth` first (nil: left as they are).
func binary(_ operation: Operation, _ a: Reference, _ b: Reference, operandWidth: Int?, _ result: Shape) -> Reference {
  a.refuseComplement()
  b.refuseComplement()
  let left = operandWidth.map { a.extended(to: $0) } ?? a
  let right = operandWidth.map { b.extended(to: $0) } ?? b
  if let graph = left.graph ?? right.graph {
    let node = Node(operation, result, a: left.id(in: graph), b: right.id(in: graph))
    return Reference(graph, graph.intern(node), result)
  }
  let values = [left, right].map { (value: $0.literal?.value ?? .zero($0.shape.width), isSigned: $0.shape.isSigned) }
  return Reference(evaluate(operation, result, values, immediate: 0), isSigned: result.isSigned, isFlexible: false)
}
