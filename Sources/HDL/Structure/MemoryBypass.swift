/// The new word for a read that meets a write: `Memory.Collision.readsNew` as ordinary logic.
///
/// Beside each read port, registers remember whether the last read met a write, and what was written; a multiplexer
/// takes that instead of what the memory returned. All of them stand still with the port, so that the word stays.
extension Graph {
  /// Once the body has run and all ports are known.
  func bypassMemories() {
    for memory in memories where memory.collision != .undefined {
      for read in memory.reads where read.domain != nil {
        let stored = Unsigned(reference: Reference(self, read.node, .unsigned(memory.width)))
        if memory.writes.contains(where: { clockSource(of: read.domain ?? 0) != clockSource(of: $0.domain) }) {
          report("memory '\(memory.name)' is written and read by different clocks, so that a collision is undefined; use collision: .undefined", at: memory.location)
          connect(read, to: stored)
        } else if memory.collision == .readsNew {
          connect(read, to: memory.writes.reduce(stored) { bypassed(read, $1, memory, stored: $0) })
        }
      }
    }
  }

  private func connect(_ read: MemoryRecord.Read, to word: Unsigned) {
    guard let wire = read.bypassed else { return }
    body.statements.append(.assign(Assignment(target: wire, value: word.reference.id(in: self), location: nil)))
  }

  /// The word that `write` has written, or else `stored`.
  private func bypassed(_ read: MemoryRecord.Read, _ write: MemoryRecord.Write, _ memory: MemoryRecord, stored: Unsigned) -> Unsigned {
    func value(_ id: Int32) -> Unsigned { Unsigned(reference: Reference(self, id, nodes[Int(id)].shape)) }
    func condition(_ id: Int32?) -> Bit { id.map { Bit(reference: Reference(self, $0, .bit)) } ?? true }
    let held = Block()
    func hold(_ suffix: String, _ next: Unsigned) -> Unsigned {
      let name = "\(memory.name)_\(suffix)"
      let node = declare(.register, .register, name: name, .unsigned(next.width), memory.location, domain: read.domain)
      held.statements.append(.assign(Assignment(target: node, value: next.reference.id(in: self), location: nil)))
      return value(node)
    }
    let meets = value(read.address) === value(write.address) && condition(write.enable)
    let hits = hold("hit", write.lanes.map { select(meets, value($0), Unsigned(0, width: memory.lanes)) } ?? meets.asUnsigned)
    let written = hold("written", value(write.data))
    if let enable = read.enable {
      body.statements.append(.branch(Branch(arms: [.init(condition: enable, block: held)], location: memory.location)))
    } else {
      body.statements += held.statements
    }
    if write.lanes == nil || memory.lanes == 1 { return select(hits[0], written, stored) }
    let size = memory.width / memory.lanes
    return concatenate(
      (0..<memory.lanes).map { lane in
        let bits = size * lane..<size * (lane + 1)
        return select(hits[lane], written[bits], stored[bits])
      })
  }
}
