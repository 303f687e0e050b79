/// What the other checks may know of a black box: its outputs follow its inputs within a cycle as those of
/// its model do, or not at all.
func summarizeBlackBox(_ graph: Graph) {
  guard let model = graph.blackBox?.model else {
    graph.dependencies = graph.ports.map { _ in [] }
    return
  }
  graph.dependencies = graph.ports.indices.map { port in
    model.definition.dependencies[model.ports[port]].compactMap { model.ports.firstIndex(of: $0) }
  }
}
