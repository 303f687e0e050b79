/// Memories as synthesis tools recognise them: one clocked process for each port, an assignment for a read without a clock, and
/// the promise, where it holds, that nobody relies on what a read of the word being written returns.
extension VerilogModule {
  func memoryDeclarations() -> String {
    graph.memories.indices.map { index in
      let memory = graph.memories[index]
      let type = structType(ofMemory: index)?.type ?? "\(dialect.variable)\(memory.width == 1 ? "" : " [\(memory.width - 1):0]")"
      let lane = usesLaneLoop(memory) ? "  integer \(names.lanes[index]);\n" : ""
      let declaration = attributes(memory) + "  \(type) \(names.memories[index]) [0:\(memory.depth - 1)];\n"
      // Two clocks that write one memory are what such a memory is for.
      let isShared = Set(memory.writes.map { graph.clockSource(of: $0.domain) }).count > 1
      return (isShared ? "  /* verilator lint_off MULTIDRIVEN */\n\(declaration)  /* verilator lint_on MULTIDRIVEN */\n" : declaration) + lane
    }.joined()
  }

  private func attributes(_ memory: MemoryRecord) -> String {
    let hasReads = memory.reads.contains { $0.domain != nil }
    var own: [Attribute] = []
    if let style = memory.style.attribute { own.append(Attribute(name: memory.writes.isEmpty ? "rom_style" : "ram_style", value: .text(style))) }
    let isRelaxed = memory.collision != .readsOld && !memory.writes.isEmpty && hasReads
    let all = attributes(own + memory.attributes)
    if !isRelaxed { return all.isEmpty ? "" : "  \(all.dropLast())\n" }
    return all.isEmpty ? "  (* no_rw_check *)\n" : "  (* no_rw_check, \(all.dropFirst(3).dropLast())\n"
  }

  mutating func memoryProcesses(_ index: Int) -> String {
    let memory = graph.memories[index]
    let name = names.memories[index]
    var processes = memoryContents(index).map { [$0] } ?? []
    for port in 0..<memory.writePorts {
      let writes = memory.writes.filter { $0.port == port }
      target = "\(name)_write"
      var body: [String] = []
      for write in writes {
        let word = "\(name)[\(expression(write.address).string)]"
        body += self.writes(memory, write, to: word, loop: names.lanes[index])
      }
      let isOnlyDriver = memory.writePorts == 1 && memory.initial.isEmpty && memory.initialFile == nil
      if let write = writes.first { processes.append(clocked(body, write.enable, write.domain, isOnlyDriver: isOnlyDriver)) }
    }
    for port in 0..<memory.readPorts {
      let reads = memory.reads.filter { $0.port == port }
      var body: [String] = []
      for read in reads {
        target = self.name(of: read.node)
        body.append("\(target) \(read.domain == nil ? "" : "<")= \(name)[\(expression(read.address).string)];")
      }
      guard let read = reads.first else { continue }
      processes.append(read.domain.map { clocked(body, read.enable, $0) } ?? body.map { "  assign \($0)\n" }.joined())
    }
    return processes.joined(separator: "\n")
  }

  /// What a port does at its edge, while its condition holds.
  private mutating func clocked(_ body: [String], _ enable: Int32?, _ domain: Int, isOnlyDriver: Bool = true) -> String {
    var body = body
    if let enable, graph.constantValue(enable)?.isZero ?? true { body = guarded(body, by: enable) }
    return process(atEdge(of: domain, isOnlyDriver: isOnlyDriver), whereEnabled(body, domain))
  }

  private mutating func guarded(_ body: [String], by condition: Int32) -> [String] {
    ["if (\(expression(condition).inner)) begin"] + body.map { "  " + $0 } + ["end"]
  }

  private func usesLaneLoop(_ memory: MemoryRecord) -> Bool {
    memory.lanes > 4 && memory.writes.contains { $0.lanes != nil }
  }

  /// The turns of a loop up to which Verilator unrolls it, and it refuses to write a memory in one that it does not.
  private var longestLoop: Int { 64 }

  private mutating func writes(_ memory: MemoryRecord, _ write: MemoryRecord.Write, to word: String, loop: String) -> [String] {
    guard let lanes = write.lanes else { return ["\(word) <= \(expression(write.data).string);"] }
    if memory.lanes == 1 { return guarded(["\(word) <= \(expression(write.data).string);"], by: lanes) }
    let size = memory.width / memory.lanes
    if !usesLaneLoop(memory) {
      return (0..<memory.lanes).map { lane in
        let range = size * lane..<size * (lane + 1)
        return "if (\(slice(lanes, lane..<lane + 1))) \(word)\(bits(range)) <= \(slice(write.data, range));"
      }
    }
    let mask = identifier(lanes), data = identifier(write.data)
    reads.all(lanes)
    reads.all(write.data)
    let part = size == 1 ? "[\(loop)]" : "[\(size) * \(loop) +: \(size)]"
    return stride(from: 0, to: memory.lanes, by: longestLoop).flatMap { first in
      [
        "for (\(loop) = \(first); \(loop) < \(min(first + longestLoop, memory.lanes)); \(loop) = \(loop) + 1) begin",
        "  if (\(mask)[\(loop)]) \(word)\(part) <= \(data)\(part);",
        "end",
      ]
    }
  }
}
