/// No `valid` follows its own `ready` at once.
///
/// A receiver may wait for `valid` before it raises `ready`; if the sender waited for `ready` in turn,
/// nothing would ever move, or there would be a combinational loop.
func checkHandshakes(_ graph: Graph) {
  for pair in graph.handshakes where graph.dependencies[pair.valid].contains(pair.ready) {
    let valid = graph.signals[graph.ports[pair.valid].signal], ready = graph.signals[graph.ports[pair.ready].signal]
    graph.report("'\(valid.name)' follows '\(ready.name)' without a register between, but a sender must offer without waiting for the receiver; compute it from other signals", at: valid.location)
  }
}
