/// How the bits of a value are divided: into elements of one width, or into members with names.
///
/// Every value is one word in the netlist. What its parts are is known where it is declared and travels with the reference,
/// so that `slots[head].last` is a slice.
final class Layout: Hashable {
  struct Member: Hashable {
    /// The path from the record: `color.red`.
    let name: String
    let low: Int, width: Int
  }
  /// Bits of an element; of the whole for a record.
  let width: Int
  /// The layout of an element that has parts itself.
  let element: Layout?
  /// The declaration of the record.
  let record: AnyHashable?
  /// The places of a record's members, by the identity of their declaration.
  let members: [ObjectIdentifier: Member]
  /// The same in order, from the least significant bits up.
  var orderedMembers: [Member] { members.values.sorted { $0.low < $1.low } }

  /// Elements of one width.
  init(elements width: Int, _ element: Layout?) { (self.width, self.element, record, members) = (max(1, width), element, nil, [:]) }
  /// The members of a record, the first in the least significant bits.
  init(_ record: some Record) {
    var members: [ObjectIdentifier: Member] = [:], low = 0
    for leaf in BundleContents(of: record).leaves {
      members[ObjectIdentifier(leaf.declaration)] = Member(name: leaf.name, low: low, width: leaf.declaration.shape.width)
      low += leaf.declaration.shape.width
    }
    (width, element, self.record, self.members) = (low, nil, AnyHashable(record), members)
  }
  static func == (a: Layout, b: Layout) -> Bool { a.width == b.width && a.element == b.element && a.record == b.record }
  func hash(into hasher: inout Hasher) {
    hasher.combine(width)
    hasher.combine(record)
  }
}
