/// Every input of every instance is connected.
///
/// Of a bundle that nothing connects it is said once. An instance whose own definition is wrong is left alone: what it
/// has for ports may be part of the mistake.
func checkConnections(_ graph: Graph) {
  for instance in graph.instances {
    if !zip(instance.definition.ports, instance.inputs).contains(where: { $0.isInput && $1 < 0 }) { continue }
    let inputs = zip(instance.definition.ports, instance.inputs).filter(\.0.isInput)
    if !instance.definition.diagnostics.isEmpty { continue }
    var reported: Set<Substring> = []
    for (port, source) in inputs where source < 0 {
      let signal = instance.definition.signals[port.signal]
      if let bundle = bundle(of: signal, port) {
        if reported.contains(bundle) { continue }
        let members = inputs.filter { instance.definition.signals[$0.0.signal].name.hasPrefix(bundle + ".") }
        if members.count > 1, members.allSatisfy({ $0.1 < 0 }) {
          reported.insert(bundle)
          let names = members.map { instance.definition.signals[$0.0.signal].name.dropFirst(bundle.count + 1) }.joined(separator: ", ")
          graph.report("bundle '\(instance.name).\(bundle)' (\(names)) is not connected; use connect, or drive \(instance.name).\(bundle)", at: instance.location)
          continue
        }
      }
      let access = port.access ?? (signal.name.contains(".") ? ".\(signal.name)" : ".$\(signal.name)")
      graph.report("input '\(instance.name).\(signal.name)' (\(signal.shape)) is not connected; drive it with \(instance.name)\(access) = …", at: instance.location)
    }
  }
}

/// The bundle that a port belongs to, by its name.
private func bundle(of signal: Signal, _ port: Port) -> Substring? {
  port.access == nil && signal.name.contains(".") ? signal.name.prefix { $0 != "." } : nil
}

extension Graph {
  /// Drives a wire whose driver is missing, after the reason has been reported: one mistake is one diagnostic.
  func settle(_ wire: Int32, _ location: SourceLocation) {
    let shape = nodes[Int(wire)].shape
    body.statements.append(.assign(Assignment(target: wire, value: constant(.zero(shape.width), isSigned: shape.isSigned), location: location)))
  }
}
