/// The text of one module, section by section: ports, declarations, instances, combinational
/// assignments, the clocked process, memories.
struct VerilogModule {
  let graph: Graph
  let dialect: VerilogDialect
  var names: VerilogNames
  /// How often each node is used by something that is printed; properties count only while they are printed.
  var uses: [Int32]
  /// Whether anything at all reads a node, properties included.
  let isRead: [Bool]
  /// Wires and registers that only properties read: they are printed with those.
  let forProperties: Set<Int32>
  /// The statements that make hardware, without those for properties.
  let hardware: Block
  /// Expressions that got a name.
  var named: [Int32: String] = [:]
  /// Their declarations, operands before users.
  var temporaries: [(id: Int32, text: String)] = []
  var reads = ReadBits()
  /// Domains whose clock, reset or enable input the text reads.
  var clocksRead: Set<Int> = []
  var resetsRead: Set<Int> = []
  var enablesRead: Set<Int> = []
  /// Case names that the text mentions, by signal.
  var usedLabels: [Int: Set<Int>] = [:]
  /// Constants with names: their names, and their declarations.
  var constantNames: [Int32: String] = [:]
  var constants = ""
  /// Wires and registers that have the type of their enum.
  var enumSignals: Set<Int> = []
  /// The types that are declared by now.
  var declaredTypes: Set<String> = []
  /// Whether what has been printed of a process reads some bits of a word.
  var readsParts = false
  /// What drives a port is being printed: in a connection Icarus 11 takes no cases of an enum, and spoils them elsewhere.
  var isConnection = false
  /// The signal whose assignment is being printed: temporaries are named after it.
  var target = ""

  init(_ graph: Graph, _ dialect: VerilogDialect) {
    self.graph = graph
    self.dialect = dialect
    let forProperties = graph.signalsForProperties
    self.forProperties = forProperties
    hardware = forProperties.isEmpty ? graph.body : graph.body.assigning { !forProperties.contains($0) }
    uses = countUses(graph, of: hardware, includingProperties: false)
    isRead = countUses(graph).map { $0 > 0 }
    names = VerilogNames(graph, isRead: isRead, dialect)
  }

  mutating func text() -> String {
    nameDeepExpressions()
    var isProcedural: Set<Int32> = []
    var instances: [String] = []
    for index in graph.instances.indices { instances.append(instance(index)) }
    let signals = graph.signals.indices.filter { !forProperties.contains(graph.signals[$0].node) }
    findEnums(among: signals, in: hardware)
    let combinational = combinationalProcesses(hardware, &isProcedural)
    let clocked = clockedProcesses(hardware, signals)
    var memories: [String] = []
    for index in graph.memories.indices { memories.append(memoryProcesses(index)) }
    let prints = printSection()
    // What to declare is known only now that everything else has been printed.
    let sections = [
      constants + declarations(signals, isProcedural), temporaries.map(\.text).joined(), instances.joined(separator: "\n"), combinational, clocked,
      memories.joined(separator: "\n"), prints, unusedSink(), formalSection(),
    ]
    return wrapped(header(isProcedural) + sections.filter { !$0.isEmpty }.joined(separator: "\n") + "endmodule\n")
  }

  func name(of signal: Int32) -> String { names.signals[graph.nodes[Int(signal)].immediate] }

  func range(_ shape: Shape) -> String {
    (shape.isSigned ? "signed " : "") + (shape.width == 1 ? "" : "[\(shape.width - 1):0] ")
  }
  func process(_ head: String, _ body: [String]) -> String {
    "  \(head) begin\n" + body.map { "    \($0)\n" }.joined() + "  end\n"
  }

  // MARK: header and declarations

  private func header(_ isProcedural: Set<Int32>) -> String {
    var ports = clockPorts()
    for port in graph.ports {
      let signal = graph.signals[port.signal]
      let kind = port.isInput ? dialect.input : dialect.output(isProcedural: isProcedural.contains(signal.node))
      let remarks = signal.documentation.split(whereSeparator: \.isNewline).map { "// \($0)\n  " }.joined()
      ports.append("\(remarks)\(attributes(signal.node))\(kind) \(range(signal.shape))\(names.signals[port.signal])")
    }
    let comment = graph.documentation.split(whereSeparator: \.isNewline).map { "// \($0)\n" }.joined()
    let list = ports.isEmpty ? "" : " (\n  " + ports.joined(separator: ",\n  ") + "\n)"
    return "\(comment)module \(graph.name)\(list);\n"
  }

  private mutating func declarations(_ signals: [Int], _ isProcedural: Set<Int32>) -> String {
    var text = signalDeclarations(signals, isProcedural, usedLabels) + memoryDeclarations()
    for (index, record) in graph.instances.enumerated() {
      for (number, port) in record.definition.ports.enumerated() where !port.isInput && !isConnected(record.outputs[number]) {
        text += "  \(dialect.wire) \(range(record.definition.signals[port.signal].shape))\(unusedOutput(index, number));\n"
      }
    }
    return text
  }

