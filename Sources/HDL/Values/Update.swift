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
  /// Makes this value one with other bits in a place.
  mutating func change(to changed: Int32, by step: Update.Step, in graph: Graph) {
    let old = reference
    var new = Reference(graph, changed, old.shape).laid(out: old.layout)
    if old.graph != nil { new.update = Update(base: old.update?.base ?? old.node, steps: (old.update?.steps ?? []) + [step]) }
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
    change(to: changed, by: .init(place: range.count == width ? .whole : .bits(low: range.lowerBound), value: part), in: graph)
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
    change(to: changed, by: .init(place: near.map { .part(index: $0) } ?? .whole, value: part, condition: condition), in: graph)
  }
}

extension Graph {
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
