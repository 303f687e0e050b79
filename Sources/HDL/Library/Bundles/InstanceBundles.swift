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
    let name = "\(record.name).\(record.definition.signals[port.signal].name)"
    parent.report("input '\(name)' is read before it is connected; connect it first", at: parent.openLocations.last ?? record.location)
    return Reference(.zero(cell.shape.width), isSigned: cell.shape.isSigned, isFlexible: false)
  }
}
