/// The checks, in the order in which their diagnostics appear. Each is one small phase over a finished graph.
func check(_ graph: Graph, allowingUnread: Bool) {
  if graph.isAbandoned {
    graph.dependencies = graph.ports.map { _ in [] }
    return
  }
  if graph.blackBox != nil {
    summarizeBlackBox(graph)
    return
  }
  checkPortNames(graph)
  checkAssignments(graph)
  checkConnections(graph)
  checkMemories(graph)
  checkCombinationalLoops(graph)
  checkClockCrossings(graph)
  checkAsynchronousResets(graph)
  checkHandshakes(graph)
  // What is wrong otherwise may have lost its effect or its reader by that.
  if graph.diagnostics.isEmpty { checkEmptyControl(graph) }
  if !allowingUnread && graph.diagnostics.isEmpty { checkUnread(graph) }
}
