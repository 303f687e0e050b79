/// No port takes the name of the clock or the reset that every module has, and none that of another port.
///
/// Whoever comes from Verilog declares clock and reset, and would get a second pair that nothing follows. Two ports whose names
/// differ in Swift and not in Verilog would get a number, and whoever connects them the wrong one.
func checkPortNames(_ graph: Graph) {
  var known: [String: String] = [:]
  let isSound = graph.diagnostics.isEmpty
  for port in graph.ports {
    let signal = graph.signals[port.signal]
    let name = VerilogNames.legal(snakeCase(signal.name))
    // A component whose parameters are wrong has said so itself.
    if let other = known.updateValue(signal.name, forKey: name), isSound {
      graph.report("ports '\(other)' and '\(signal.name)' are both '\(name)' in Verilog; give one another name", at: signal.location)
    }
    if signal.name != "clock" && signal.name != "reset" { continue }
    graph.report("port '\(signal.name)' has the name of the \(signal.name) that every module has without declaring it; remove it, or give it another name", at: signal.location)
  }
}
