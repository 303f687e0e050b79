/// A memory: up to two write ports, any number of read ports, each with the clock that it is given.
///
/// Reads and writes happen at the clock edge, so the word read at address `a` is there in the next cycle; this is what synthesis
/// maps to block RAM. What such a read returns of the word that is written in the same cycle is said by `collision`, and what
/// the memory holds before anything is written by `contents`: with contents and no write port it is a table. `memory[a]` reads
/// at once, without a clock, as distributed RAM and flip-flops can.
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
    _ name: String, depth: Int, width: Int, lanes: Int = 1, collision: Collision = .undefined, style: Style = .automatic,
    contents: Contents = .undefined, file: StaticString = #fileID, line: UInt = #line
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
        name: name, depth: self.depth, width: self.width, lanes: divides ? self.lanes : 1, collision: collision, style: style, location: location))
    contents.fill(&graph.memories[index], in: graph)
  }

  /// The word at `address`, one cycle later. While `enable` is false the last word read stays.
  ///
  /// - Parameter words: how many words at once, a power of two that divides the depth: those from address `words` times
  ///   `address` on, the first in the lowest bits.
  public func read(at address: Unsigned, when enable: Bit? = nil, words: Int = 1, in domain: ClockDomain? = nil) -> Unsigned {
    let record = graph.memories[index]
    if graph.openBlocks.count > 1 {
      graph.report("memory '\(record.name)' is read inside a When or Switch, which it does not follow; read it outside, and put the condition into `when:`", at: graph.openLocations.last ?? record.location)
    }
    let clock = graph.domain(ofClocked: record.name, domain, at: record.location)
    return read(address, when: enable, words: words, clock: clock)
  }

  /// The word at `address` at once, without a clock: a write shows after its edge. Beyond the depth it is undefined.
  public subscript(address: Unsigned) -> Unsigned { read(address, when: nil, words: 1, clock: nil) }

  private func read(_ address: Unsigned, when enable: Bit?, words: Int, clock: Int?) -> Unsigned {
    let record = graph.memories[index]
    let parts = addresses(address, words: words).map { address in
      let number = graph.memories[index].reads.count
      let name = number == 0 ? "\(record.name)_data" : "\(record.name)_data_\(number)"
      let node = graph.declare(.memoryRead, .memoryRead, name: name, .unsigned(width), record.location, domain: clock)
      graph.nodes[Int(node)].a = Int32(truncatingIfNeeded: index)
      graph.nodes[Int(node)].b = Int32(truncatingIfNeeded: number)
      var wire: Int32?
      if record.collision == .readsNew && clock != nil {
        wire = graph.declare(.wire, .variable, name: "\(record.name)_word", .unsigned(width), record.location)
      }
      graph.memories[index].reads.append(
        .init(address: address, enable: enable?.reference.id(in: graph), node: node, domain: clock, bypassed: wire, port: record.readPorts))
      return Unsigned(reference: Reference(graph, wire ?? node, .unsigned(width)))
    }
    return parts.count == 1 ? parts[0] : concatenate(parts)
  }

  /// Writes `data` at the clock edge while `enable` holds, into the lanes whose bit is set (all by default).
  ///
  /// Of two write ports neither may write what the other writes at the same edge: what is there then is undefined.
  /// - Parameter words: how many words at once, as for `read`; `data` and `mask` are as many times as wide.
  public func write(
    at address: Unsigned, _ data: Unsigned, when enable: Bit? = nil, lanes mask: Unsigned? = nil, words: Int = 1, in domain: ClockDomain? = nil
  ) {
    let record = graph.memories[index]
    let place = graph.openLocations.last ?? record.location
    if record.writePorts == 2 {
      return graph.report("memory '\(record.name)' has several drivers: only two write ports are possible; select the address and data before one", at: place)
    }
    if graph.openBlocks.count > 1 {
      graph.report("memory '\(record.name)' is written inside a When or Switch; put the condition into `when:`", at: place)
    }
    let addresses = addresses(address, words: words), count = addresses.count
    let dataNode = graph.fit(data.reference, to: .unsigned(width * count), "written to", record.name, at: place)
    var maskNode: Int32?
    if let mask {
      if mask.width != lanes * count && !mask.reference.isFlexible {
        graph.report("\(mask.reference.description) cannot select the lanes of '\(record.name)': it has \(lanes * count) lanes, one bit each", at: place)
      } else {
        maskNode = graph.fit(mask.reference, to: .unsigned(lanes * count), "used as lanes of", record.name, at: place)
      }
    }
    // A write with a mistake still counts as one: it has been reported.
    let stored = dataNode ?? graph.constant(.zero(width * count), isSigned: false)
    let enableNode = enable?.reference.id(in: graph)
    let clock = graph.domain(ofClocked: record.name, domain, at: place)
    func part(_ node: Int32, _ number: Int, _ size: Int) -> Int32 {
      count == 1 ? node : graph.intern(Node(.slice, .unsigned(size), a: node, immediate: number * size))
    }
    for (number, address) in addresses.enumerated() {
      graph.memories[index].writes.append(
        .init(
          address: address, data: part(stored, number, width), enable: enableNode, lanes: maskNode.map { part($0, number, lanes) }, domain: clock,
          port: record.writePorts))
    }
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

  /// The addresses of the words that a port of several at once concerns.
  private func addresses(_ address: Unsigned, words: Int) -> [Int32] {
    let record = graph.memories[index], place = graph.openLocations.last ?? record.location
    if words < 1 || words & (words - 1) != 0 || depth % max(1, words) != 0 {
      graph.report("memory '\(record.name)' of \(depth) words has no port of \(words) words; use a power of two that divides the depth", at: place)
      return [graph.constant(.zero(record.addressWidth), isSigned: false)]
    }
    let bits = words.trailingZeroBitCount, width = words == 1 ? record.addressWidth : indexBits(depth / words)
    let fitted = graph.fit(address.reference, to: .unsigned(width), "used as address of", record.name, at: place)
    let node = fitted ?? graph.constant(.zero(width), isSigned: false)
    if words == 1 { return [node] }
    if words == depth { return (0..<words).map { graph.constant(BitVector($0, width: record.addressWidth), isSigned: false) } }
    return (0..<words).map { word in
      graph.list(.concatenate, .unsigned(record.addressWidth), [graph.constant(BitVector(word, width: bits), isSigned: false), node])
    }
  }
}
