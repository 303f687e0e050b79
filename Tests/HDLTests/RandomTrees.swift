import HDL
import TestTools

/// Random expressions, each known twice: as hardware, and as a model that computes the expected bits
/// without looking at the netlist.

typealias SplitMix = TestTools.SplitMix

extension SplitMix {
  /// Corner patterns are as likely as random ones.
  mutating func bits(_ width: Int) -> BitVector {
    switch int(0...7) {
    case 0: return .zero(width)
    case 1: return BitVector(-1, width: width)
    case 2: return BitVector(1, width: width).shiftedLeft(width - 1)
    case 3: return BitVector(1, width: width).shiftedLeft(width - 1).inverted
    default: return BitVector(width: width, words: (0..<(width + 63) / 64).map { _ in next() })
    }
  }
}

enum Hardware {
  case bit(Bit), unsigned(Unsigned), signed(Signed)
  var any: any Value {
    switch self {
    case .bit(let x): x
    case .unsigned(let x): x
    case .signed(let x): x
    }
  }
  /// The value and nothing else: a copy of a register with some bits changed, assigned to that register, would assign these
  /// bits only.
  var unsigned: Unsigned {
    switch self {
    case .bit(let x): x.asUnsigned
    case .unsigned(let x): x.asSigned.asUnsigned
    case .signed(let x): x.asUnsigned
    }
  }
  var signed: Signed { if case .signed(let x) = self { x.asUnsigned.asSigned } else { unsigned.asSigned } }
  var bit: Bit { if case .bit(let x) = self { x } else { unsigned.anyBitSet } }
}

final class Tree {
  enum Kind { case bit, unsigned, signed }
  enum Operator: CaseIterable {
    case input, constant, add, subtract, multiply, wrapAdd, wrapSubtract, and, or, xor, not, negate
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, compareLiteral, addLiteral
    case slice, bitAt, asSigned, asUnsigned, shiftLeft, shiftRight, shiftedLeft, shiftedRight, truncate, extend
    case any, all, parity, replicate, select, choose, concatenate
    case bitOf, partOf, withBits, withPart, divide, remainder
  }
  let op: Operator
  let kind: Kind
  let width: Int
  let kids: [Tree]
  let parameter: Int
  let pattern: BitVector?
  let name: String?

  init(_ op: Operator, _ kind: Kind, _ width: Int, _ kids: [Tree] = [], _ parameter: Int = 0, pattern: BitVector? = nil, name: String? = nil) {
    self.op = op
    self.kind = kind
    self.width = width
    self.kids = kids
    self.parameter = parameter
    self.pattern = pattern
    self.name = name
  }
  var isSigned: Bool { kind == .signed }
  /// Nothing in it is an input.
  var isConstant: Bool { kids.isEmpty ? op == .constant : kids.allSatisfy(\.isConstant) }

  // MARK: the model

  func model(_ inputs: [BitVector]) -> BitVector {
    var known: [ObjectIdentifier: BitVector] = [:]
    return model(inputs, &known)
  }
  /// - Parameter known: the values of trees that others share, for these inputs.
  func model(_ inputs: [BitVector], _ known: inout [ObjectIdentifier: BitVector]) -> BitVector {
    if let hit = known[ObjectIdentifier(self)] { return hit }
    let result = value(inputs, kids.map { $0.model(inputs, &known) })
    known[ObjectIdentifier(self)] = result
    return result
  }

