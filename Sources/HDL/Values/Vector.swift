/// Several values of one kind side by side, with elements at an index that the hardware knows: registers, wires, ports.
///
///     @Register(count: 4, width: 8) var slots: Vector<Unsigned>
///     …
///     When(isNew) { slots[head] = byte }
///     oldest = slots[tail]
///
/// Element 0 is in the least significant bits. An index beyond the last element reads zeros and changes nothing.
public struct Vector<Element: Value>: Value {
  public let reference: Reference
  public init(reference: Reference) { self.reference = reference }
  public static func shape(_ width: Int) -> Shape { .unsigned(width) }

  /// Bits of an element.
  public var elementWidth: Int { reference.layout?.width ?? 1 }
  public var count: Int { width / elementWidth }
  /// All bits, element 0 in the lowest.
  public var asUnsigned: Unsigned { Unsigned(reference: reference.laid(out: nil)) }
  /// All elements.
  public var elements: [Element] { (0..<count).map { self[$0] } }

  /// A vector of these elements, all as wide as the widest.
  public init(_ elements: [Element]) {
    let width = elements.map(\.width).max() ?? 1
    if elements.isEmpty { reportWithoutGraph("a Vector needs at least one element") }
    let parts = elements.map { Self.bits($0, width) }
    let word = parts.isEmpty ? Unsigned(0, width: 1) : concatenate(parts)
    self.init(reference: word.reference.laid(out: Layout(elements: width, elements.first?.reference.layout)))
  }

  public subscript(position: Int) -> Element {
    get { element(asUnsigned[position * elementWidth..<(position + 1) * elementWidth]) }
    set {
      let size = elementWidth
      change { $0[position * size..<(position + 1) * size] = Self.bits(newValue, size) }
    }
  }
  public subscript(index: Unsigned) -> Element {
    get { element(asUnsigned[index, width: elementWidth]) }
    set {
      let size = elementWidth
      change { $0[index, width: size] = Self.bits(newValue, size) }
    }
  }

  private func element(_ bits: Unsigned) -> Element {
    Element(reference: bits.reference.unary(.reinterpret, Element.shape(elementWidth)).laid(out: reference.layout?.element))
  }
  private mutating func change(_ body: (inout Unsigned) -> Void) {
    var bits = Unsigned(reference: reference)
    body(&bits)
    self = Vector(reference: bits.reference.laid(out: reference.layout))
  }
  /// The bits of an element; one that is too wide stays so, and is reported where it is assigned.
  private static func bits(_ element: Element, _ width: Int) -> Unsigned {
    let value = element.reference.adapted(to: width, for: "the element").extended(to: width)
    return Unsigned(reference: value.asPlainBits)
  }
}

extension Input {
  /// - Parameters:
  ///   - count: the elements of the vector, at least 1.
  ///   - width: bits of an element.
  public init<E>(count: Int, width: Int, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) where T == Vector<E> {
    cell = Cell(T.self, count * width, domain: domain, layout: Layout(elements: width, nil), SourceLocation(file, line))
  }
}
extension Output {
  /// - Parameters:
  ///   - count: the elements of the vector, at least 1.
  ///   - width: bits of an element.
  public init<E>(count: Int, width: Int, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line) where T == Vector<E> {
    cell = Cell(T.self, count * width, domain: domain, layout: Layout(elements: width, nil), SourceLocation(file, line))
  }
}
extension Forward {
  /// A vector as one member of a bundle or record.
  public init<E>(count: Int, width: Int, file: StaticString = #fileID, line: UInt = #line) where T == Vector<E> {
    declaration = Cell(T.self, count * width, layout: Layout(elements: width, nil), SourceLocation(file, line))
  }
}
extension Backward {
  public init<E>(count: Int, width: Int, file: StaticString = #fileID, line: UInt = #line) where T == Vector<E> {
    declaration = Cell(T.self, count * width, layout: Layout(elements: width, nil), SourceLocation(file, line))
  }
}
extension Vector: Payload { public typealias Member = Forward<Vector> }
extension Stream {
  /// A stream of vectors.
  public init<E>(count: Int, width: Int, file: StaticString = #fileID, line: UInt = #line) where T == Vector<E> {
    self.init(member: Forward(count: count, width: width, file: file, line: line), file, line)
  }
}

extension Wire {
  /// - Parameters:
  ///   - count: the elements of the vector, at least 1.
  ///   - width: bits of an element.
  public init<E>(count: Int, width: Int, file: StaticString = #fileID, line: UInt = #line) where T == Vector<E> {
    cell = Cell(T.self, count * width, layout: Layout(elements: width, nil), SourceLocation(file, line))
  }
}
extension Wire {
  /// Declares a wire of vectors inside `body()`.
  public init<E>(_ name: String, count: Int, width: Int, file: StaticString = #fileID, line: UInt = #line) where T == Vector<E> {
    self.init(count: count, width: width, file: file, line: line)
    bind(to: Scope.required("Wire").graph, name: name)
  }
}
extension Register {
  /// Declares a register of vectors inside `body()`.
  public init<E>(
    _ name: String, count: Int, width: Int, isReset: Bool = true, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line
  ) where T == Vector<E> {
    self.init(count: count, width: width, isReset: isReset, in: domain, file: file, line: line)
    bind(to: Scope.required("Register").graph, name: name)
  }
  /// - Parameters:
  ///   - count: the elements of the vector, at least 1.
  ///   - width: bits of an element.
  ///   - isReset: whether all elements become zero in reset, or are left alone.
  public init<E>(
    count: Int, width: Int, isReset: Bool = true, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line
  ) where T == Vector<E> {
    cell = Cell(T.self, count * width, reset: isReset ? 0 : nil, domain: domain, layout: Layout(elements: width, nil), SourceLocation(file, line))
  }
  /// The same, of records.
  public init<R>(
    count: Int, of record: R, isReset: Bool = true, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line
  ) where T == Vector<Packed<R>> {
    let element = Layout(record), layout = Layout(elements: element.width, element)
    cell = Cell(T.self, count * element.width, reset: isReset ? 0 : nil, domain: domain, layout: layout, SourceLocation(file, line))
  }
}
