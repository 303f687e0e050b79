/// The checks, in the order in which their diagnostics appear. Each is one small phase over a finished graph.
func check(_ graph: Graph) {
  if graph.blackBox != nil {
    summarizeBlackBox(graph)
    return
  }
  checkAssignments(graph)
  checkConnections(graph)
  checkMemories(graph)
  checkCombinationalLoops(graph)
  checkClockCrossings(graph)
  checkHandshakes(graph)
}
