/// The resources of a design, module by module: what a unit costs before any tool has seen it.
public struct ResourceReport: CustomStringConvertible, Sendable {
  /// One module of the design.
  public struct Row: Sendable {
    /// The Verilog name.
    public let module: String
    /// How often it is in the design.
    public let count: Int
    /// Of one of it, without its instances.
    public let own: Resources
    /// Of one of it, with everything below.
    public let total: Resources
  }
  /// In the order of the design: leaves first, the top last.
  public let rows: [Row]
  /// Of the whole design.
  public var total: Resources { rows.last?.total ?? Resources() }
  /// The row of a module, by its Verilog name.
  public subscript(module: String) -> Row? { rows.first { $0.module == module } }

  init(_ graphs: [Graph]) {
    var counts: [ObjectIdentifier: Int] = [:], totals: [ObjectIdentifier: Resources] = [:], owns: [ObjectIdentifier: Resources] = [:]
    for graph in graphs {
      let own = Resources(of: graph), id = ObjectIdentifier(graph)
      owns[id] = own
      // What is below comes before. Black boxes are somebody else's, and nothing here.
      totals[id] = graph.instances.reduce(own) { $0 + (totals[ObjectIdentifier($1.definition)] ?? Resources()) }
    }
    if let top = graphs.last { counts[ObjectIdentifier(top)] = 1 }
    for graph in graphs.reversed() {
      let count = counts[ObjectIdentifier(graph)] ?? 0
      for instance in graph.instances { counts[ObjectIdentifier(instance.definition), default: 0] += count }
    }
    rows = graphs.map { graph in
      let id = ObjectIdentifier(graph)
      return Row(module: graph.name, count: counts[id] ?? 0, own: owns[id] ?? Resources(), total: totals[id] ?? Resources())
    }
  }

  /// A table: each module alone, times its number, and their sum.
  public var description: String {
    let columns = Resources.columns
    let lines =
      [["module", "count"] + columns.map(\.name)]
      + rows.map { row in [row.module, "\(row.count)"] + columns.map { "\((row.own * row.count)[keyPath: $0.path])" } }
      + [["total", ""] + columns.map { "\(total[keyPath: $0.path])" }]
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = line.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + space : space + text
      }
      return cells.joined(separator: "  ") + "\n"
    }.joined()
  }
}

extension Design {
  /// What the design is made of, in bits, by module and in total.
  public var resources: ResourceReport { ResourceReport(modules.map(\.graph)) }
  /// Of one module and everything below it; nil if the design has no module of that Verilog name.
  public func resources(of module: String) -> Resources? { resources[module]?.total }
}