  private func value(_ inputs: [BitVector], _ k: [BitVector]) -> BitVector {
    func wide(_ index: Int, _ width: Int) -> BitVector { k[index].resized(to: width, isSigned: kids[index].isSigned) }
    func compare(_ test: (BitVector, BitVector, Bool) -> Bool) -> BitVector {
      let width = kids.map(\.width).max() ?? 1
      return .bit(test(wide(0, width), wide(1, width), kids[0].isSigned))
    }
    switch op {
    case .input: return inputs[parameter]
    case .constant: return pattern ?? .zero(width)
    case .add, .wrapAdd: return wide(0, width) + wide(1, width)
    case .subtract, .wrapSubtract: return wide(0, width) - wide(1, width)
    case .multiply: return wide(0, width) * wide(1, width)
    case .and: return k[0] & k[1]
    case .or: return k[0] | k[1]
    case .xor: return k[0] ^ k[1]
    case .not: return k[0].inverted
    case .negate: return wide(0, width).negated
    case .equal: return compare { a, b, _ in a == b }
    case .notEqual: return compare { a, b, _ in a != b }
    case .less: return compare { $0.isLess(than: $1, isSigned: $2) }
    case .lessOrEqual: return compare { !$1.isLess(than: $0, isSigned: $2) }
    case .greater: return compare { $1.isLess(than: $0, isSigned: $2) }
    case .greaterOrEqual: return compare { !$0.isLess(than: $1, isSigned: $2) }
    case .compareLiteral: return .bit(k[0].isLess(than: BitVector(parameter, width: kids[0].width), isSigned: kids[0].isSigned))
    case .addLiteral: return k[0] + BitVector(parameter, width: width)
    case .slice, .bitAt, .shiftRight: return k[0].slice(parameter, width: width)
    case .asSigned, .asUnsigned: return k[0]
    case .shiftLeft: return wide(0, width).shiftedLeft(parameter)
    case .shiftedLeft: return k[0].shiftedLeft(k[1].unsignedInt ?? .max)
    case .shiftedRight: return k[0].shiftedRight(k[1].unsignedInt ?? .max, isSigned: isSigned)
    case .truncate, .extend: return wide(0, width)
    case .any: return .bit(!k[0].isZero)
    case .all: return .bit(k[0].isAllOnes)
    case .parity: return .bit((0..<kids[0].width).filter { k[0][$0] }.count % 2 == 1)
    case .replicate: return k[0].isZero ? .zero(width) : BitVector(-1, width: width)
    case .select: return wide(k[0].isZero ? 2 : 1, width)
    case .choose: return wide(1 + min(k[0].unsignedInt ?? .max, kids.count - 2), width)
    case .concatenate: return k.dropFirst().reduce(k[0]) { $0.concatenated(withHigh: $1) }
    case .bitOf, .partOf:
      guard let index = k[1].unsignedInt, index < kids[0].width / width else { return .zero(width) }
      return k[0].slice(index * width, width: width)
    case .withBits: return k[0].replacing(parameter, with: k[1])
    case .withPart:
      guard let index = k[1].unsignedInt, index < width / kids[2].width else { return k[0] }
      return k[0].replacing(index * kids[2].width, with: k[2])
    case .divide: return BitVector((k[0].int(isSigned: isSigned) ?? 0) / parameter, width: width)
    case .remainder: return BitVector((k[0].int(isSigned: isSigned) ?? 0) % parameter, width: width)
    }
  }

  // MARK: the hardware

  func build(_ inputs: [Hardware], _ known: inout [ObjectIdentifier: Hardware]) -> Hardware {
    if let hit = known[ObjectIdentifier(self)] { return hit }
    let k = kids.map { $0.build(inputs, &known) }
    let result = hardware(inputs, k)
    if let name {
      switch result {
      case .bit(let x): x.named(name)
      case .unsigned(let x): x.named(name)
      case .signed(let x): x.named(name)
      }
    }
    known[ObjectIdentifier(self)] = result
    return result
  }

