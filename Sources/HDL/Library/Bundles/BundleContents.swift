/// The signals of a bundle in the order of their declaration, nested ones included, and its handshakes.
///
/// This is the only place that looks into a bundle by reflection: once for each definition that declares
/// one, and once for each `connect`.
struct BundleContents {
  /// One signal, named by its path from the bundle: `payload.red`.
  struct Leaf {
    /// Stands for the signal in the bundle's declaration; each end that uses the bundle has cells of its own.
    let declaration: Cell
    let name: String
    /// Whether the initiator drives it.
    let isForward: Bool
  }
  private(set) var leaves: [Leaf] = []
  private(set) var handshakes: [Handshake] = []
  /// Members of records that flow the wrong way.
  private(set) var backwardInRecords: [String] = []

  init(of bundle: any PortBundle) { add(bundle, [], isForward: true) }
  /// The contents of one member: a signal or a nested bundle.
  init(ofMember member: Any) { add(member: member, [], isForward: true) }

  private mutating func add(_ bundle: any PortBundle, _ path: [String], isForward: Bool) {
    handshakes += bundle.handshakes
    let members = (bundle as? any NamedMembers)?.namedMembers ?? Mirror(reflecting: bundle).children.map { ($0.label ?? "", $0.value) }
    let first = leaves.count
    for member in members { add(member: member.value, path + [member.name], isForward: isForward) }
    if bundle is any Record { backwardInRecords += leaves[first...].filter { $0.isForward != isForward }.map(\.name) }
  }
  private mutating func add(member: Any, _ path: [String], isForward: Bool) {
    switch member {
    case let signal as any BundleSignal:
      leaves.append(Leaf(declaration: signal.declaration, name: path.joined(separator: "."), isForward: signal.isForward == isForward))
    case let flipped as any FlippedBundle: add(flipped.inner, path, isForward: !isForward)
    case let bundle as any PortBundle: add(bundle, path, isForward: isForward)
    case let list as [Any]:
      for (index, element) in list.enumerated() { add(member: element, path + ["\(index)"], isForward: isForward) }
    default: break
    }
  }
}

/// A bundle whose members are computed, so that reflection would find neither them nor their names.
protocol NamedMembers: PortBundle {
  var namedMembers: [(name: String, value: Any)] { get }
}

/// `Forward` and `Backward`, whatever their value.
protocol BundleSignal {
  var declaration: Cell { get }
  var isForward: Bool { get }
}

/// `Flipped`, whatever its members.
protocol FlippedBundle {
  var inner: any PortBundle { get }
}
