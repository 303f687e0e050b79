// The rewrites of a network, in their order: a table of contents.

import Machine

/// A change of the layers that leaves every tensor that remains as it is.
struct Rewrite: Sendable {
  let name: String
  let run: @Sendable (inout Network, Configuration) throws -> Void

  static let all: [Rewrite] = [foldPadding, narrowLimits, fuseTables, fuseAdditions, settle, placeViews]

  private static let foldPadding = Rewrite(name: "fold padding") { network, _ in network.foldPadding() }
  private static let narrowLimits = Rewrite(name: "narrow limits") { network, _ in network.narrowLimits() }
  private static let fuseTables = Rewrite(name: "fuse tables") { network, _ in network.fuseTables() }
  private static let fuseAdditions = Rewrite(name: "fuse additions") { network, _ in network.fuseAdditions() }
  private static let settle = Rewrite(name: "settle arithmetic") { try $0.settleArithmetic($1) }
  private static let placeViews = Rewrite(name: "place views") { network, configuration in network.placeViews(configuration) }
}
