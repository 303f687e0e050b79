/// Parts and bundles of bits: slices, widening and narrowing, shifts, reductions, concatenation.
///
/// Nothing here invents or drops a bit without its name saying so.
extension Value {
  fileprivate func slice(_ range: Range<Int>) -> Reference {
    var low = range.lowerBound
    var count = range.count
    if low < 0 || range.upperBound > width || count < 1 {
      let wanted = count == 1 ? "bit \(low)" : "bits \(range)"
      reference.report("\(wanted) of \(reference.description) do not exist; valid are 0..<\(width)")
      count = max(1, count)
      return Reference(.zero(count), isSigned: false, isFlexible: false)
    }
    low = max(0, low)
    return reference.unary(.slice, .unsigned(count), immediate: low)
  }

  /// The low `count` bits; the rest is dropped on purpose.
  public func truncated(to count: Int) -> Self {
    if count == width { return self }
    if count > width || count < 1 {
      reference.report("\(reference.description) cannot be truncated to \(count) bits; use .extended(to: \(count)) to widen it")
      return Self(reference: count > width ? reference.extended(to: count) : reference)
    }
    return Self(reference: slice(0..<count).unary(.reinterpret, Self.shape(count)))
  }
  /// The same number in `count` bits: zeros or copies of the sign fill the top.
  public func extended(to count: Int) -> Self {
    if reference.isFlexible { return Self(reference: reference.adapted(to: count, for: "\(count) bits")) }
    if count < width {
      reference.report("\(reference.description) cannot be extended to \(count) bits; use .truncated(to: \(count)) to drop the top")
      return Self(reference: slice(0..<max(1, count)).unary(.reinterpret, Self.shape(max(1, count))))
    }
    return Self(reference: reference.extended(to: count))
  }
  /// A name that the Verilog, the waveforms and the diagnostics will use for this value.
  @discardableResult public func named(_ name: String) -> Self {
    guard let graph = reference.graph else { return self }
    if graph.nodes[Int(reference.node)].operation.isSource { return self }
    if graph.expressionNames[reference.node] == nil { graph.expressionNames[reference.node] = name }
    return self
  }
}

extension Number {
  fileprivate func shiftedLeft(constant count: Int) -> Reference {
    if count < 0 { reference.report("\(reference.description) cannot be shifted by \(count); a shift count is never negative") }
    if count <= 0 { return reference }
    let zeros = Unsigned(0, width: count)
    return concatenate([zeros, self]).reference.unary(.reinterpret, Self.shape(width + count))
  }
  fileprivate func shiftedRight(constant count: Int) -> Reference {
    if count < 0 { reference.report("\(reference.description) cannot be shifted by \(count); a shift count is never negative") }
    if count <= 0 { return reference }
    if count >= width {
      if !reference.shape.isSigned { return Reference(.zero(1), isSigned: false, isFlexible: false) }
      return slice(width - 1..<width).unary(.reinterpret, Self.shape(1))
    }
    return slice(count..<width).unary(.reinterpret, Self.shape(width - count))
  }
  fileprivate func shifted(_ operation: Operation, by amount: Unsigned) -> Self {
    // Verilog tools accept amounts of up to 32 bits; more can only mean "all the way".
    let limit = 31
    if amount.width <= limit {
      return Self(reference: binary(operation, reference, amount.reference, operandWidth: nil, reference.shape))
    }
    let near = Self(reference: binary(operation, reference, amount[0..<limit].reference, operandWidth: nil, reference.shape))
    let far: Self
    if operation == .shiftRight && reference.shape.isSigned {
      far = Self(reference: reference.unary(.slice, .unsigned(1), immediate: width - 1).unary(.replicate, .unsigned(width), immediate: width).unary(.reinterpret, reference.shape))
    } else {
      far = Self(reference: Reference(.zero(width), isSigned: reference.shape.isSigned, isFlexible: false))
    }
    return select(amount[limit..<amount.width].anyBitSet, far, near)
  }
}

