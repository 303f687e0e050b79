/// What must hold, may be relied on, or should be seen to happen, at every rising edge of a clock.
///
/// The conditions of the `When` and `Switch` around it are folded into `enable`, so that a simulator needs
/// two values and no control structure. A property is not looked at while its domain is in reset.
package struct Property {
  package enum Kind: Sendable { case assert, assume, cover }
  package let kind: Kind
  /// The path to the statement; nil for always.
  package let enable: Int32?
  package let condition: Int32
  package let message: String
  package let domain: Int
  package let location: SourceLocation
}

/// One arm of a `When` or `Switch` whose closure is running.
enum OpenArm {
  /// Arm `index` of a `When`: all conditions before it are false.
  case branch(Branch, index: Int)
  /// A `Case`.
  case labels([Int], of: Unsigned)
  /// A `Default`, with the labels that stand before it.
  case otherwise([Int], of: Unsigned)

  func condition(in graph: Graph) -> Bit {
    func bit(_ id: Int32) -> Bit { Bit(reference: Reference(graph, id, .bit)) }
    func matches(_ labels: [Int], _ subject: Unsigned) -> Bit {
      // A label that does not fit has been reported.
      let possible = labels.filter { $0 >= 0 && (subject.width >= Int.bitWidth - 1 || $0 < 1 << subject.width) }
      return possible.map { subject === Unsigned($0, width: subject.width) }.reduce(Bit(false), ||)
    }
    switch self {
    case .branch(let branch, let index):
      let earlier = branch.arms[..<index].compactMap(\.condition).map { !bit($0) }
      let own = branch.arms[index].condition.map(bit) ?? true
      return earlier.reduce(Bit(true), &&) && own
    case .labels(let labels, let subject): return matches(labels, subject)
    case .otherwise(let labels, let subject): return !matches(labels, subject)
    }
  }
}

extension Graph {
  /// The condition under which the statement that is being described takes effect; nil for always.
  var openCondition: Int32? {
    let condition = openArms.map { $0.condition(in: self) }.reduce(Bit(true), &&)
    let id = condition.reference.id(in: self)
    return constantValue(id)?.isZero == false ? nil : id
  }
}