  private func hardware(_ inputs: [Hardware], _ k: [Hardware]) -> Hardware {
    switch op {
    case .input: return inputs[parameter]
    case .constant:
      let bits = pattern ?? .zero(width)
      if kind == .bit { return .bit(Bit(!bits.isZero)) }
      let parts = bits.words.enumerated().map { Unsigned($1, width: min(64, width - 64 * $0)) }
      let joined = concatenate(parts)
      return kind == .signed ? .signed(joined.asSigned) : .unsigned(joined)
    case .any: return .bit(k[0].unsigned.anyBitSet)
    case .all: return .bit(k[0].unsigned.allBitsSet)
    case .parity: return .bit(k[0].unsigned.parity)
    case .replicate: return .unsigned(k[0].bit.replicated(width))
    case .concatenate: return .unsigned(concatenate(k.map(\.any)))
    case .bitAt: return .bit(k[0].unsigned[parameter])
    case .asUnsigned: return .unsigned(k[0].unsigned)
    case .asSigned: return .signed(k[0].unsigned.asSigned)
    case .subtract:
      if case .unsigned(let a) = k[0] { return .signed(a - k[1].unsigned) }
    case .slice:
      let range = parameter..<parameter + width
      if case .signed(let a) = k[0] { return .unsigned(a[range]) }
      return .unsigned(k[0].unsigned[range])
    case .bitOf: if case .signed(let a) = k[0] { return .bit(a[k[1].unsigned]) } else { return .bit(k[0].unsigned[k[1].unsigned]) }
    case .partOf: return .unsigned(k[0].unsigned[k[1].unsigned, width: width])
    case .withBits, .withPart:
      if case .signed(var a) = k[0] {
        if op == .withBits { a[parameter..<parameter + kids[1].width] = k[1].unsigned } else { a[k[1].unsigned, width: kids[2].width] = k[2].unsigned }
        return .signed(a)
      }
      var a = k[0].unsigned
      if op == .withBits { a[parameter..<parameter + kids[1].width] = k[1].unsigned } else { a[k[1].unsigned, width: kids[2].width] = k[2].unsigned }
      return .unsigned(a)
    case .select:
      switch (k[1], k[2]) {
      case (.bit(let a), .bit(let b)): return .bit(HDL.select(k[0].bit, a, b))
      case (.unsigned(let a), .unsigned(let b)): return .unsigned(HDL.select(k[0].bit, a, b))
      case (.signed(let a), .signed(let b)): return .signed(HDL.select(k[0].bit, a, b))
      default: fatalError("branches of different kinds")
      }
    case .choose:
      let entries = k.dropFirst()
      if case .signed = k[1] { return .signed(HDL.choose(k[0].unsigned, entries.map { $0.unsigned.asSigned })) }
      return .unsigned(HDL.choose(k[0].unsigned, entries.map(\.unsigned)))
    default: break
    }
    switch k[0] {
    case .bit(let a): return logic(a, k.dropFirst().first?.bit)
    case .unsigned(let a): return arithmetic(a, k.count > 1 ? k[1].unsigned : 0)
    case .signed(let a):
      let b = if k.count > 1, case .signed(let b) = k[1] { b } else { Signed(0) }
      return arithmetic(a, b, k.count > 1 ? k[1].unsigned : 0)
    }
  }

  private func logic(_ a: Bit, _ b: Bit?) -> Hardware {
    switch op {
    case .and: .bit(a & (b ?? false))
    case .or: .bit(a || (b ?? false))
    case .xor: .bit(a ^ (b ?? false))
    case .equal: .bit(a === (b ?? false))
    case .notEqual: .bit(a !== (b ?? false))
    case .not: .bit(!a)
    default: fatalError("\(op) of bits")
    }
  }
  private func arithmetic(_ a: Unsigned, _ b: Unsigned) -> Hardware {
    switch op {
    case .add: .unsigned(a + b)
    case .multiply: .unsigned(a * b)
    case .wrapAdd: .unsigned(a &+ b)
    case .wrapSubtract: .unsigned(a &- b)
    case .and: .unsigned(a & b)
    case .or: .unsigned(a | b)
    case .xor: .unsigned(a ^ b)
    case .not: .unsigned(~a)
    case .equal: .bit(a === b)
    case .notEqual: .bit(a !== b)
    case .less: .bit(a < b)
    case .lessOrEqual: .bit(a <= b)
    case .greater: .bit(a > b)
    case .greaterOrEqual: .bit(a >= b)
    case .compareLiteral: .bit(a < Unsigned(parameter))
    case .addLiteral: .unsigned(a &+ Unsigned(parameter))
    case .shiftLeft: .unsigned(a << parameter)
    case .shiftRight: .unsigned(a >> parameter)
    case .shiftedLeft: .unsigned(a.shiftedLeft(by: b))
    case .shiftedRight: .unsigned(a.shiftedRight(by: b))
    case .truncate: .unsigned(a.truncated(to: width))
    case .extend: .unsigned(a.extended(to: width))
    case .divide: .unsigned(a / parameter)
    case .remainder: .unsigned(a % parameter)
    default: fatalError("\(op) of Unsigned")
    }
  }
  private func arithmetic(_ a: Signed, _ b: Signed, _ amount: Unsigned) -> Hardware {
    switch op {
    case .add: .signed(a + b)
    case .subtract: .signed(a - b)
    case .multiply: .signed(a * b)
    case .wrapAdd: .signed(a &+ b)
    case .wrapSubtract: .signed(a &- b)
    case .and: .signed(a & b)
    case .or: .signed(a | b)
    case .xor: .signed(a ^ b)
    case .not: .signed(~a)
    case .negate: .signed(-a)
    case .equal: .bit(a === b)
    case .notEqual: .bit(a !== b)
    case .less: .bit(a < b)
    case .lessOrEqual: .bit(a <= b)
    case .greater: .bit(a > b)
    case .greaterOrEqual: .bit(a >= b)
    case .compareLiteral: .bit(a < Signed(parameter))
    case .addLiteral: .signed(a &+ Signed(parameter))
    case .shiftLeft: .signed(a << parameter)
    case .shiftRight: .signed(a >> parameter)
    case .shiftedLeft: .signed(a.shiftedLeft(by: amount))
    case .shiftedRight: .signed(a.shiftedRight(by: amount))
    case .truncate: .signed(a.truncated(to: width))
    case .extend: .signed(a.extended(to: width))
    case .divide: .signed(a / parameter)
    case .remainder: .signed(a % parameter)
    default: fatalError("\(op) of Signed")
    }
  }
}

