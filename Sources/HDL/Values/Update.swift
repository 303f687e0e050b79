/// Bits as targets: `y[0..<4] = x`, `y[i] = p`, `slots[head] = x`.
///
/// To Swift this reads `y`, changes the copy and assigns it. The copy remembers what was changed, so that assigning it to
/// where it came from assigns these bits and no others: the rest of a wire may be driven elsewhere, the rest of a register
/// stays. Assigned to anything else, or used in an expression, the copy is simply the changed value; so bits of a local
/// `var` can be changed, too.
final class Update {
  struct Step {
    let place: Place
    let value: Int32
    /// It happens only while this holds.
    var condition: Int32?
  }
  /// The node of the declared thing.
  let base: Int32
  let steps: [Step]
  init(base: Int32, steps: [Step]) { (self.base, self.steps) = (base, steps) }
}

extension Value {
  /// Makes this value one with other bits in some places.
  mutating func change(to changed: Int32, by steps: [Update.Step], in graph: Graph) {
    let old = reference
    var new = Reference(graph, changed, old.shape).laid(out: old.layout)
    if old.graph != nil { new.update = Update(base: old.update?.base ?? old.node, steps: (old.update?.steps ?? []) + steps) }
    self = Self(reference: new)
  }

  /// After a mistake that has been reported: assigning the copy changes nothing.
  mutating func changeNothing() {
    var new = reference
    if new.graph != nil { new.update = Update(base: new.update?.base ?? new.node, steps: new.update?.steps ?? []) }
    self = Self(reference: new)
  }

  /// Says if `value` has too many bits for the place, which `name` is.
  fileprivate func fitted(_ value: Reference, _ width: Int, _ graph: Graph, _ name: () -> String) -> Int32 {
    graph.fit(value, to: .unsigned(width), "assigned to", name(), at: graph.openLocations.last) ?? graph.constant(.zero(width), isSigned: false)
  }
  fileprivate func surroundings(_ value: Reference) -> Graph { reference.graph ?? value.graph ?? Scope.required("A target").graph }
}

extension Number {
  mutating func replace(_ range: Range<Int>, with value: Reference) {
    if !exists(range) { return changeNothing() }
    let graph = surroundings(value), text = reference.text
    let part = fitted(value, range.count, graph) { "\(text)[\(range.count == 1 ? "\(range.lowerBound)" : "\(range)")]" }
    let changed = graph.replacing(range, of: reference.id(in: graph), with: part)
    let step = range.count == width ? whole(part, graph) : Update.Step(place: .bits(low: range.lowerBound), value: part)
    let inner = nested(value, in: slice(range), at: [(range.lowerBound, nil)])
    change(to: changed, by: inner ?? [step], in: graph)
  }

  mutating func replace(_ index: Unsigned, width size: Int, with value: Reference) {
    guard let place = PartIndex(index, of: self, size: size) else { return changeNothing() }
    if let literal = index.reference.literal {
      let number = literal.value.unsignedInt ?? .max
      return number < width / size ? replace(number * size..<(number + 1) * size, with: value) : changeNothing()
    }
    let graph = reference.graph ?? index.reference.graph ?? surroundings(value)
    let text = "\(reference.text)[\(index.reference.text)]"
    let part = fitted(value, size, graph) { text }
    let old = reference.id(in: graph), near = place.near?.extended(to: indexBits(width / size)).reference.id(in: graph)
    var changed = graph.intern(
      near.map { Node(.replace, reference.shape, a: old, b: $0, c: part) } ?? Node(.reinterpret, reference.shape, a: part))
    let condition = place.isBeyond.map { (!$0).reference.id(in: graph) }
    if let condition { changed = graph.intern(Node(.select, reference.shape, a: condition, b: changed, c: old)) }
    var step = near.map { Update.Step(place: .part(index: $0), value: part) } ?? whole(part, graph)
    step.condition = condition
    // Some bits of the part: which they are in the word depends on the index.
    let inner = near.flatMap { near in
      let places = (0..<width / size).map { number in (number * size, Optional(graph.isEqual(near, number))) }
      return nested(value, in: self[index, width: size].reference, at: places)
    }
    change(to: changed, by: inner.map { $0.map { $0.under(condition, in: graph) } } ?? [step], in: graph)
  }

