/// The meaning of every operation, on constants: the one definition that constant folding uses
/// and that any other evaluator of the netlist is compared with.
package func evaluate(_ operation: Operation, _ shape: Shape, _ operands: [(value: BitVector, isSigned: Bool)], immediate: Int) -> BitVector {
  let a = operands.first?.value ?? .zero(shape.width)
  let b = operands.count > 1 ? operands[1].value : .zero(shape.width)
  let aSigned = operands.first?.isSigned ?? false
  switch operation {
  case .constant, .input, .variable, .register, .instanceOutput, .memoryRead: return a
  case .add: return a + b
  case .subtract: return a - b
  case .negate: return a.negated
  case .multiply:
    return a.resized(to: shape.width, isSigned: aSigned) * b.resized(to: shape.width, isSigned: operands[1].isSigned)
  case .and: return a & b
  case .or: return a | b
  case .xor: return a ^ b
  case .not: return a.inverted
  case .equal: return .bit(a == b)
  case .notEqual: return .bit(a != b)
  case .less: return .bit(a.isLess(than: b, isSigned: aSigned))
  case .lessOrEqual: return .bit(!b.isLess(than: a, isSigned: aSigned))
  case .greater: return .bit(b.isLess(than: a, isSigned: aSigned))
  case .greaterOrEqual: return .bit(!a.isLess(than: b, isSigned: aSigned))
  case .select: return a.isZero ? operands[2].value : b
  case .concatenate: return operands.dropFirst().reduce(a) { $0.concatenated(withHigh: $1.value) }
  case .choose:
    let last = operands.count - 2
    return operands[1 + min(a.unsignedInt ?? last, last)].value
  case .slice: return a.slice(immediate, width: shape.width)
  case .part:
    let count = (a.width + shape.width - 1) / shape.width
    guard let index = b.unsignedInt, index < count else { return .zero(shape.width) }
    return a.resized(to: count * shape.width, isSigned: false).slice(index * shape.width, width: shape.width)
  case .replace:
    let value = operands[2].value
    guard let index = b.unsignedInt, index < a.width / value.width else { return a }
    return a.replacing(index * value.width, with: value)
  case .reinterpret: return a
  case .extend: return a.resized(to: shape.width, isSigned: aSigned)
  case .shiftLeft: return a.shiftedLeft(b.unsignedInt ?? a.width)
  case .shiftRight: return a.shiftedRight(b.unsignedInt ?? a.width, isSigned: aSigned)
  case .reduceAnd: return .bit(a.isAllOnes)
  case .reduceOr: return .bit(!a.isZero)
  case .reduceXor: return .bit(a.parity)
  case .replicate: return (1..<max(1, immediate)).reduce(a) { sum, _ in sum.concatenated(withHigh: a) }
  }
}
