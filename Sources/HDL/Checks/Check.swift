/// The checks, in the order in which their diagnostics appear. Each is one small phase over a finished graph.
func check(_ graph: Graph, rejectingUnread: Bool) {
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
  // What is wrong otherwise may have lost its reader by that.
  if rejectingUnread && graph.diagnostics.isEmpty { checkUnread(graph) }
}
