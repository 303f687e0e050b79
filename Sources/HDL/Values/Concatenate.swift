// Bundles of bits.

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
