/// No port takes the name of the clock or the reset that every module has.
///
/// Whoever comes from Verilog declares them, and would get a second pair that nothing follows.
func checkPortNames(_ graph: Graph) {
  for port in graph.ports {
    let signal = graph.signals[port.signal]
    if signal.name != "clock" && signal.name != "reset" { continue }
    graph.report("port '\(signal.name)' has the name of the \(signal.name) that every module has without declaring it; remove it, or give it another name", at: signal.location)
  }
}
