/// The result of elaboration: every module definition, leaves first and the top last.
///
/// A design is frozen: nothing changes it after `elaborate` returns, so it may be shared freely.
public struct Design: @unchecked Sendable {
  public struct Definition {
    package let graph: Graph
    /// The Verilog name.
    public var name: String { graph.name }
    public var documentation: String { graph.documentation }
  }
  public let modules: [Definition]

  /// What the last of `definitions` is made of. Black boxes and their models are not part of the text.
  init(_ definitions: [Graph]) {
    var isUsed: Set<ObjectIdentifier> = []
    var pending = definitions.suffix(1)
    while let graph = pending.popLast() {
      if graph.blackBox == nil, isUsed.insert(ObjectIdentifier(graph)).inserted { pending += graph.instances.map(\.definition) }
    }
    modules = definitions.filter { isUsed.contains(ObjectIdentifier($0)) }.map { Definition(graph: $0) }
  }
  /// The module that was elaborated.
  public var top: Definition? { modules.last }
}