extension Unsigned {
  public subscript(bit: Int) -> Bit { Bit(reference: slice(bit..<bit + 1)) }
  public subscript(bits: Range<Int>) -> Unsigned { Unsigned(reference: slice(bits)) }
  /// The same bits, read as two's complement.
  public var asSigned: Signed { Signed(reference: reference.unary(.reinterpret, .signed(width))) }
  public var asUnsigned: Unsigned { self }
  /// A one-bit number as a condition.
  public var asBit: Bit {
    if width != 1 { reference.report("\(reference.description) is not one bit; use [i], .anyBitSet or === to make a Bit") }
    return Bit(reference: slice(0..<1))
  }
  public var anyBitSet: Bit { Bit(reference: reference.unary(.reduceOr, .bit)) }
  public var allBitsSet: Bit { Bit(reference: reference.unary(.reduceAnd, .bit)) }
  /// True when an odd number of bits is set.
  public var parity: Bit { Bit(reference: reference.unary(.reduceXor, .bit)) }
  /// Multiplied by 2 to the power of `count`: `count` bits wider.
  public static func << (a: Unsigned, count: Int) -> Unsigned { Unsigned(reference: a.shiftedLeft(constant: count)) }
  /// Divided by 2 to the power of `count`, rounded down: `count` bits narrower.
  public static func >> (a: Unsigned, count: Int) -> Unsigned { Unsigned(reference: a.shiftedRight(constant: count)) }
  /// The same width; bits fall off the top.
  public func shiftedLeft(by amount: Unsigned) -> Unsigned { shifted(.shiftLeft, by: amount) }
  /// The same width; zeros move in.
  public func shiftedRight(by amount: Unsigned) -> Unsigned { shifted(.shiftRight, by: amount) }
}

extension Signed {
  public subscript(bit: Int) -> Bit { Bit(reference: slice(bit..<bit + 1)) }
  public subscript(bits: Range<Int>) -> Unsigned { Unsigned(reference: slice(bits)) }
  /// The same bits, read without a sign.
  public var asUnsigned: Unsigned { Unsigned(reference: reference.unary(.reinterpret, .unsigned(width))) }
  public var asSigned: Signed { self }
  public var anyBitSet: Bit { asUnsigned.anyBitSet }
  public var allBitsSet: Bit { asUnsigned.allBitsSet }
  public var parity: Bit { asUnsigned.parity }
  /// Multiplied by 2 to the power of `count`: `count` bits wider.
  public static func << (a: Signed, count: Int) -> Signed { Signed(reference: a.shiftedLeft(constant: count)) }
  /// Divided by 2 to the power of `count`, rounded towards minus infinity: `count` bits narrower.
  public static func >> (a: Signed, count: Int) -> Signed { Signed(reference: a.shiftedRight(constant: count)) }
  /// The same width; bits fall off the top.
  public func shiftedLeft(by amount: Unsigned) -> Signed { shifted(.shiftLeft, by: amount) }
  /// The same width; copies of the sign move in.
  public func shiftedRight(by amount: Unsigned) -> Signed { shifted(.shiftRight, by: amount) }
}

extension Bit {
  public var asUnsigned: Unsigned { Unsigned(reference: reference) }
  /// The bit, `count` times.
  public func replicated(_ count: Int) -> Unsigned {
    if count < 1 {
      reference.report("\(reference.description) cannot be replicated \(count) times")
      return asUnsigned
    }
    return Unsigned(reference: reference.unary(.replicate, .unsigned(count), immediate: count))
  }
}

/// All bits of all parts, the first part in the least significant bits.
public func concatenate(_ parts: [any Value]) -> Unsigned {
  guard let first = parts.first else {
    reportWithoutGraph("concatenate() needs at least one part")
    return Unsigned(0, width: 1)
  }
  let references = parts.map(\.reference)
  if let flexible = references.first(where: { $0.isFlexible }) {
    reportWithoutGraph("the literal \(flexible.text) in concatenate() has no width; write Unsigned(\(flexible.text), width: …)")
  }
  if parts.count == 1 { return Unsigned(reference: first.reference.unary(.reinterpret, .unsigned(first.width))) }
  let shape = Shape.unsigned(references.reduce(0) { $0 + $1.shape.width })
  guard let graph = references.lazy.compactMap(\.graph).first else {
    let values = references.map { (value: $0.literal?.value ?? .zero($0.shape.width), isSigned: false) }
    return Unsigned(reference: Reference(evaluate(.concatenate, shape, values, immediate: 0), isSigned: false, isFlexible: false))
  }
  return Unsigned(reference: Reference(graph, graph.list(.concatenate, shape, references.map { $0.id(in: graph) }), shape))
}
