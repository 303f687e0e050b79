/// Elaboration: running the bodies of a module and of everything below it, once per distinct module
/// value, and checking what they described.
///
/// - Parameters:
///   - domain: what the top's default clock domain is like: its edge, its reset, its enable, its initial values.
///   - domains: the same for domains that the top stores, by their names.
///   - prefix: what the Verilog name of every module begins with, those of this library included, so that designs made apart
///     can be parts of one. Black boxes keep their names: their text is somebody else's.
///   - allowingUnread: whether wires and registers may be there that nothing reads. By default they are errors,
///     for most are mistakes; `ignore` says of a single one that it is none.
/// - Throws: `ElaborationFailure` with every diagnostic of every module.
public func elaborate<M: Module>(
  _ top: M, in domain: ClockDomain = .default, and domains: [ClockDomain] = [], prefix: String = "", allowingUnread: Bool = false
) throws(ElaborationFailure) -> Design {
  try elaborate(top, in: domain, and: domains, prefix: prefix, allowingUnread: allowingUnread, passes: Pass.all)
}

/// As above, with a choice of passes.
package func elaborate<M: Module>(
  _ top: M, in domain: ClockDomain = .default, and domains: [ClockDomain] = [], prefix: String = "", allowingUnread: Bool = false, passes: [Pass]
) throws(ElaborationFailure) -> Design {
  let elaborator = Elaborator(prefix: prefix)
  _ = elaborator.definition(of: top, requestedBy: nil)
  let definitions = elaborator.definitions
  for graph in definitions { check(graph, allowingUnread: allowingUnread) }
  checkMemoryFiles(definitions)
  let diagnostics = definitions.flatMap(\.diagnostics)
  if !diagnostics.isEmpty { throw ElaborationFailure(diagnostics: diagnostics) }
  for graph in definitions {
    splitFalseLoops(graph)
    for pass in passes { pass.run(graph) }
  }
  return Design(try Specializer.specialized(definitions, in: domain, and: domains))
}

/// What `Register("…")`, `instance` and `Memory` need to know about where they are. It is looked up at
/// declarations only: every expression finds its graph in its operands.
final class Scope: @unchecked Sendable {
  // Confined to the task that elaborates; the task-local below is bound around `body()` only.
  let elaborator: Elaborator
  let graph: Graph
  init(elaborator: Elaborator, graph: Graph) {
    self.elaborator = elaborator
    self.graph = graph
  }
  @TaskLocal static var current: Scope?

  static func required(_ what: String) -> Scope {
    guard let current else { preconditionFailure("\(what) can only be declared while a module's body() is being elaborated") }
    return current
  }
}

final class Elaborator {
  private struct Known {
    let module: Any
    let graph: Graph
  }
  private(set) var definitions: [Graph] = []
  private var known: [AnyHashable: Known] = [:]
  /// In small letters: some file systems and some tools do not tell them apart from others.
  private var usedNames: Set<String> = []
  private var foreignNames: Set<String> = []
  private var inProgress: Set<AnyHashable> = []
  /// What the names of this design's own modules begin with.
  private let prefix: String

  init(prefix: String) { self.prefix = prefix }

  /// The definition of `module`, and the equal module value that it was made from.
  ///
  /// - Parameter site: where it was asked for, which is what diagnostics of this library's own modules point to.
  func definition<M: Module>(of module: M, requestedBy parent: Graph?, at site: SourceLocation? = nil) -> (M, Graph)? {
    let key = AnyHashable(module)
    if let hit = known[key], let prototype = hit.module as? M { return (prototype, hit.graph) }
    guard inProgress.insert(key).inserted else {
      parent?.report("module '\(module.moduleName)' contains itself; an inner instance needs different parameters")
      return nil
    }
    defer { inProgress.remove(key) }

    let box = module as? any BlackBox
    let graph = Graph(name: box.map { reserved($0.verilogName) } ?? unusedName(prefix + module.moduleName), documentation: module.documentation)
    graph.site = site?.isInLibrary == true ? parent?.site : site
    let parts = parts(of: module)
    for case let domain as ClockDomain in Mirror(reflecting: module).children.map(\.value) { _ = graph.index(of: domain) }
    for part in parts { part.part.resolve(in: module) }
    // A module value may share its cells with one that is being elaborated further up.
    let cells = parts.flatMap(\.part.cells)
    let outer = cells.map(\.reference)
    for cell in cells { cell.resolveWidth(in: module, graph) }
    for (part, name) in parts { part.bind(to: graph, name: name) }
    graph.isAbandoned = reportShared(parts, in: graph)
    if !graph.isAbandoned { Scope.$current.withValue(Scope(elaborator: self, graph: graph)) { module.body() } }
    box?.describe(in: graph, isTop: parent == nil, self)
    if box != nil && usedNames.contains(graph.name.lowercased()) {
      parent?.report("the black box '\(graph.name)' has the name of a module of this design; give that one another moduleName", at: site)
    }
    for (cell, reference) in zip(cells, outer) { cell.reference = reference }

    graph.finish()
    known[key] = Known(module: module, graph: graph)
    definitions.append(graph)
    return (module, graph)
  }

  /// Whether one declaration is stored in two places, so that two ports would be one.
  private func reportShared(_ parts: [(part: any ModulePart, name: String)], in graph: Graph) -> Bool {
    var seen: Set<ObjectIdentifier> = []
    let shared = parts.filter { part in !part.part.cells.map { seen.insert(ObjectIdentifier($0)).inserted }.allSatisfy { $0 } }
    for part in shared {
      graph.report("'\(part.name)' shares its declaration with another port, so that both would be one; declare each by itself, as in (0..<n).map { _ in Input(…) }", at: part.part.cells.first?.location)
    }
    return !shared.isEmpty
  }

  /// The name of a foreign module, which all its instances share and no module of ours may take.
  private func reserved(_ name: String) -> String {
    foreignNames.insert(name.lowercased())
    return name
  }
  private func unusedName(_ wanted: String) -> String {
    let base = VerilogNames.legal(wanted)
    var name = base
    var count = 0
    while foreignNames.contains(name.lowercased()) || !usedNames.insert(name.lowercased()).inserted {
      count += 1
      name = "\(base)_\(count)"
    }
    return name
  }
}
