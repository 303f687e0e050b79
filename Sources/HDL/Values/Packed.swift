/// A record as one value: for registers, wires, ports, memory words and elements of vectors.
///
///     struct Entry: Record {
///       let address = Forward<Unsigned>(12)
///       let isValid = Forward<Bit>()
///     }
///     @Register(Entry()) var entry: Packed<Entry>
///     …
///     entry.isValid = false
///     When(isHit) { entry = Packed(Entry(), memory.read(at: place)) }
///
/// The first member is in the least significant bits.
@dynamicMemberLookup public struct Packed<R: Record>: Value {
  public let reference: Reference
  public init(reference: Reference) { self.reference = reference }
  public static func shape(_ width: Int) -> Shape { .unsigned(width) }

  /// A record whose members are these bits, as a memory word holds them; there must be as many as its members have.
  public init(_ record: R, _ bits: Unsigned) {
    let layout = Layout(record)
    if bits.width != layout.width {
      bits.reference.report("\(bits.reference.description) is no \(R.self), whose members have \(layout.width) bits")
      self.init(reference: Reference(.zero(max(1, layout.width)), isSigned: false, isFlexible: false).laid(out: layout))
    } else {
      if let graph = bits.reference.graph { graph.adopt(layout, for: bits.reference.node) }
      self.init(reference: bits.reference.laid(out: layout))
    }
  }
  /// What an end of a bundle carries.
  public init(_ end: Target<R>) {
    let leaves = BundleContents(of: end.members).leaves
    self.init(end.members, concatenate(leaves.map { Unsigned(reference: end.end.read($0.declaration)) }))
  }
  /// All bits, the first member in the lowest.
  public var asUnsigned: Unsigned { Unsigned(reference: reference.laid(out: nil)) }

  public subscript<T>(dynamicMember path: KeyPath<R, Forward<T>>) -> T {
    get {
      guard let (range, declaration) = place(path) else { return T(reference: Reference(.zero(1), isSigned: T.shape(1).isSigned, isFlexible: false)) }
      return T(reference: asUnsigned[range].reference.unary(.reinterpret, declaration.shape).laid(out: declaration.layout))
    }
    set {
      guard let (range, declaration) = place(path) else { return }
      let value = newValue.reference.adapted(to: range.count, for: "the member").extended(to: declaration.shape.width)
      var bits = Unsigned(reference: reference)
      bits[range] = Unsigned(reference: value.asPlainBits)
      self = Packed(reference: bits.reference.laid(out: reference.layout))
    }
  }

  private func place<T>(_ path: KeyPath<R, Forward<T>>) -> (Range<Int>, Cell)? {
    guard let record = reference.layout?.record?.base as? R else {
      reference.report("\(reference.description) has lost its members; make it with Packed(record, bits)")
      return nil
    }
    let declaration = record[keyPath: path].declaration
    guard let member = reference.layout?.members[ObjectIdentifier(declaration)] else { return nil }
    return (member.low..<member.low + member.width, declaration)
  }
}

extension Initiator where Members: Record {
  /// All members at once.
  public func send(_ value: Packed<Members>) {
    var low = 0
    for leaf in BundleContents(of: members).leaves {
      let shape = leaf.declaration.shape
      end.drive(leaf.declaration, value.asUnsigned[low..<low + shape.width].reference.unary(.reinterpret, shape))
      low += shape.width
    }
  }
}

extension Register {
  /// A register of records.
  ///
  /// - Parameter isReset: whether all members become zero in reset, or are left alone.
  public init<R>(
    _ record: R, isReset: Bool = true, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line
  ) where T == Packed<R> {
    let layout = Layout(record)
    cell = Cell(T.self, layout.width, reset: isReset ? 0 : nil, domain: domain, layout: layout, SourceLocation(file, line))
  }
}
extension Wire {
  /// A wire of records.
  public init<R>(_ record: R, file: StaticString = #fileID, line: UInt = #line) where T == Packed<R> {
    let layout = Layout(record)
    cell = Cell(T.self, layout.width, layout: layout, SourceLocation(file, line))
  }
}
extension Input {
  /// A record as one port.
  public init<R>(_ record: R, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) where T == Packed<R> {
    let layout = Layout(record)
    cell = Cell(T.self, layout.width, domain: domain, layout: layout, SourceLocation(file, line))
  }
}
extension Output {
  /// A record as one port.
  public init<R>(_ record: R, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) where T == Packed<R> {
    let layout = Layout(record)
    cell = Cell(T.self, layout.width, domain: domain, layout: layout, SourceLocation(file, line))
  }
}
