/// Multiplexers: `select` between two values by a condition, `choose` among many by an index.
///
/// Branches of unequal width are widened to the widest, which keeps their numbers.
public func select<T: Value>(_ condition: Bit, _ whenTrue: T, _ whenFalse: T) -> T {
  let branches = widened([whenTrue, whenFalse])
  let shape = branches[0].shape, layout = whenTrue.reference.layout ?? whenFalse.reference.layout
  guard let graph = condition.reference.graph ?? branches[0].graph ?? branches[1].graph else {
    return T(reference: (condition.reference.literal?.value.isZero ?? true) ? branches[1] : branches[0])
  }
  let node = Node(.select, shape, a: condition.reference.id(in: graph), b: branches[0].id(in: graph), c: branches[1].id(in: graph))
  return T(reference: Reference(graph, graph.intern(node), shape).laid(out: layout))
}

/// Entry number `index`; an index beyond the last entry gives the last entry.
public func choose<T: Value>(_ index: Unsigned, _ entries: [T]) -> T {
  guard let first = entries.first else {
    reportWithoutGraph("choose() needs at least one entry")
    return T(reference: Reference(.zero(1), isSigned: T.shape(1).isSigned, isFlexible: false))
  }
  if entries.count == 1 { return first }
  // Entries that no index reaches would become unreachable labels.
  let reachable = index.width < Int.bitWidth - 2 ? entries.prefix(1 << index.width) : entries[...]
  let branches = widened(Array(reachable))
  let shape = branches[0].shape
  if reachable.count == 1 { return T(reference: branches[0]) }
  guard let graph = index.reference.graph ?? branches.lazy.compactMap(\.graph).first else {
    let position = min(index.reference.literal?.value.unsignedInt ?? .max, branches.count - 1)
    return T(reference: branches[position])
  }
  if index.width == 1 { return select(index.asBit, T(reference: branches[1]), T(reference: branches[0])) }
  let node = graph.list(.choose, shape, a: index.reference.id(in: graph), branches.map { $0.id(in: graph) })
  return T(reference: Reference(graph, node, shape).laid(out: first.reference.layout))
}

func widened<T: Value>(_ values: [T]) -> [Reference] {
  let fixed = values.map(\.reference).filter { !$0.isFlexible }.map(\.shape.width).max()
  let width = fixed ?? values.map(\.width).max() ?? 1
  return values.map { value in
    value.reference.isFlexible
      ? value.reference.adapted(to: width, for: "the other branches").extended(to: width)
      : value.reference.extended(to: width)
  }
}
