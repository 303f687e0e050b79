/// Every input of every instance is connected.
func checkConnections(_ graph: Graph) {
  for instance in graph.instances {
    for (port, source) in zip(instance.definition.ports, instance.inputs) where port.isInput && source < 0 {
      let signal = instance.definition.signals[port.signal]
      let access = port.access ?? (signal.name.contains(".") ? ".\(signal.name)" : ".$\(signal.name)")
      graph.report("input '\(instance.name).\(signal.name)' (\(signal.shape)) is not connected; drive it with \(instance.name)\(access) = …", at: instance.location)
    }
  }
}
