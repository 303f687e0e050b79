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
  /// The module that was elaborated.
  public var top: Definition? { modules.last }
}
