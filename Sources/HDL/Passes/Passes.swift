/// The passes that run after the checks, each a small named rewrite of one graph that keeps its meaning.
///
/// They exist for the reader and for linters: fewer temporaries, no constant conditions.
func simplify(_ graph: Graph) {
  foldConstantBranches(graph)
  propagateConstants(graph)
  narrowSlices(graph)
}
