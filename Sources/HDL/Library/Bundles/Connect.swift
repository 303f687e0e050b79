/// Connects all signals of a bundle, both ways: `connect(settings, to: engine.settings)`.
///
/// The first argument is where the conversation comes from: a target port of this module, or an
/// initiator port of an instance. The second is where it goes: an initiator port of this module, or a
/// target port of an instance. The other order does not compile. Each signal must fit as in any assignment.
public func connect<Members>(_ source: Target<Members>, to destination: Initiator<Members>) {
  let theirs = BundleContents(of: source.members).leaves, ours = BundleContents(of: destination.members).leaves
  guard theirs.map(\.name) == ours.map(\.name) else { return reportMismatch(source, theirs, destination, ours) }
  for (from, to) in zip(theirs, ours) {
    if from.isForward {
      destination.end.drive(to.declaration, source.end.read(from.declaration))
    } else {
      source.end.drive(from.declaration, destination.end.read(to.declaration))
    }
  }
}

private func reportMismatch<Members>(
  _ source: Target<Members>, _ theirs: [BundleContents.Leaf], _ destination: Initiator<Members>, _ ours: [BundleContents.Leaf]
) {
  let unmatched = Set(theirs.map(\.name)).symmetricDifference(ours.map(\.name))
  let names = unmatched.sorted().map(\.quoted).joined(separator: ", ")
  reportWithoutGraph("only one of the two ends has \(names); give both ends the same bundle parameters")
  // Connected, if wrongly: one mistake is one diagnostic.
  func zero(_ leaf: BundleContents.Leaf) -> Reference {
    Reference(.zero(leaf.declaration.shape.width), isSigned: leaf.declaration.shape.isSigned, isFlexible: false)
  }
  for leaf in theirs where !leaf.isForward { source.end.drive(leaf.declaration, zero(leaf)) }
  for leaf in ours where leaf.isForward { destination.end.drive(leaf.declaration, zero(leaf)) }
}

@available(*, unavailable, message: "the initiating side comes first: connect(a, to: b) where b is this module's initiator or an instance's target")
public func connect<Members>(_ source: Initiator<Members>, to destination: Target<Members>) {}
