/// Connects all signals of a bundle, both ways: `connect(settings, to: engine.settings)`.
///
/// The first argument is where the conversation comes from: a target port of this module, or an
/// initiator port of an instance. The second is where it goes: an initiator port of this module, or a
/// target port of an instance. The other order does not compile. Each signal must fit as in any assignment.
public func connect<Members>(_ source: Target<Members>, to destination: Initiator<Members>) {
  let theirs = BundleContents(of: source.members).leaves, ours = BundleContents(of: destination.members).leaves
  let unmatched = Set(theirs.map(\.name)).symmetricDifference(ours.map(\.name))
  if !unmatched.isEmpty {
    let names = unmatched.sorted().map(\.quoted).joined(separator: ", ")
    reportWithoutGraph("only one of the two ends has \(names); give both ends the same bundle parameters")
    source.end.driveZeros(forward: false)
    return destination.end.driveZeros(forward: true)
  }
  for (from, to) in zip(theirs, ours) {
    if from.isForward {
      destination.end.drive(to.declaration, source.end.read(from.declaration))
    } else {
      source.end.drive(from.declaration, destination.end.read(to.declaration))
    }
  }
}

@available(*, unavailable, message: "the initiating side comes first: connect(a, to: b) where b is this module's initiator or an instance's target")
public func connect<Members>(_ source: Initiator<Members>, to destination: Target<Members>) {}