/// A pool of trees that grows by combining its members, so that subexpressions are shared.
struct Forest {
  var trees: [Tree]
  var random: SplitMix
  let limit: Int

  init(inputs: [(Tree.Kind, Int)], random: SplitMix, limit: Int = 70) {
    trees = inputs.enumerated().map { Tree(.input, $1.0, $1.1, [], $0) }
    self.random = random
    self.limit = limit
  }

  mutating func any(_ kind: Tree.Kind? = nil) -> Tree {
    let fitting = trees.filter { kind == nil || $0.kind == kind }
    if let last = fitting.last { return random.int(0...2) == 0 ? last : random.pick(fitting) }
    let width = kind == .bit ? 1 : random.int(1...limit)
    return Tree(.constant, kind ?? .unsigned, width, pattern: random.bits(width))
  }
  mutating func number() -> Tree { any(random.int(0...1) == 0 ? .unsigned : .signed) }
  func resized(_ tree: Tree, _ width: Int) -> Tree {
    if tree.width == width { return tree }
    return Tree(tree.width < width ? .extend : .truncate, tree.kind, width, [tree])
  }

  /// Adds one random combination to the pool.
  mutating func grow() {
    var tree = combine(random.pick(Tree.Operator.allCases))
    if tree.width > limit { tree = Tree(.truncate, tree.kind, random.int(1...limit), [tree]) }
    trees.append(tree)
  }