  /// All bits as a step: what is assigned has the sign of this value, as whoever assigns to it expects.
  private func whole(_ bits: Int32, _ graph: Graph) -> Update.Step {
    Update.Step(place: .whole, value: graph.intern(Node(.reinterpret, reference.shape, a: bits)))
  }

  /// The steps by which `value` came to be from `part` of this value, as steps of this value; nil if it is anything else.
  ///
  /// - Parameter places: where the part may begin, each with the condition under which it does.
  private func nested(_ value: Reference, in part: Reference, at places: [(low: Int, condition: Int32?)]) -> [Update.Step]? {
    guard let update = value.update, let graph = reference.graph, value.graph === graph, part.graph === graph,
      graph.bits(update.base) == graph.bits(part.node)
    else { return nil }
    return update.steps.flatMap { step in
      places.flatMap { place in step.moved(by: place.low, width: part.shape.width, in: graph).map { $0.under(place.condition, in: graph) } }
    }
  }
}

extension Update.Step {
  /// The same bits where the word that it concerns, of `width` bits, is a part from bit `low` on.
  fileprivate func moved(by low: Int, width: Int, in graph: Graph) -> [Update.Step] {
    switch place {
    case .whole: return [.init(place: .bits(low: low), value: value, condition: condition)]
    case .bits(let inner): return [.init(place: .bits(low: low + inner), value: value, condition: condition)]
    case .part(let index):
      // An index beyond the part changes nothing, though there may be more of the word.
      let size = graph.nodes[Int(value)].width
      return (0..<width / size).map { number in
        Update.Step(place: .bits(low: low + number * size), value: value, condition: condition).under(graph.isEqual(index, number), in: graph)
      }
    }
  }
  fileprivate func under(_ other: Int32?, in graph: Graph) -> Update.Step {
    guard let other else { return self }
    let both = condition.map { graph.intern(Node(.and, .bit, a: $0, b: other)) } ?? other
    return .init(place: place, value: value, condition: both)
  }
}

extension Graph {
  fileprivate func isEqual(_ index: Int32, _ number: Int) -> Int32 {
    let width = nodes[Int(index)].width
    // A number that the index cannot be.
    if width < 62 && number >> width > 0 { return constant(.bit(false), isSigned: false) }
    return intern(Node(.equal, .bit, a: index, b: constant(BitVector(number, width: width), isSigned: false)))
  }
  /// The node whose bits `id` has, whatever their sign.
  fileprivate func bits(_ id: Int32) -> Int32 {
    var id = id
    while nodes[Int(id)].operation == .reinterpret { id = nodes[Int(id)].a }
    return id
  }

  /// `word` with other bits in a range, without taking apart what is a bundle already.
  func replacing(_ range: Range<Int>, of word: Int32, with bits: Int32) -> Int32 {
    let node = nodes[Int(word)]
    if range.count == node.width { return intern(Node(.reinterpret, node.shape, a: bits)) }
    let isBundle = node.operation == .concatenate && expressionNames[word] == nil
    var parts: [Int32] = [], low = 0
    for part in isBundle ? operands(of: node) : [word] {
      let width = nodes[Int(part)].width
      func cut(_ from: Int, _ to: Int) {
        let kept = max(from, low)..<max(max(from, low), min(to, low + width))
        if !kept.isEmpty { parts.append(intern(Node(.slice, .unsigned(kept.count), a: part, immediate: kept.lowerBound - low))) }
      }
      cut(0, range.lowerBound)
      if (low..<low + width).contains(range.lowerBound) { parts.append(bits) }
      cut(range.upperBound, node.width)
      low += width
    }
    let bundle = list(.concatenate, .unsigned(node.width), parts)
    return intern(Node(.reinterpret, node.shape, a: bundle))
  }
}
