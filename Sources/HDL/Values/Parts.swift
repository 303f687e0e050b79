/// Bits and parts at a place that only the hardware knows: `a[i]`, `a[i, width: 8]`.
///
/// A part is numbered by its place among parts of its own width, as bytes are. Beyond the end there are zeros. An index may
/// be of any width.
extension Number {
  /// Bit number `index`; 0 beyond the highest. As a target: `y[i] = p` changes nothing there.
  public subscript(index: Unsigned) -> Bit {
    get { Bit(reference: part(index, width: 1)) }
    set { replace(index, width: 1, with: newValue.reference) }
  }
  /// The `size` bits from bit `size` times `index`, zeros beyond the highest. As a target: `y[i, width: 8] = x` changes
  /// nothing there.
  public subscript(index: Unsigned, width size: Int) -> Unsigned {
    get { Unsigned(reference: part(index, width: size)) }
    set { replace(index, width: size, with: newValue.reference) }
  }

  private func part(_ index: Unsigned, width size: Int) -> Reference {
    guard let place = PartIndex(index, of: self, size: size) else { return Reference(.zero(max(1, size)), isSigned: false, isFlexible: false) }
    guard let graph = reference.graph ?? index.reference.graph else {
      let operands = [(reference.literal?.value ?? .zero(width), false), (index.reference.literal?.value ?? .zero(1), false)]
      return Reference(evaluate(.part, .unsigned(size), operands, immediate: 0), isSigned: false, isFlexible: false)
    }
    // With a part for every value of the index, none is beyond the end.
    guard let near = place.near else {
      return place.isBeyond.map { select($0, Unsigned(0, width: size), Unsigned(reference: asBits)).reference } ?? asBits
    }
    let count = size << near.width
    let word = count < width ? Reference(graph, graph.intern(Node(.slice, .unsigned(count), a: reference.id(in: graph))), .unsigned(count))
      : asBits.extended(to: count)
    let shape = Shape.unsigned(size)
    let node = graph.intern(Node(.part, shape, a: word.id(in: graph), b: near.reference.id(in: graph)))
    let found = Unsigned(reference: Reference(graph, node, shape))
    return place.isBeyond.map { select($0, Unsigned(0, width: size), found).reference } ?? found.reference
  }
  private var asBits: Reference { reference.unary(.reinterpret, .unsigned(width)) }
}

/// An index among the parts of a word.
struct PartIndex {
  /// The bits that tell parts apart; nil where there is only one.
  let near: Unsigned?
  /// Whether the others lead beyond the end, if there are others.
  let isBeyond: Bit?

  /// nil after saying that there are no such parts.
  init?(_ index: Unsigned, of word: some Number, size: Int) {
    if size < 1 || word.width % size != 0 {
      word.reference.report("\(word.reference.description) has no parts of \(size) bits; its width must be a multiple of theirs")
      return nil
    }
    if word.width == size {
      (near, isBeyond) = (nil, index.anyBitSet)
      return
    }
    let bits = indexBits(word.width / size)
    if index.width <= bits { (near, isBeyond) = (index, nil) } else { (near, isBeyond) = (index[0..<bits], index[bits...].anyBitSet) }
  }
}