  private mutating func combine(_ op: Tree.Operator) -> Tree {
    let a = number()
    let name = random.int(0...5) == 0 ? "value\(trees.count)" : nil
    switch op {
    case .input, .constant:
      let width = random.int(1...limit)
      return Tree(.constant, random.int(0...1) == 0 ? .unsigned : .signed, width, pattern: random.bits(width))
    case .add: let b = any(a.kind); return Tree(op, a.kind, max(a.width, b.width) + 1, [a, b], name: name)
    case .subtract: let b = any(a.kind); return Tree(op, .signed, max(a.width, b.width) + 1, [a, b], name: name)
    case .multiply: let b = any(a.kind); return Tree(op, a.kind, a.width + b.width, [a, b], name: name)
    case .wrapAdd, .wrapSubtract: let b = any(a.kind); return Tree(op, a.kind, max(a.width, b.width), [a, b], name: name)
    case .and, .or, .xor:
      if random.int(0...2) == 0 { return Tree(op, .bit, 1, [any(.bit), any(.bit)], name: name) }
      return Tree(op, a.kind, a.width, [a, resized(any(a.kind), a.width)], name: name)
    case .not: return random.int(0...1) == 0 ? Tree(op, .bit, 1, [any(.bit)]) : Tree(op, a.kind, a.width, [a], name: name)
    case .negate: let b = any(.signed); return Tree(op, .signed, b.width + 1, [b], name: name)
    case .equal, .notEqual:
      if random.int(0...3) == 0 { return Tree(op, .bit, 1, [any(.bit), any(.bit)]) }
      return Tree(op, .bit, 1, [a, any(a.kind)], name: name)
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return Tree(op, .bit, 1, [a, any(a.kind)], name: name)
    case .compareLiteral: return Tree(op, .bit, 1, [a], literal(for: a))
    case .addLiteral: return Tree(op, a.kind, a.width, [a], literal(for: a), name: name)
    case .slice: let (low, count) = range(in: a.width); return Tree(op, .unsigned, count, [a], low)
    case .bitAt: return Tree(op, .bit, 1, [a], random.int(0...a.width - 1))
    case .asSigned: return Tree(op, .signed, a.width, [a])
    case .asUnsigned: let b = any(); return Tree(op, .unsigned, b.width, [b])
    case .shiftLeft: let n = random.int(0...9); return Tree(op, a.kind, a.width + n, [a], n)
    case .shiftRight: let n = random.int(0...a.width - 1); return Tree(op, a.kind, a.width - n, [a], n)
    case .shiftedLeft, .shiftedRight:
      let amount = random.int(0...3) == 0 ? any(.unsigned) : resized(any(.unsigned), random.int(1...7))
      return Tree(op, a.kind, a.width, [a, amount], name: name)
    case .truncate: return Tree(op, a.kind, random.int(1...a.width), [a])
    case .extend: return Tree(op, a.kind, a.width + random.int(0...9), [a])
    case .any, .all, .parity: return Tree(op, .bit, 1, [a], name: name)
    case .replicate: return Tree(op, .unsigned, random.int(1...20), [any(.bit)])
    case .select:
      if random.int(0...4) == 0 { return Tree(op, .bit, 1, [any(.bit), any(.bit), any(.bit)]) }
      let b = any(a.kind)
      return Tree(op, a.kind, max(a.width, b.width), [any(.bit), a, b], name: name)
    case .choose:
      let index = resized(any(.unsigned), random.int(1...3))
      let entries = (0..<random.int(2...min(6, 1 << index.width))).map { _ in any(a.kind) }
      return Tree(op, a.kind, entries.map(\.width).max() ?? 1, [index] + entries, name: name)
    case .concatenate:
      let parts = (0..<random.int(1...4)).map { _ in any() }
      return Tree(op, .unsigned, parts.reduce(0) { $0 + $1.width }, parts, name: name)
    case .bitOf: return Tree(op, .bit, 1, [a, index(below: a.width)], name: name)
    case .partOf:
      let size = random.int(1...12), count = random.int(1...8)
      return Tree(op, .unsigned, size, [resized(any(.unsigned), size * count), index(below: count)], name: name)
    case .withBits:
      let (low, count) = range(in: a.width)
      return Tree(op, a.kind, a.width, [a, resized(any(.unsigned), count)], low, name: name)
    case .withPart:
      let size = random.int(1...12), count = random.int(1...8)
      return Tree(op, a.kind, size * count, [resized(a, size * count), index(below: count), resized(any(.unsigned), size)], name: name)
    case .divide, .remainder:
      let dividend = a.width > 60 ? resized(a, random.int(1...60)) : a
      let divisor = random.int(0...3) == 0 ? 1 << random.int(0...20) : random.int(1...(1 << random.int(1...24)))
      let signed = dividend.isSigned && random.int(0...1) == 0 ? -divisor : divisor
      return Tree(op, a.kind, divided(dividend, by: signed, op), [dividend], signed, name: name)
    }
  }

  /// Mostly an index that exists, sometimes one that may not.
  private mutating func index(below count: Int) -> Tree {
    random.int(0...3) == 0 ? any(.unsigned) : resized(any(.unsigned), indexBits(count))
  }
  /// The bits of a quotient or remainder: as many as the largest takes.
  private func divided(_ tree: Tree, by divisor: Int, _ op: Tree.Operator) -> Int {
    func bits(_ value: Int) -> Int { max(1, Int.bitWidth - value.leadingZeroBitCount) }
    let largest = (1 << tree.width) - 1, size = abs(divisor)
    let quotient = bits(largest / size), remainder = size > largest ? tree.width : bits(size - 1)
    if !tree.isSigned { return op == .divide ? quotient : remainder }
    if op == .divide && divisor == -1 { return tree.width + 1 }
    return min(tree.width, (op == .divide ? quotient : remainder) + 1)
  }

  private mutating func literal(for tree: Tree) -> Int {
    let bits = min(tree.width, 20)
    if !tree.isSigned { return random.int(0...(1 << bits) - 1) }
    return random.int(-(1 << (bits - 1))...(1 << (bits - 1)) - 1)
  }
  private mutating func range(in width: Int) -> (Int, Int) {
    let low = random.int(0...width - 1)
    return (low, random.int(1...width - low))
  }
}
