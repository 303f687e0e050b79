/// The text of one module, section by section.
struct VerilogModule {
  let graph: Graph
  var names: VerilogNames
  /// How often each node is used by something that is printed.
  let uses: [Int32]
  /// Expressions that got a name, with their declarations.
  var named: [Int32: String] = [:]
  var temporaries: [(id: Int32, text: String)] = []
  var reads: ReadBits
  /// Case names that the text mentions, by signal.
  var usedLabels: [Int: Set<Int>] = [:]

  init(_ graph: Graph) {
    self.graph = graph
    let uses = countUses(graph)
    self.uses = uses
    names = VerilogNames(graph) { uses[Int($0)] > 0 }
    reads = ReadBits()
  }

  mutating func text() -> String {
    var isProcedural: Set<Int32> = []
    let instances = graph.instances.indices.map { instance($0) }.joined(separator: "\n")
    let combinational = combinationalProcesses(&isProcedural)
    let clocked = clockedProcess()
    let memories = graph.memories.indices.map { memoryProcess($0) }.joined(separator: "\n")
    // Declarations come first in the text, but are known last.
    let temporaries = temporaryDeclarations()
    let declarations = declarations(isProcedural)
    let unused = unusedSink()
    let sections = [declarations, temporaries, instances, combinational, clocked, memories, unused]
    return header(isProcedural) + sections.filter { !$0.isEmpty }.joined(separator: "\n") + "endmodule\n"
  }

  // MARK: header and declarations

  private func header(_ isProcedural: Set<Int32>) -> String {
    var ports: [String] = []
    if graph.usesClock { ports.append("input  wire clock") }
    if graph.usesReset { ports.append("input  wire reset") }
    for port in graph.ports {
      let signal = graph.signals[port.signal]
      let kind = port.isInput ? "input  wire" : isProcedural.contains(signal.node) ? "output reg " : "output wire"
      ports.append("\(kind) \(range(signal.shape))\(names.signals[port.signal])")
    }
    let comment = graph.documentation.split(separator: "\n").map { "// \($0)\n" }.joined()
    let list = ports.isEmpty ? "" : " (\n  " + ports.joined(separator: ",\n  ") + "\n)"
    return "\(comment)module \(graph.name)\(list);\n"
  }

  func range(_ shape: Shape) -> String {
    (shape.isSigned ? "signed " : "") + (shape.width == 1 ? "" : "[\(shape.width - 1):0] ")
  }

  private func declarations(_ isProcedural: Set<Int32>) -> String {
    var text = ""
    for (index, signal) in graph.signals.enumerated() {
      for label in signal.labels.sorted(by: { $0.value < $1.value }) where usedLabels[index]?.contains(label.value) == true {
        text += "  localparam \(range(signal.shape))\(labelName(index, label.name)) = \(literal(label.value, signal.shape.width));\n"
      }
    }
    for (index, signal) in graph.signals.enumerated() {
      switch signal.kind {
      case .input, .output: continue
      case .wire: text += "  \(isProcedural.contains(signal.node) ? "reg" : "wire") \(range(signal.shape))\(names.signals[index]);\n"
      case .register, .memoryRead: text += "  reg \(range(signal.shape))\(names.signals[index]);\n"
      case .instanceOutput:
        if uses[Int(signal.node)] > 0 { text += "  wire \(range(signal.shape))\(names.signals[index]);\n" }
      }
    }
    for (index, memory) in graph.memories.enumerated() {
      let width = memory.width == 1 ? "" : "[\(memory.width - 1):0] "
      text += "  (* no_rw_check *)\n  reg \(width)\(names.memories[index]) [0:\(memory.depth - 1)];\n"
    }
    for (instance, record) in graph.instances.enumerated() {
      for (port, output) in zip(record.definition.ports, record.outputs) where !port.isInput && (output < 0 || uses[Int(output)] == 0) {
        let signal = record.definition.signals[port.signal]
        text += "  wire \(range(signal.shape))\(unusedOutput(instance, signal));\n"
      }
    }
    return text
  }

  func labelName(_ signal: Int, _ label: String) -> String {
    "\(names.signals[signal])_\(snakeCase(label))".uppercased()
  }
  private func unusedOutput(_ instance: Int, _ signal: Signal) -> String {
    "unused_\(names.instances[instance])_\(snakeCase(signal.name))"
  }

  // MARK: instances

  private mutating func instance(_ index: Int) -> String {
    let record = graph.instances[index]
    let portNames = VerilogNames.ports(of: record.definition)
    var connections: [String] = []
    if record.definition.usesClock { connections.append(".clock(clock)") }
    if record.definition.usesReset { connections.append(".reset(reset)") }
    for (number, port) in record.definition.ports.enumerated() {
      let connected: String
      if port.isInput {
        connected = expression(record.inputs[number]).string
      } else if record.outputs[number] >= 0 && uses[Int(record.outputs[number])] > 0 {
        connected = names.signals[graph.nodes[Int(record.outputs[number])].immediate]
      } else {
        connected = unusedOutput(index, record.definition.signals[port.signal])
      }
      connections.append(".\(portNames[number])(\(connected))")
    }
    let list = connections.isEmpty ? "" : "\n    " + connections.joined(separator: ",\n    ") + "\n  "
    return "  \(record.definition.name) \(names.instances[index]) (\(list));\n"
  }

