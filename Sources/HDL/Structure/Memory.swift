/// A synchronous memory that synthesis maps to block RAM: one write port, any number of read ports.
///
/// Both happen at the clock edge, so the word read at address `a` is there in the next cycle. What a read returns of
/// the word that is written in the same cycle is said by `collision`, and what the memory holds before anything is
/// written by `contents`: with contents and no write port it is a table.
public struct Memory {
  /// What a read returns of the word that is written at the same clock edge.
  public enum Collision: Hashable, Sendable {
    /// Any word: do not rely on either. Block RAM of every kind has this.
    case undefined
    /// The word as it was. Where the RAM cannot do that, synthesis adds registers.
    case readsOld
    /// The word as it will be. Registers and a multiplexer beside the RAM remember what was written.
    case readsNew
  }

  let graph: Graph
  let index: Int
  public let depth: Int
  public let width: Int
  /// The parts of a word that can be written separately.
  public let lanes: Int

  public init(
    _ name: String, depth: Int, width: Int, lanes: Int = 1, collision: Collision = .undefined, contents: Contents = .undefined,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    graph = Scope.required("Memory").graph
    index = graph.memories.count
    let location = SourceLocation(file, line)
    if depth < 1 || width < 1 { graph.report("memory '\(name)' needs at least one word of one bit, not \(depth) words of \(width) bits", at: location) }
    if lanes < 1 || width % max(1, lanes) != 0 {
      graph.report("memory '\(name)' cannot divide \(width) bits into \(lanes) equal lanes; make the width a multiple of the lanes", at: location)
    }
    self.depth = max(1, depth)
    self.width = max(1, width)
    self.lanes = max(1, lanes)
    let divides = self.width % self.lanes == 0
    graph.memories.append(
      MemoryRecord(
        name: name, depth: self.depth, width: self.width, lanes: divides ? self.lanes : 1, collision: collision, location: location))
    contents.fill(&graph.memories[index], in: graph)
  }

  /// The word at `address`, one cycle later. While `enable` is false the last word read stays.
  public func read(at address: Unsigned, when enable: Bit? = nil, in domain: ClockDomain? = nil) -> Unsigned {
    let record = graph.memories[index]
    if graph.openBlocks.count > 1 {
      graph.report("memory '\(record.name)' is read inside a When or Switch, which it does not follow; read it outside, and put the condition into `when:`", at: graph.openLocations.last ?? record.location)
    }
    let addressNode = fitted(address)
    let name = record.reads.isEmpty ? "\(record.name)_data" : "\(record.name)_data_\(record.reads.count)"
    let clock = graph.domain(ofClocked: record.name, domain, at: record.location)
    let node = graph.declare(.memoryRead, .memoryRead, name: name, .unsigned(width), record.location, domain: clock)
    var wire: Int32?
    if record.collision == .readsNew {
      wire = graph.declare(.wire, .variable, name: "\(record.name)_word", .unsigned(width), record.location)
    }
    graph.memories[index].reads.append(
      .init(address: addressNode, enable: enable?.reference.id(in: graph), node: node, domain: clock, bypassed: wire))
    return Unsigned(reference: Reference(graph, wire ?? node, .unsigned(width)))
  }

  /// Writes `data` at the clock edge while `enable` holds, into the lanes whose bit is set (all by default).
  public func write(
    at address: Unsigned, _ data: Unsigned, when enable: Bit? = nil, lanes mask: Unsigned? = nil, in domain: ClockDomain? = nil
  ) {
    let record = graph.memories[index]
    let place = graph.openLocations.last ?? record.location
    if !record.writes.isEmpty {
      return graph.report("memory '\(record.name)' has several drivers: only one write port is possible; select the address and data before it", at: place)
    }
    if graph.openBlocks.count > 1 {
      graph.report("memory '\(record.name)' is written inside a When or Switch; put the condition into `when:`", at: place)
    }
    let dataNode = graph.fit(data.reference, to: .unsigned(width), "written to", record.name, at: place)
    var maskNode: Int32?
    if let mask {
      if mask.width != lanes && !mask.reference.isFlexible {
        graph.report("\(mask.reference.description) cannot select the lanes of '\(record.name)': it has \(lanes) lanes, one bit each", at: place)
      } else {
        maskNode = graph.fit(mask.reference, to: .unsigned(lanes), "used as lanes of", record.name, at: place)
      }
    }
    // A write with a mistake still counts as one: it has been reported.
    let stored = dataNode ?? graph.constant(.zero(width), isSigned: false)
    let enableNode = enable?.reference.id(in: graph)
    let clock = graph.domain(ofClocked: record.name, domain, at: place)
    graph.memories[index].writes.append(.init(address: fitted(address), data: stored, enable: enableNode, lanes: maskNode, domain: clock))
  }

  /// One port for both: writes `data` while `isWriting` holds, and else reads, one cycle later. The word read stays
  /// during writes, and while `enable` is false nothing happens.
  public func access(
    at address: Unsigned, write data: Unsigned, when isWriting: Bit, enable: Bit? = nil, lanes mask: Unsigned? = nil,
    in domain: ClockDomain? = nil
  ) -> Unsigned {
    write(at: address, data, when: enable.map { $0 & isWriting } ?? isWriting, lanes: mask, in: domain)
    return read(at: address, when: enable.map { $0 & !isWriting } ?? !isWriting, in: domain)
  }

  private func fitted(_ address: Unsigned) -> Int32 {
    let record = graph.memories[index], shape = Shape.unsigned(record.addressWidth)
    let place = graph.openLocations.last ?? record.location
    return graph.fit(address.reference, to: shape, "used as address of", record.name, at: place) ?? graph.constant(.zero(shape.width), isSigned: false)
  }
}
