/// What both ends of a bundle share: the declaration, the cells behind it, and where they are.
///
/// Equality is that of the declaration, as for single ports.
struct BundleEnd<Members: PortBundle>: Hashable {
  /// Nil where a property of the module says what they are.
  private let declared: Members?
  let ports: BundlePorts
  /// The instance whose ports these are; nil in the body of the module that declares them.
  let site: InstanceSite?

  init(_ members: Members, _ domain: ClockDomain?, _ location: SourceLocation) {
    self.init(members, BundlePorts(domain: domain, location: location), nil)
  }
  init(_ path: AnyKeyPath, _ domain: ClockDomain?, _ location: SourceLocation) {
    self.init(nil, BundlePorts(path: path, domain: domain, location: location), nil)
  }
  private init(_ declared: Members?, _ ports: BundlePorts, _ site: InstanceSite?) {
    self.declared = declared
    self.ports = ports
    self.site = site
  }
  /// The property itself depends on the module's parameters only, which are compared there.
  static func == (a: BundleEnd, b: BundleEnd) -> Bool {
    a.declared == b.declared && a.ports.path == b.ports.path && a.ports.domain == b.ports.domain
  }
  func hash(into hasher: inout Hasher) { hasher.combine(declared) }

  var members: Members {
    if let members = declared ?? ports.members as? Members { return members }
    preconditionFailure("the bundle declared at \(ports.location) has no members before its module is elaborated")
  }
  func inner<Inner>(_ inner: Inner) -> BundleEnd<Inner> { BundleEnd<Inner>(inner, ports, site) }
  func seen(at site: InstanceSite) -> BundleEnd { BundleEnd(declared, ports, site) }
  func resolve(in module: Any) { ports.resolve(in: module, as: Members.self) }

  func read(_ declaration: Cell) -> Reference {
    let cell = ports.cell(for: declaration)
    return site?.read(cell) ?? cell.value(Unsigned.self).reference
  }
  func drive(_ declaration: Cell, _ value: Reference) {
    let cell = ports.cell(for: declaration)
    if let site { site.drive(cell, value) } else { cell.drive(Unsigned(reference: value)) }
  }

  /// Connected, if wrongly, after the reason has been reported: one mistake is one diagnostic.
  func driveZeros(forward: Bool) {
    for leaf in BundleContents(of: members).leaves where leaf.isForward == forward {
      drive(leaf.declaration, Reference(.zero(leaf.declaration.shape.width), isSigned: leaf.declaration.shape.isSigned, isFlexible: false))
    }
  }

  var cells: [Cell] { ports.cells(for: BundleContents(of: members)) }
  func bind(to graph: Graph, name: String, drivesForward: Bool) {
    ports.bind(BundleContents(of: members), to: graph, name: name, drivesForward: drivesForward)
  }
}

/// The ports of one declared end. They are made when the module that declares them is first elaborated,
/// so that thousands of equal module values cost no more than their parameters.
final class BundlePorts {
  /// The property of the module that is the bundle, if the declaration does not say it itself.
  let path: AnyKeyPath?
  /// What it was when the module was elaborated.
  private(set) var members: (any PortBundle)?
  let domain: ClockDomain?
  let location: SourceLocation
  /// By the identity of what they stand for in the bundle's declaration.
  private var cells: [ObjectIdentifier: Cell] = [:]

  init(path: AnyKeyPath? = nil, domain: ClockDomain?, location: SourceLocation) {
    self.path = path
    self.domain = domain
    self.location = location
  }

  /// Reads the bundle from the module, again if a parameter has changed since.
  func resolve<Members: PortBundle>(in module: Any, as type: Members.Type) {
    guard let path else { return }
    guard let found = module[keyPath: path] as? Members else {
      preconditionFailure("the bundle declared at \(location) is a property of another type than its module; write \\Self.name")
    }
    if members as? Members == found { return }
    members = found
    cells = [:]
  }

  /// Before elaboration there are no ports; the declaration then says itself that it cannot be used.
  func cell(for declaration: Cell) -> Cell { cells[ObjectIdentifier(declaration)] ?? declaration }

  func cells(for contents: BundleContents) -> [Cell] {
    contents.leaves.map { leaf in
      let identity = ObjectIdentifier(leaf.declaration)
      let cell = cells[identity] ?? leaf.declaration.copy(in: domain, at: location)
      cells[identity] = cell
      return cell
    }
  }

  func bind(_ contents: BundleContents, to graph: Graph, name: String, drivesForward: Bool) {
    var names: [ObjectIdentifier: String] = [:]
    for (leaf, cell) in zip(contents.leaves, cells(for: contents)) {
      let path = "\(name).\(leaf.name)"
      if let other = names.updateValue(path, forKey: ObjectIdentifier(cell)) {
        graph.report("'\(other)' and '\(path)' are one declaration used twice; declare each with a Forward, Backward or bundle of its own", at: location)
      }
      cell.bindPort(isInput: leaf.isForward != drivesForward, to: graph, name: path)
    }
    for member in Set(contents.backwardInRecords).sorted() {
      graph.report("'\(name).\(member)' flows against its record, but all of a Record travels together; declare it as Forward, or outside the record", at: location)
    }
    for pair in contents.handshakes {
      graph.handshakes.append((valid: cell(for: pair.valid).port, ready: cell(for: pair.ready).port))
    }
  }
}
