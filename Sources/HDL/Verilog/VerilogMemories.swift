/// Memories as synthesis tools recognise them: one clocked process that writes, one per read port, and
/// the promise, where it holds, that nobody relies on what a read of the word being written returns.
extension VerilogModule {
  func memoryDeclarations() -> String {
    graph.memories.indices.map { index in
      let memory = graph.memories[index]
      let type = structType(ofMemory: index)?.type ?? "\(dialect.variable)\(memory.width == 1 ? "" : " [\(memory.width - 1):0]")"
      let lane = usesLaneLoop(memory) ? "  integer \(names.lanes[index]);\n" : ""
      let promise = memory.collision == .readsOld || memory.writes.isEmpty ? "" : "  (* no_rw_check *)\n"
      return "\(promise)  \(type) \(names.memories[index]) [0:\(memory.depth - 1)];\n" + lane
    }.joined()
  }

  mutating func memoryProcesses(_ index: Int) -> String {
    let memory = graph.memories[index]
    let name = names.memories[index]
    var processes = memoryContents(index).map { [$0] } ?? []
    for write in memory.writes {
      target = "\(name)_write"
      let word = "\(name)[\(expression(write.address).string)]"
      var body = writes(memory, write, to: word, loop: names.lanes[index])
      if let enable = write.enable, graph.constantValue(enable)?.isZero ?? true { body = guarded(body, by: enable) }
      let isOnlyDriver = memory.writes.count == 1 && memory.initial.isEmpty && memory.initialFile == nil
      processes.append(process(atEdge(of: write.domain, isOnlyDriver: isOnlyDriver), body))
    }
    for read in memory.reads {
      target = self.name(of: read.node)
      var body = ["\(target) <= \(name)[\(expression(read.address).string)];"]
      if let enable = read.enable, graph.constantValue(enable)?.isZero ?? true { body = guarded(body, by: enable) }
      processes.append(process(atEdge(of: read.domain), body))
    }
    return processes.joined(separator: "\n")
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
