/// The instances of a design as a flat list, the top first and every parent before its children.
///
/// All nodes of all instances share one numbering: node `n` of instance `i` is `scopes[i].base + n`.
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
  let dataflows: [Dataflow]
  /// What has a name in each definition.
  let signals: [SignalList]
  private(set) var nodeCount = 0

  init(_ design: Design) {
    dataflows = design.modules.map { Dataflow($0.graph) }
    signals = design.modules.map { SignalList($0.graph) }
    var index: [ObjectIdentifier: Int] = [:]
    for (position, module) in design.modules.enumerated() { index[ObjectIdentifier(module.graph)] = position }
    if let top = dataflows.indices.last { add(Scope(name: dataflows[top].graph.name, parent: -1, position: 0, dataflow: top, base: 0)) }
    var next = 0
    while next < scopes.count {
      for (position, instance) in graph(of: next).instances.enumerated() {
        guard let dataflow = index[ObjectIdentifier(instance.definition)] else { continue }
        scopes[next].children.append(scopes.count)
        add(Scope(name: instance.name, parent: next, position: position, dataflow: dataflow, base: nodeCount))
      }
      next += 1
    }
  }

  private mutating func add(_ scope: Scope) {
    scopes.append(scope)
    nodeCount += dataflows[scope.dataflow].nodes.count
  }

  func graph(of scope: Int) -> Graph { dataflows[scopes[scope].dataflow].graph }

  /// `pe_0.adder`: the names of the instances from the top, which itself is not named.
  func path(of scope: Int) -> String {
    if scope == 0 { return "" }
    let prefix = path(of: scopes[scope].parent)
    return prefix.isEmpty ? scopes[scope].name : prefix + "." + scopes[scope].name
  }
}
