/// The bundles of an instance, reached by their names: `fifo.input`, `arbiter.inputs[2]`.
///
/// Whoever instantiates a module is on the other side: its target is driven from an initiator's end.
extension Instance {
  public subscript<Members>(dynamicMember path: KeyPath<M, Target<Members>>) -> Initiator<Members> {
    Initiator(end: prototype[keyPath: path].end.seen(at: site))
  }
  public subscript<Members>(dynamicMember path: KeyPath<M, Initiator<Members>>) -> Target<Members> {
    Target(end: prototype[keyPath: path].end.seen(at: site))
  }
  public subscript<Members>(dynamicMember path: KeyPath<M, [Target<Members>]>) -> [Initiator<Members>] {
    prototype[keyPath: path].map { Initiator(end: $0.end.seen(at: site)) }
  }
  public subscript<Members>(dynamicMember path: KeyPath<M, [Initiator<Members>]>) -> [Target<Members>] {
    prototype[keyPath: path].map { Target(end: $0.end.seen(at: site)) }
  }
}

extension InstanceSite {
  /// The value of any port: what the instance drives, or what has been connected to its input.
  func read(_ cell: Cell) -> Reference {
    guard index >= 0, cell.port >= 0 else { return output(cell) }
    let record = parent.instances[index], port = record.definition.ports[cell.port]
    if !port.isInput { return output(cell) }
    if record.inputs[cell.port] >= 0 { return Reference(parent, record.inputs[cell.port], cell.shape) }
    // It will be connected later: until then a wire stands for it.
    let name = "\(record.name)_\(record.definition.signals[port.signal].name)"
    let wire = record.readEarly[cell.port] ?? parent.declare(.wire, .variable, name: name, cell.shape, record.location)
    parent.instances[index].readEarly[cell.port] = wire
    return Reference(parent, wire, cell.shape)
  }
}
