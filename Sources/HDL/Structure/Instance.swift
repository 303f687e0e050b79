/// A module inside a module. Its ports are reached by key path: `pe.$a = x` drives an input,
/// `pe.$total` reads an output; a misspelt port or the wrong direction does not compile.
@dynamicMemberLookup public struct Instance<M: Module> {
  let prototype: M
  let site: InstanceSite
  var parent: Graph { site.parent }
  var index: Int { site.index }

  public subscript<T>(dynamicMember path: KeyPath<M, InputPort<T>>) -> T {
    @available(*, unavailable, message: "an instance's input cannot be read; use the value that drives it")
    get { fatalError() }
    nonmutating set { site.drive(prototype[keyPath: path].cell, newValue.reference) }
  }
  public subscript<T>(dynamicMember path: KeyPath<M, OutputPort<T>>) -> T {
    T(reference: site.output(prototype[keyPath: path].cell))
  }
}

/// A port without its `$` is the value inside the instance. One overload for each type: a generic one would also be
/// tried for bundles, and spoil what the compiler says of those.
extension Instance {
  @available(*, unavailable, message: "the port of an instance is written with a $, as in child.$port")
  public subscript(dynamicMember path: KeyPath<M, Bit>) -> Bit {
    get { fatalError() }
    nonmutating set { fatalError() }
  }
  @available(*, unavailable, message: "the port of an instance is written with a $, as in child.$port")
  public subscript(dynamicMember path: KeyPath<M, Unsigned>) -> Unsigned {
    get { fatalError() }
    nonmutating set { fatalError() }
  }
  @available(*, unavailable, message: "the port of an instance is written with a $, as in child.$port")
  public subscript(dynamicMember path: KeyPath<M, Signed>) -> Signed {
    get { fatalError() }
    nonmutating set { fatalError() }
  }
}

/// Where an instance is: what connects its ports to the module around it.
struct InstanceSite {
  let parent: Graph
  /// -1 when the definition could not be elaborated; the reason has been reported.
  let index: Int

  func drive(_ cell: Cell, _ value: Reference) {
    guard index >= 0, cell.port >= 0 else { return }
    let record = parent.instances[index]
    // Only mistakes need it.
    var name: String { "\(record.name).\(record.definition.signals[record.definition.ports[cell.port].signal].name)" }
    let place = parent.openLocations.last ?? record.location
    if parent.openBlocks.count > 1 {
      parent.report("input '\(name)' is driven inside a When or Switch; drive a Wire there and connect that", at: place)
    }
    if record.inputs[cell.port] >= 0 {
      parent.report("input '\(name)' has several drivers; connect it once", at: place)
    }
    guard let fitted = parent.fit(value, to: cell.shape, "connected to", name, at: place) else {
      // Connected, if wrongly: one mistake is one diagnostic.
      parent.instances[index].inputs[cell.port] = parent.constant(.zero(cell.shape.width), isSigned: cell.shape.isSigned)
      if let wire = record.readEarly[cell.port] { parent.settle(wire, place) }
      return
    }
    parent.instances[index].inputs[cell.port] = fitted
    if let wire = record.readEarly[cell.port] {
      parent.body.statements.append(.assign(Assignment(target: wire, value: fitted, location: place)))
      parent.instances[index].inputs[cell.port] = wire
    }
  }

  func output(_ cell: Cell) -> Reference {
    guard index >= 0, cell.port >= 0 else { return Reference(.zero(cell.shape.width), isSigned: cell.shape.isSigned, isFlexible: false) }
    let record = parent.instances[index]
    if record.outputs[cell.port] >= 0 { return Reference(parent, record.outputs[cell.port], cell.shape) }
    let name = "\(record.name)_\(record.definition.signals[record.definition.ports[cell.port].signal].name)"
    let node = parent.declare(.instanceOutput, .instanceOutput, name: name, cell.shape, record.location)
    parent.signals[parent.signals.count - 1].layout = cell.layout
    parent.nodes[Int(node)].a = Int32(truncatingIfNeeded: index)
    parent.nodes[Int(node)].b = Int32(truncatingIfNeeded: cell.port)
    parent.instances[index].outputs[cell.port] = node
    return Reference(parent, node, cell.shape)
  }
}

/// Puts `module` inside the module whose body is running. Equal modules share one definition.
/// Its default clock domain is `domain`, or else that of the surroundings.
public func instance<M: Module>(
  _ name: String, _ module: M, in domain: ClockDomain? = nil, file: StaticString = #fileID, line: UInt = #line
) -> Instance<M> {
  let scope = Scope.required("instance")
  let parent = scope.graph
  let location = SourceLocation(file, line)
  if parent.openBlocks.count > 1 {
    parent.report("instance '\(name)' is inside a When or Switch; hardware exists always, so create it outside and drive its inputs through Wires", at: location)
  }
  if !parent.instanceNames.insert(name).inserted {
    parent.report("instance '\(name)' exists already; give this one another name", at: location)
  }
  guard let (prototype, definition) = scope.elaborator.definition(of: module, requestedBy: parent, at: location) else {
    return Instance(prototype: module, site: InstanceSite(parent: parent, index: -1))
  }
  let open = [Int32](repeating: -1, count: definition.ports.count)
  let domains = parent.connections(of: definition, defaultDomain: parent.domain(ofClocked: name, domain, at: location))
  parent.instances.append(
    InstanceRecord(name: name, definition: definition, inputs: open, outputs: open, domains: domains, location: location))
  return Instance(prototype: prototype, site: InstanceSite(parent: parent, index: parent.instances.count - 1))
}
