/// No `valid` follows its own `ready` at once.
///
/// A receiver may wait for `valid` before it raises `ready`; if the sender waited for `ready` in turn,
/// nothing would ever move, or there would be a combinational loop.
///
/// A module answers for what it sends, at its own ports and to its instances. What an instance does between its
/// ports is for its own definition to answer, so a path counts up to that instance and not through it.
func checkHandshakes(_ graph: Graph) {
  for pair in graph.handshakes where graph.dependencies[pair.valid].contains(pair.ready) {
    let valid = graph.signals[graph.ports[pair.valid].signal]
    graph.reportWaiting(valid.name, for: graph.signals[graph.ports[pair.ready].signal].name, at: valid.location)
  }
  if graph.instances.allSatisfy({ $0.definition.handshakes.isEmpty }) { return }
  let sources = CombinationalSources(graph)
  for (index, instance) in graph.instances.enumerated() {
    let definition = instance.definition
    for pair in definition.handshakes where definition.ports[pair.valid].isInput {
      if !sources.reach(instance.outputs[pair.ready], from: instance.inputs[pair.valid], around: index) { continue }
      let names = [pair.valid, pair.ready].map { "\(instance.name).\(definition.signals[definition.ports[$0].signal].name)" }
      graph.reportWaiting(names[0], for: names[1], at: instance.location)
    }
  }
}

extension Graph {
  fileprivate func reportWaiting(_ valid: String, for ready: String, at location: SourceLocation) {
    report("'\(valid)' follows '\(ready)' without a register between, but a sender must offer without waiting for the receiver; compute it from other signals", at: location)
  }
}

extension CombinationalSources {
  /// Whether `root` follows `target` at once, on a path that does not lead through `instance`. Either may be open.
  fileprivate func reach(_ target: Int32, from root: Int32, around instance: Int) -> Bool {
    if target < 0 || root < 0 { return false }
    var seen: Set<Int32> = []
    var pending = [root]
    while let id = pending.popLast() {
      if id == target { return true }
      let node = graph.nodes[Int(id)]
      if node.operation == .instanceOutput && Int(node.a) == instance { continue }
      if seen.insert(id).inserted { pending += of(id) }
    }
    return false
  }
}
