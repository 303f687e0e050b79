/// Says that these values are there on purpose although nothing may read them: for a waveform, for a debugger, or because
/// a parameter leaves their reader out. The state of a machine is `$state.asUnsigned`.
public func ignore(_ values: any Value...) {
  for value in values {
    guard let graph = value.reference.graph else { continue }
    graph.ignored.append(value.reference.node)
  }
}