  /// The declarations of `signals`, of their types, and of the cases that `labels` mentions.
  mutating func signalDeclarations(_ signals: [Int], _ isProcedural: Set<Int32>, _ labels: [Int: Set<Int>]) -> String {
    var text = dialect == .verilog ? caseConstants(labels) : enumDeclarations(labels, signals) + structDeclarations(signals)
    for index in signals {
      let signal = graph.signals[index]
      let type = enumSignals.contains(index) ? names.enums[index].map { names.enumTypes[$0] } : structType(of: index)?.type
      func declaration(_ word: String) -> String { "\(type.map { "\($0) " } ?? "\(word) \(range(signal.shape))")\(names.signals[index]);\n" }
      switch signal.kind {
      case .input, .output: continue
      case .wire: text += "  \(attributes(signal.node))\(declaration(isProcedural.contains(signal.node) ? dialect.variable : dialect.wire))"
      case .memoryRead where graph.asynchronousRead(signal.node) != nil: text += "  \(attributes(signal.node))\(declaration(dialect.wire))"
      case .register, .memoryRead:
        let own = signal.isSynchronizer ? [Attribute(name: "ASYNC_REG", value: "TRUE")] : []
        text += "  \(attributes(signal.node, own))\(declaration(dialect.variable))"
      case .instanceOutput: if isRead[Int(signal.node)] { text += "  \(attributes(signal.node))\(declaration(dialect.wire))" }
      }
    }
    return text
  }

  // MARK: instances

  private mutating func instance(_ index: Int) -> String {
    let record = graph.instances[index]
    var connections = clockConnections(record)
    for (number, port) in record.definition.ports.enumerated() {
      let portName = record.definition.portNames[number]
      target = "\(names.instances[index])_\(portName)"
      let connected: String
      if port.isInput {
        isConnection = true
        connected = expression(record.inputs[number]).string
        isConnection = false
      } else {
        connected = isConnected(record.outputs[number]) ? name(of: record.outputs[number]) : unusedOutput(index, number)
      }
      connections.append(".\(portName)(\(connected))")
    }
    let list = connections.isEmpty ? "" : "\n    " + connections.joined(separator: ",\n    ") + "\n  "
    return "  \(attributes(record.attributes))\(record.definition.name) \(parameters(record.definition))\(names.instances[index]) (\(list));\n"
  }
  private func isConnected(_ output: Int32) -> Bool { output >= 0 && isRead[Int(output)] }
  /// The parameters of a black box.
  private func parameters(_ definition: Graph) -> String {
    let list = (definition.blackBox?.parameters ?? []).map { name, value in ".\(name)(\(text(of: value)))" }
    return list.isEmpty ? "" : "#(\(list.joined(separator: ", "))) "
  }
  private func text(of value: VerilogParameter) -> String {
    switch value {
    case .integer(let number): "\(number)"
    case .bits(let number, let width): pattern(BitVector(number, width: width))
    case .text(let text): literal(text)
    }
  }
  /// The attributes of a declaration, after those that the language itself gives it.
  func attributes(_ id: Int32, _ own: [Attribute] = []) -> String { attributes(own + (graph.attributes[id] ?? [])) }
  func attributes(_ all: [Attribute]) -> String {
    all.isEmpty ? "" : "(* \(all.map { "\($0.name) = \(text(of: $0.value))" }.joined(separator: ", ")) *) "
  }
  private func unusedOutput(_ instance: Int, _ port: Int) -> String {
    names.unusedOutputs[instance][port] ?? ""
  }

  // MARK: bits that nobody reads

  /// They are gathered in one wire whose name tells linters, and people, that this is meant.
  private func unusedSink() -> String {
    var parts = unreadClocks()
    func add(_ id: Int32, _ name: String, _ width: Int) {
      for range in reads.missing(id, width: width) {
        parts.append(range.count == width ? name : part(of: id, name, range))
      }
    }
    for (index, signal) in graph.signals.enumerated() where signal.kind != .output {
      if signal.kind == .instanceOutput && !isRead[Int(signal.node)] || forProperties.contains(signal.node) { continue }
      add(signal.node, names.signals[index], signal.shape.width)
    }
    for temporary in temporaries { add(temporary.id, named[temporary.id] ?? "", graph.nodes[Int(temporary.id)].width) }
    return parts.isEmpty ? "" : "  wire unused = &{1'b0, \(parts.joined(separator: ", "))};\n"
  }
  func bits(_ range: Range<Int>) -> String {
    range.count == 1 ? "[\(range.lowerBound)]" : "[\(range.upperBound - 1):\(range.lowerBound)]"
  }
}

/// Which bits of each named value the text reads.
struct ReadBits {
  private var ranges: [Int32: [Range<Int>]] = [:]
  private var complete: Set<Int32> = []

  mutating func all(_ id: Int32) { complete.insert(id) }
  mutating func bits(_ id: Int32, _ range: Range<Int>) {
    if !complete.contains(id) { ranges[id, default: []].append(range) }
  }

  func missing(_ id: Int32, width: Int) -> [Range<Int>] {
    if complete.contains(id) { return [] }
    var result: [Range<Int>] = []
    var next = 0
    for range in (ranges[id] ?? []).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { result.append(next..<range.lowerBound) }
      next = max(next, range.upperBound)
    }
    if next < width { result.append(next..<width) }
    return result
  }
}
