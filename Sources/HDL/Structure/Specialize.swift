/// Hands the properties of clocks down from the top: every definition gets the clocks that its instances really have.
///
/// Definitions are described, checked and simplified once, whatever their clocks are like. Only now one that is used with unlike
/// clocks becomes several modules of the Verilog. The first keeps the name, so a design with one kind of clock has the same
/// modules as with any other.
struct Specializer {
  private struct Key: Hashable {
    let definition: ObjectIdentifier
    let outside: [ClockProperties]
  }
  private var known: [Key: Graph] = [:]
  private var variants: [ObjectIdentifier: [Graph]] = [:]
  private var usedNames: Set<String>
  private(set) var diagnostics: [Diagnostic] = []

  /// `definitions`, leaves first, with the last one's default domain like `domain`, and others of its domains like those of
  /// their name in `others`.
  static func specialized(_ definitions: [Graph], in domain: ClockDomain, and others: [ClockDomain]) throws(ElaborationFailure) -> [Graph] {
    guard let top = definitions.last else { return [] }
    var specializer = Specializer(definitions)
    var outside = top.domains.map { $0.said.properties }
    outside[0] = domain.properties ?? ClockProperties()
    for other in others {
      guard let index = top.domains.firstIndex(where: { $0.name == other.name && $0.hasPorts }) else {
        let names = top.domains.dropFirst().filter(\.hasPorts).map(\.name)
        specializer.report("the top has no clock domain '\(other)' of its own\(didYouMean(other.name, among: names))", top.signals.first?.location, in: top)
        continue
      }
      outside[index] = other.properties ?? ClockProperties()
    }
    _ = specializer.specialized(top, outside)
    if !specializer.diagnostics.isEmpty { throw ElaborationFailure(diagnostics: specializer.diagnostics) }
    return definitions.flatMap { specializer.variants[ObjectIdentifier($0)] ?? [] }
  }

  private init(_ definitions: [Graph]) { usedNames = Set(definitions.map { $0.name.lowercased() }) }

  private mutating func specialized(_ graph: Graph, _ outside: [ClockProperties]) -> Graph {
    let key = Key(definition: ObjectIdentifier(graph), outside: outside)
    if let hit = known[key] { return hit }
    let resolved = graph.resolvedProperties(outside), isFirst = variants[key.definition] == nil
    let name = isFirst ? graph.name : unusedName("\(graph.name)_\(resolved.first { $0 != ClockProperties() }?.suffix ?? "plain")")
    // Claims the name before those below take theirs.
    variants[key.definition, default: []].append(graph)
    let position = (variants[key.definition]?.count ?? 1) - 1
    var instances = graph.instances
    for index in instances.indices {
      let record = instances[index]
      if record.definition.blackBox != nil {
        checkBox(record, resolved, in: graph)
        continue
      }
      instances[index].definition = specialized(record.definition, passedDown(record, resolved, in: graph))
    }
    let isPlain = resolved.allSatisfy { $0 == ClockProperties() } && zip(instances, graph.instances).allSatisfy { $0.definition === $1.definition }
    let result = isPlain && isFirst ? graph : Graph(graph, name: name, resolved, instances)
    variants[key.definition]?[position] = result
    known[key] = result
    checkPortNames(result)
    return result
  }

  private mutating func passedDown(_ record: InstanceRecord, _ resolved: [ClockProperties], in graph: Graph) -> [ClockProperties] {
    record.definition.domains.enumerated().map { index, domain in
      guard domain.hasPorts, record.domains[index] >= 0 else { return ClockProperties() }
      let given = resolved[record.domains[index]]
      if domain.said != DomainRecord.Said(), domain.usesClock, let difference = domain.said.properties.difference(from: given) {
        let name = "\(record.name).\(domain.name)", other = graph.domains[record.domains[index]].name
        report("clock domain '\(name)' is declared with \(difference.wanted), and '\(other)', with which it is connected, has \(difference.found); make them agree, or declare it without properties", record.location, in: graph)
      }
      return given
    }
  }

  /// Foreign text does not know of enables.
  private mutating func checkBox(_ record: InstanceRecord, _ resolved: [ClockProperties], in graph: Graph) {
    for pin in record.definition.blackBox?.pins ?? [] where record.domains[pin.domain] >= 0 {
      let domain = record.domains[pin.domain]
      if resolved[domain].hasEnable {
        report("the black box '\(record.definition.name)' is in clock domain '\(graph.domains[domain].name)', which has an enable that the box cannot follow; put it into the domain without", record.location, in: graph)
      }
      if pin.reset != nil && resolved[domain].reset == .powerUp {
        report("the black box '\(record.definition.name)' has a reset pin, and clock domain '\(graph.domains[domain].name)' has no reset; put it into another domain", record.location, in: graph)
      }
    }
  }

  /// `reset_n` and `clock_enable` are taken only where they are there.
  private mutating func checkPortNames(_ graph: Graph) {
    let taken = Set(VerilogNames.domains(of: graph).flatMap { [$0.reset, $0.enable] })
    for port in graph.ports {
      let signal = graph.signals[port.signal]
      if taken.contains(VerilogNames.legal(snakeCase(signal.name))) && signal.name != "reset" {
        report("port '\(signal.name)' has the name of a port that the clock domain brings with it; give it another name", signal.location, in: graph)
      }
    }
  }

  private mutating func report(_ message: String, _ location: SourceLocation?, in graph: Graph) {
    let diagnostic = Diagnostic(module: graph.name, message: message, location: location)
    if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }
  private mutating func unusedName(_ wanted: String) -> String {
    var name = wanted, count = 0
    while !usedNames.insert(name.lowercased()).inserted {
      count += 1
      name = "\(wanted)_\(count)"
    }
    return name
  }
}

extension DomainRecord.Said {
  /// As those of a domain of which nothing else is known.
  var properties: ClockProperties {
    ClockProperties(
      edge: edge ?? .rising, reset: reset ?? .synchronous, hasEnable: hasEnable ?? false, hasInitialValues: hasInitialValues ?? false)
  }
}
