// The rewrites of a network, in their order: a table of contents.

import Machine

/// A change of the layers that leaves every tensor that remains as it is.
struct Rewrite: Sendable {
  let name: String
  let run: @Sendable (inout Network, Configuration, LayoutPolicy) throws -> Void

  static let all: [Rewrite] = [foldPadding, foldFunctions, narrowLimits, fuseTables, fuseAdditions, settle, removeConstantChannels, placeViews]

  private static let foldPadding = Rewrite(name: "fold padding") { network, _, _ in network.foldPadding() }
  private static let foldFunctions = Rewrite(name: "fold functions") { network, configuration, _ in network.foldFunctions(configuration) }
  private static let narrowLimits = Rewrite(name: "narrow limits") { network, _, _ in network.narrowLimits() }
  private static let fuseTables = Rewrite(name: "fuse tables") { network, _, _ in network.fuseTables() }
  private static let fuseAdditions = Rewrite(name: "fuse additions") { network, _, _ in network.fuseAdditions() }
  private static let settle = Rewrite(name: "settle arithmetic") { network, configuration, _ in try network.settleArithmetic(configuration) }
  /// The one that can be left out.
  static let removeConstantChannels = Rewrite(name: "remove constant channels") { $0.removeConstantChannels($1, $2) }
  private static let placeViews = Rewrite(name: "place views") { $0.placeViews($1, $2) }
}
