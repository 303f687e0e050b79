/// Single bits, slices, widening and narrowing, reductions, and the same bits read another way.
///
/// Nothing here invents or drops a bit without its name saying so.
extension Number {
  /// Bit number `bit`, 0 is the lowest. As a target: `y[3] = p`.
  public subscript(bit: Int) -> Bit {
    get { Bit(reference: slice(bit..<bit + 1)) }
    set { replace(bit..<bit + 1, with: newValue.reference) }
  }
  /// Some bits as a number. As a target: `y[4..<8] = x`.
  public subscript(bits: Range<Int>) -> Unsigned {
    get { Unsigned(reference: slice(bits)) }
    set { replace(bits, with: newValue.reference) }
  }
  /// `a[0...3]`, the same as `a[0..<4]`.
  public subscript(bits: ClosedRange<Int>) -> Unsigned {
    get { self[bits.lowerBound..<bits.upperBound + 1] }
    set { self[bits.lowerBound..<bits.upperBound + 1] = newValue }
  }
  /// `a[4...]`, all bits from number 4 on.
  public subscript(bits: PartialRangeFrom<Int>) -> Unsigned {
    get { self[bits.lowerBound..<max(width, bits.lowerBound + 1)] }
    set { self[bits.lowerBound..<max(width, bits.lowerBound + 1)] = newValue }
  }
  /// `a[..<4]`, the low four bits.
  public subscript(bits: PartialRangeUpTo<Int>) -> Unsigned {
    get { self[0..<max(0, bits.upperBound)] }
    set { self[0..<max(0, bits.upperBound)] = newValue }
  }
  /// `a[...3]`, the low four bits.
  public subscript(bits: PartialRangeThrough<Int>) -> Unsigned {
    get { self[0..<max(0, bits.upperBound + 1)] }
    set { self[0..<max(0, bits.upperBound + 1)] = newValue }
  }

  func slice(_ range: Range<Int>) -> Reference {
    if !exists(range) {
      return Reference(.zero(max(1, range.count)), isSigned: false, isFlexible: false)
    }
    return reference.unary(.slice, .unsigned(range.count), immediate: range.lowerBound)
  }

  /// Whether there are such bits; says so if not.
  func exists(_ range: Range<Int>) -> Bool {
    if range.lowerBound >= 0 && range.upperBound <= width && !range.isEmpty { return true }
    let isBit = range.count == 1
    let wanted = isBit ? "bit \(range.lowerBound)" : "bits \(range)"
    reference.report("\(wanted) of \(reference.description) \(isBit ? "does" : "do") not exist; valid are 0..<\(width)")
    return false
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
    if reference.isFlexible { return Self(reference: reference.adapted(to: count, for: "this width")) }
    if count < width {
      reference.report("\(reference.description) cannot be extended to \(count) bits; use .truncated(to: \(count)) to drop the top")
      return Self(reference: slice(0..<max(1, count)).unary(.reinterpret, Self.shape(max(1, count))))
    }
    return Self(reference: reference.extended(to: count))
  }
}

extension Value {
  /// A name that the Verilog, the waveforms and the diagnostics will use for this value. A constant becomes a `localparam`.
  @discardableResult public func named(_ name: String, file: StaticString = #fileID, line: UInt = #line) -> Self {
    guard let graph = reference.graph else { return Self(reference: reference.named(name)) }
    let node = graph.nodes[Int(reference.node)]
    let isWord = node.operation == .memoryRead || graph.renamable.contains(reference.node) || graph.memories.contains { $0.reads.contains { $0.bypassed == reference.node } }
    if isWord { graph.signals[node.immediate].name = name }
    if node.operation.isSource { return self }
    if graph.expressionNames[reference.node] == nil {
      graph.expressionNames[reference.node] = name
      graph.expressionLocations[reference.node] = SourceLocation(file, line)
    }
    return self
  }
}

extension Unsigned {
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
}

extension Signed {
  /// The same bits, read without a sign.
  public var asUnsigned: Unsigned { Unsigned(reference: reference.unary(.reinterpret, .unsigned(width))) }
  public var asSigned: Signed { self }
  public var anyBitSet: Bit { asUnsigned.anyBitSet }
  public var allBitsSet: Bit { asUnsigned.allBitsSet }
  public var parity: Bit { asUnsigned.parity }
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
