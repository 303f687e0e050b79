/// The rewrites that are applied while nodes are made: constants fold, and operations that change
/// nothing vanish. Only rewrites that make the text shorter and never surprise its reader belong here.
extension Graph {
  /// An existing or simpler node that means the same as `node`, if there is one.
  func simplify(_ node: Node) -> Int32? {
    if let folded = fold(node) { return folded }
    switch node.operation {
    case .extend, .reinterpret:
      let inner = nodes[Int(node.a)]
      if inner.shape == node.shape { return node.a }
      if node.operation == .reinterpret && inner.operation == .reinterpret {
        return intern(Node(.reinterpret, node.shape, a: inner.a))
      }
      if node.operation == .extend && inner.operation == .extend {
        return intern(Node(.extend, node.shape, a: inner.a))
      }
    case .slice: return simplifySlice(node)
    case .part:
      guard let index = constantValue(node.b)?.unsignedInt else { return nil }
      let low = index * node.width
      if low >= nodes[Int(node.a)].width { return constant(.zero(node.width), isSigned: false) }
      return intern(Node(.slice, node.shape, a: node.a, immediate: low))
    case .replace:
      guard let index = constantValue(node.b)?.unsignedInt else { return nil }
      let size = nodes[Int(node.c)].width
      return index >= node.width / size ? node.a : replacing(index * size..<(index + 1) * size, of: node.a, with: node.c)
    case .select:
      if let condition = constantValue(node.a) { return condition.isZero ? node.c : node.b }
      if node.b == node.c { return node.b }
    case .and, .or:
      if node.a == node.b { return node.a }
      for (this, other) in [(node.a, node.b), (node.b, node.a)] {
        guard let value = constantValue(this) else { continue }
        if value.isZero { return node.operation == .and ? this : other }
        if value.isAllOnes { return node.operation == .and ? other : this }
      }
    case .add where node.width == 1, .subtract where node.width == 1: return intern(Node(.xor, node.shape, a: node.a, b: node.b))
    case .xor where node.width == 1 && constantValue(node.b)?.isAllOnes == true: return intern(Node(.not, node.shape, a: node.a))
    case .xor where node.width == 1 && constantValue(node.a)?.isAllOnes == true: return intern(Node(.not, node.shape, a: node.b))
    case .add, .subtract, .xor:
      if node.operation != .add && node.a == node.b { return constant(.zero(node.width), isSigned: node.isSigned) }
      if constantValue(node.b)?.isZero == true { return node.a }
      if node.operation != .subtract && constantValue(node.a)?.isZero == true { return node.b }
    case .multiply:
      for operand in [node.a, node.b] where constantValue(operand)?.isZero == true {
        return constant(.zero(node.width), isSigned: node.isSigned)
      }
      for (factor, other) in [(node.a, node.b), (node.b, node.a)] {
        guard let value = constantValue(factor), value.unsignedInt == 1, !value.isNegative || !nodes[Int(factor)].isSigned else { continue }
        return intern(Node(.extend, node.shape, a: other))
      }
    case .equal where constantValue(node.b)?.width == 1, .notEqual where constantValue(node.b)?.width == 1:
      let isTrue = (constantValue(node.b)?.isZero == false) == (node.operation == .equal)
      let bit = intern(Node(.reinterpret, .bit, a: node.a))
      return isTrue ? bit : intern(Node(.not, .bit, a: bit))
    case .equal, .notEqual:
      if node.a == node.b { return constant(.bit(node.operation == .equal), isSigned: false) }
    case .shiftLeft, .shiftRight:
      if constantValue(node.a)?.isZero == true { return node.a }
      if constantValue(node.b)?.isZero == true { return node.a }
    case .not:
      let inner = nodes[Int(node.a)]
      if inner.operation == .not { return inner.a }
    case .reduceAnd, .reduceOr, .reduceXor:
      if nodes[Int(node.a)].width == 1 { return intern(Node(.reinterpret, .bit, a: node.a)) }
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return simplifyComparison(node)
    case .replicate:
      if node.immediate == 1 { return intern(Node(.reinterpret, node.shape, a: node.a)) }
    default: break
    }
    return nil
  }

  private func simplifySlice(_ node: Node) -> Int32? {
    let inner = nodes[Int(node.a)]
    if node.immediate == 0 && inner.width == node.width {
      return inner.shape == node.shape ? node.a : intern(Node(.reinterpret, node.shape, a: node.a))
    }
    switch inner.operation {
    case .slice: return intern(Node(.slice, node.shape, a: inner.a, immediate: inner.immediate + node.immediate))
    case .reinterpret: return intern(Node(.slice, node.shape, a: inner.a, immediate: node.immediate))
    case .extend:
      let original = nodes[Int(inner.a)]
      if node.immediate + node.width <= original.width {
        return intern(Node(.slice, node.shape, a: inner.a, immediate: node.immediate))
      }
      if !original.isSigned && node.immediate >= original.width { return constant(.zero(node.width), isSigned: false) }
      if !original.isSigned && node.immediate > 0 {
        let kept = intern(Node(.slice, .unsigned(original.width - node.immediate), a: inner.a, immediate: node.immediate))
        return intern(Node(.extend, node.shape, a: kept))
      }
      if node.immediate == 0 {
        let shorter = intern(Node(.extend, Shape(width: node.width, isSigned: original.isSigned), a: inner.a))
        return intern(Node(.reinterpret, node.shape, a: shorter))
      }
      return nil
    case .concatenate:
      var low = 0
      for part in operands(of: inner) {
        let width = nodes[Int(part)].width
        if node.immediate >= low && node.immediate + node.width <= low + width {
          return intern(Node(.slice, node.shape, a: part, immediate: node.immediate - low))
        }
        low += width
      }
      return nil
    default: return nil
    }
  }

  /// Comparisons that the range of the operands already decides; linters complain about them.
  private func simplifyComparison(_ node: Node) -> Int32? {
    if node.a == node.b { return constant(.bit(node.operation == .lessOrEqual || node.operation == .greaterOrEqual), isSigned: false) }
    if constantValue(node.a) != nil {
      // Literals belong on the right, for the reader and for the rules below.
      let mirrored: [Operation: Operation] = [.less: .greater, .greater: .less, .lessOrEqual: .greaterOrEqual, .greaterOrEqual: .lessOrEqual]
      return mirrored[node.operation].map { intern(Node($0, node.shape, a: node.b, b: node.a)) }
    }
    guard let limit = constantValue(node.b) else { return nil }
    let isSigned = nodes[Int(node.b)].isSigned
    let lowest = isSigned ? BitVector(1, width: limit.width).shiftedLeft(limit.width - 1) : .zero(limit.width)
    switch node.operation {
    case .less where limit == lowest, .greater where limit == lowest.inverted: return constant(.bit(false), isSigned: false)
    case .greaterOrEqual where limit == lowest, .lessOrEqual where limit == lowest.inverted: return constant(.bit(true), isSigned: false)
    default: return nil
    }
  }

  func fold(_ node: Node) -> Int32? {
    if node.operation.isSource { return nil }
    if node.a >= 0 && nodes[Int(node.a)].operation != .constant { return nil }
    let ids = operands(of: node)
    var values: [(value: BitVector, isSigned: Bool)] = []
    values.reserveCapacity(ids.count)
    for id in ids {
      guard let value = constantValue(id) else { return nil }
      values.append((value, nodes[Int(id)].isSigned))
    }
    return constant(evaluate(node.operation, node.shape, values, immediate: node.immediate), isSigned: node.isSigned)
  }
}
