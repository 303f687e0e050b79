/// The passes that run after the checks, each a small named rewrite of one graph that keeps its meaning.
///
/// They exist for the reader, for linters and for simulators: fewer temporaries, no constant conditions, nothing
/// that is not needed. Whatever was declared or named stays, even where nothing needs it: a name is a promise.
package struct Pass: Sendable {
  package let name: String
  package let run: @Sendable (Graph) -> Void

  package static let all = [
    Pass(name: "fold constant branches", run: foldConstantBranches),
    Pass(name: "simplify multiplexers", run: simplifyMultiplexers),
    Pass(name: "propagate constants", run: propagateConstants),
    Pass(name: "narrow slices", run: narrowSlices),
    Pass(name: "share common subexpressions", run: shareCommonSubexpressions),
    Pass(name: "remove dead logic", run: removeDeadLogic),
  ]
}
