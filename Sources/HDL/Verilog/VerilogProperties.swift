/// Assertions, assumptions and cover points, under `` `ifdef FORMAL ``: a process per clock, and the names, wires and
/// registers that nothing else needs.
///
/// They are printed last, so that the rest of the text is the same with and without them.
extension VerilogModule {
  mutating func formalSection() -> String {
    if graph.properties.isEmpty { return "" }
    uses = countUses(graph)
    let known = temporaries.count, readBefore = reads, labelsBefore = usedLabels
    usedLabels = [:]
    nameDeepExpressions()
    let signals = graph.signals.indices.filter { forProperties.contains(graph.signals[$0].node) }
    let statements = graph.body.assigning { forProperties.contains($0) }
    findEnums(among: signals, in: statements)
    var isProcedural: Set<Int32> = []
    let helpers = [combinationalProcesses(statements, &isProcedural), clockedProcesses(statements, signals)]
    var processes: [String] = []
    for domain in graph.domains.indices {
      let mine = graph.properties.filter { $0.domain == domain }
      if mine.isEmpty { continue }
      var body: [String] = []
      for property in mine { body += lines(property) }
      let conditions = (hasReset(domain) ? [isNotReset(domain)] : []) + (enable(domain).map { [$0] } ?? [])
      if !conditions.isEmpty { body = ["if (\(conditions.joined(separator: " && "))) begin"] + body.map { "  " + $0 } + ["end"] }
      processes.append(process(atEdge(of: domain, isOnlyDriver: false), body))
    }
    let labels = usedLabels.map { ($0, $1.subtracting(labelsBefore[$0] ?? [])) }
    let own = signalDeclarations(signals, isProcedural, Dictionary(uniqueKeysWithValues: labels))
      + temporaries[known...].map(\.text).joined()
    // What is read only in here still counts as unread elsewhere.
    temporaries.removeLast(temporaries.count - known)
    reads = readBefore
    return "`ifdef FORMAL\n" + ([own] + helpers + processes).filter { !$0.isEmpty }.joined(separator: "\n") + "`endif\n"
  }

  private mutating func lines(_ property: Property) -> [String] {
    target = "property"
    let word = switch property.kind {
    case .assert: "assert"
    case .assume: "assume"
    case .cover: "cover"
    }
    let comment = property.message.split(whereSeparator: \.isNewline).map { "// \($0)" }
    let statement = "\(word) (\(expression(property.condition).inner));"
    guard let enable = property.enable else { return comment + [statement] }
    return comment + ["if (\(expression(enable).inner)) begin", "  " + statement, "end"]
  }
}
