/// Where the names in the Verilog come from: a side file for each module, instead of comments in the text.
///
/// It lists every port, wire, register, memory, instance and named expression with its line in the Verilog and its
/// place in the Swift source, in the order of the text. Names that the printer made up are not in it.
extension VerilogPrinter {
  /// JSON for each module, leaves first; `name` is the module's name. To be written as `name.map.json` beside `name.v`.
  public static func positions(_ design: Design) -> [(name: String, text: String)] { modulePositions(design, .verilog) }
}

func modulePositions(_ design: Design, _ dialect: VerilogDialect) -> [(name: String, text: String)] {
  design.modules.map { definition in
    var writer = VerilogModule(definition.graph, dialect)
    let text = writer.text()
    return (definition.name, sourceMap(definition.name, dialect, writer.declaredNames(in: text)))
  }
}

private func sourceMap(_ module: String, _ dialect: VerilogDialect, _ names: [DeclaredName]) -> String {
  let lines = names.map { name in
    "    {\"name\": \(quoted(name.verilog)), \"kind\": \"\(name.kind)\", \"line\": \(name.line), "
      + "\"swift\": \(quoted(name.swift)), \"source\": \(quoted(name.source.description))}"
  }
  return """
    {
      "module": \(quoted(module)),
      "verilog": \(quoted("\(module).\(dialect.fileEnding)")),
      "names": [
    \(lines.joined(separator: ",\n"))
      ]
    }

    """
}

private func quoted(_ text: String) -> String {
  var result = "\""
  for character in text.unicodeScalars {
    switch character {
    case "\"", "\\": result += "\\\(character)"
    case _ where character.value < 32: result += " "
    default: result.unicodeScalars.append(character)
    }
  }
  return result + "\""
}

/// One name in the Verilog, and the declaration behind it.
struct DeclaredName {
  let verilog: String
  let kind: String
  let line: Int
  let swift: String
  let source: SourceLocation
}

extension VerilogModule {
  /// Everything with a place in the Swift source, once `text` has been printed.
  func declaredNames(in text: String) -> [DeclaredName] {
    let lines = declarationLines(text)
    var result: [DeclaredName] = []
    func add(_ verilog: String, _ kind: String, _ swift: String, _ source: SourceLocation?) {
      guard let line = lines[verilog], let source else { return }
      result.append(DeclaredName(verilog: verilog, kind: kind, line: line, swift: swift, source: source))
    }
    for (index, signal) in graph.signals.enumerated() { add(names.signals[index], signal.kind.word, signal.name, signal.location) }
    for (index, memory) in graph.memories.enumerated() { add(names.memories[index], "memory", memory.name, memory.location) }
    for (index, instance) in graph.instances.enumerated() { add(names.instances[index], "instance", instance.name, instance.location) }
    for (id, name) in graph.expressionNames { add(named[id] ?? "", "expression", name, graph.expressionLocations[id]) }
    return result.sorted { ($0.line, $0.verilog) < ($1.line, $1.verilog) }
  }

  /// The line on which each identifier is declared, counted from 1.
  private func declarationLines(_ text: String) -> [String: Int] {
    let words = Set<Substring>(["input", "output", "wire", "reg", "logic", "signed"]).union(declaredTypes.map { $0[...] })
    let instances = Set(names.instances)
    var result: [String: Int] = [:]
    var isInType = false
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      // Cases and members are no declarations of the module.
      if isInType || line.hasPrefix("  typedef ") {
        isInType = !line.hasPrefix("  }")
        continue
      }
      var parts = line.split { " ,;(".contains($0) }[...]
      if let attribute = parts.firstIndex(of: "*)") { parts = parts[(attribute + 1)...] }
      guard let first = parts.first else { continue }
      if words.contains(first) {
        guard let name = parts.first(where: { !words.contains($0) && !$0.hasPrefix("[") }) else { continue }
        result[String(name)] = result[String(name)] ?? number + 1
      } else if line.hasSuffix("("), let name = parts.last, instances.contains(String(name)) {
        result[String(name)] = number + 1
      }
    }
    return result
  }
}

extension Signal.Kind {
  fileprivate var word: String {
    switch self {
    case .input: "input"
    case .output: "output"
    case .wire: "wire"
    case .register: "register"
    case .instanceOutput: "instance output"
    case .memoryRead: "memory word"
    }
  }
}
