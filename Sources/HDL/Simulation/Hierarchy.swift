/// The instances of a design as a flat list, the top first and every parent before its children.
///
/// All nodes of all instances share one numbering: node `n` of instance `i` is `scopes[i].base + n`.
/// In place of a black box stands the model that it brings along.
struct Hierarchy {
  struct Scope {
    /// The instance's name; the module's for the top.
    let name: String
    let parent: Int
    /// The position among the parent's instances.
    let position: Int
    /// The definition's position among `dataflows`.
    let dataflow: Int
    let base: Int
    /// The scopes of the instances inside, in the order of the definition's list.
    fileprivate(set) var children: [Int] = []
  }
  private(set) var scopes: [Scope] = []
  /// One per definition, however many instances it has.
  private(set) var dataflows: [Dataflow] = []
  /// What has a name in each definition.
  private(set) var signals: [SignalList] = []
  private(set) var nodeCount = 0
  private var index: [ObjectIdentifier: Int] = [:]

  /// - Throws: if a black box has no model.
  init(_ design: Design) throws(ElaborationFailure) {
    guard let top = design.top?.graph else { return }
    var missing: [Diagnostic] = []
    add(top, name: top.name, parent: -1, position: 0)
    var next = 0
    while next < scopes.count {
      for (position, instance) in graph(of: next).instances.enumerated() {
        if instance.definition.blackBox != nil && instance.definition.blackBox?.model == nil {
          missing.append(Diagnostic(
            module: graph(of: next).name,
            message: "instance '\(instance.name)' is the black box '\(instance.definition.name)', which has no model, so it cannot be simulated; define its model",
            location: instance.location))
          continue
        }
        scopes[next].children.append(scopes.count)
        add(instance.definition.blackBox?.model?.definition ?? instance.definition, name: instance.name, parent: next, position: position)
      }
      next += 1
    }
    if !missing.isEmpty { throw ElaborationFailure(diagnostics: missing) }
  }

  private mutating func add(_ graph: Graph, name: String, parent: Int, position: Int) {
    let dataflow = index[ObjectIdentifier(graph)] ?? dataflows.count
    if dataflow == dataflows.count {
      index[ObjectIdentifier(graph)] = dataflow
      dataflows.append(Dataflow(graph))
      signals.append(SignalList(graph))
    }
    scopes.append(Scope(name: name, parent: parent, position: position, dataflow: dataflow, base: nodeCount))
    nodeCount += dataflows[dataflow].nodes.count
  }

  func graph(of scope: Int) -> Graph { dataflows[scopes[scope].dataflow].graph }

  /// The instance in the parent's definition that a scope is.
  private func record(of scope: Int) -> InstanceRecord { graph(of: scopes[scope].parent).instances[scopes[scope].position] }

  /// What drives input port `port` of a scope, in the numbering of all nodes.
  func driver(ofInput port: Int, of scope: Int) -> Int? {
    let record = record(of: scope)
    let model = record.definition.blackBox?.model
    guard let outer = model.map({ $0.ports.firstIndex(of: port) }) ?? port else { return nil }
    return scopes[scopes[scope].parent].base + Int(record.inputs[outer])
  }
  /// The node of output port `port` of the instance that is scope `scope`.
  func output(_ port: Int, of scope: Int) -> Int {
    let inner = record(of: scope).definition.blackBox?.model.map { $0.ports[port] } ?? port
    let graph = graph(of: scope)
    return scopes[scope].base + Int(graph.signals[graph.ports[inner].signal].node)
  }
  /// What clock domain `domain` of a scope is in its parent; nil if it is not connected.
  func outerDomain(_ domain: Int, of scope: Int) -> Int? {
    let record = record(of: scope)
    let model = record.definition.blackBox?.model
    guard let outer = model.map({ $0.domains.firstIndex(of: domain) }) ?? domain else { return nil }
    return record.domains[outer] >= 0 ? record.domains[outer] : nil
  }

  /// `pe_0.adder`: the names of the instances from the top, which itself is not named.
  func path(of scope: Int) -> String {
    if scope == 0 { return "" }
    let prefix = path(of: scopes[scope].parent)
    return prefix.isEmpty ? scopes[scope].name : prefix + "." + scopes[scope].name
  }
}
