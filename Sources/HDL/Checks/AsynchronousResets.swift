/// What resets registers at once comes straight from a register or a port.
///
/// Logic makes glitches while its inputs change, and a reset that acts at once acts on the shortest of them.
func checkAsynchronousResets(_ graph: Graph) {
  var flow: ClockFlow?
  for domain in graph.domains {
    guard let reset = domain.reset, domain.said.reset?.isAsynchronous == true, domain.usesReset else { continue }
    let known = flow ?? ClockFlow(graph)
    flow = known
    guard let logic = known.logic(behind: reset) else { continue }
    graph.report("the asynchronous reset of clock domain '\(domain.name)' is '\(graph.text(of: logic, depth: 2))', which is logic and may glitch; put a Register before it", at: domain.location)
  }
}