  // MARK: memories

  private mutating func memoryProcess(_ index: Int) -> String {
    let memory = graph.memories[index]
    let name = names.memories[index]
    var text = ""
    for write in memory.writes {
      let address = expression(write.address).string
      var body: [String] = []
      if let lanes = write.lanes, memory.lanes > 1 {
        let mask = identifier(lanes), data = identifier(write.data), size = memory.width / memory.lanes
        reads.all(lanes)
        reads.all(write.data)
        for lane in 0..<memory.lanes {
          let bits = size == 1 ? "[\(lane)]" : "[\(lane * size + size - 1):\(lane * size)]"
          body.append("if (\(mask)[\(lane)]) \(name)[\(address)]\(bits) <= \(data)\(bits);")
        }
      } else {
        body.append("\(name)[\(address)] <= \(expression(write.data).string);")
        if let lanes = write.lanes { body = ["if (\(expression(lanes).string)) \(body[0])"] }
      }
      if let enable = write.enable, graph.constantValue(enable) == nil {
        body = ["if (\(condition(enable))) begin"] + body.map { "  " + $0 } + ["end"]
      }
      text += process("always @(posedge clock)", body)
    }
    for read in memory.reads {
      var body = ["\(names.signals[graph.nodes[Int(read.node)].immediate]) <= \(name)[\(expression(read.address).string)];"]
      if let enable = read.enable, graph.constantValue(enable) == nil {
        body = ["if (\(condition(enable))) \(body[0])"]
      }
      text += process("always @(posedge clock)", body)
    }
    return text
  }
  func process(_ head: String, _ body: [String]) -> String {
    "  \(head) begin\n" + body.map { "    \($0)\n" }.joined() + "  end\n"
  }

  // MARK: leftovers

  /// Bits that nothing reads, gathered in one wire whose name tells linters that this is meant.
  private func unusedSink() -> String {
    var parts: [String] = []
    func add(_ id: Int32, _ name: String, _ width: Int) {
      for range in reads.missing(id, width: width) {
        if range.count == width { parts.append(name) } else {
          parts.append(range.count == 1 ? "\(name)[\(range.lowerBound)]" : "\(name)[\(range.upperBound - 1):\(range.lowerBound)]")
        }
      }
    }
    for (index, signal) in graph.signals.enumerated() where signal.kind != .output {
      if signal.kind == .instanceOutput && uses[Int(signal.node)] == 0 { continue }
      add(signal.node, names.signals[index], signal.shape.width)
    }
    for temporary in temporaries { add(temporary.id, named[temporary.id] ?? "", graph.nodes[Int(temporary.id)].width) }
    return parts.isEmpty ? "" : "  wire unused = &{1'b0, \(parts.joined(separator: ", "))};\n"
  }
}

/// Which bits of each named value the text reads.
struct ReadBits {
  private var ranges: [Int32: [Range<Int>]] = [:]
  private var complete: Set<Int32> = []

  mutating func all(_ id: Int32) { complete.insert(id) }
  mutating func bits(_ id: Int32, _ range: Range<Int>) { if !complete.contains(id) { ranges[id, default: []].append(range) } }

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

/// Counts the uses of each node by everything that reaches the text.
func countUses(_ graph: Graph) -> [Int32] {
  var uses = [Int32](repeating: 0, count: graph.nodes.count)
  var pending: [Int32] = []
  func use(_ id: Int32) {
    if id < 0 { return }
    uses[Int(id)] += 1
    if uses[Int(id)] == 1 { pending.append(id) }
  }
  func walk(_ block: Block) {
    for statement in block.statements {
      switch statement {
      case .assign(let assignment): use(assignment.value)
      case .branch(let branch):
        for arm in branch.arms {
          if let condition = arm.condition { use(condition) }
          walk(arm.block)
        }
      case .match(let match):
        use(match.subject)
        for arm in match.arms { walk(arm.block) }
        if let otherwise = match.otherwise { walk(otherwise) }
      }
    }
  }
  walk(graph.body)
  for instance in graph.instances { instance.inputs.forEach(use) }
  for memory in graph.memories {
    for read in memory.reads { [read.address, read.enable ?? -1].forEach(use) }
    for write in memory.writes { [write.address, write.data, write.enable ?? -1, write.lanes ?? -1].forEach(use) }
  }
  while let id = pending.popLast() {
    let node = graph.nodes[Int(id)]
    if node.operation.isSource { continue }
    graph.operands(of: node).forEach(use)
  }
  return uses
}
