/// A declared thing with a name of its own: a port, wire, register, instance output or memory output.
package struct Signal {
  package enum Kind: Sendable { case input, output, wire, register, instanceOutput, memoryRead }
  package var name: String
  package let kind: Kind
  package let shape: Shape
  package internal(set) var node: Int32
  let location: SourceLocation
  /// What a port is, in words.
  package var documentation = ""
  /// The value after reset; nil for a register that reset leaves alone, and for everything else.
  package var reset: BitVector?
  /// Case names by encoding, for the state of an enum.
  package var labels: [(value: Int, name: String)] = []
  /// The name of that enum.
  package var labelType = ""
  /// How its bits are divided, if it is a vector or a record.
  var layout: Layout?
  /// Index into `Graph.domains`: the clock that a register or memory read follows. For a port or wire, the
  /// domain that was declared for it; nil if it follows from what drives it.
  package var domain: Int?
  /// A stage of a synchronizer: it may sample what belongs to another clock.
  package var isSynchronizer = false
}

package struct Port {
  package let signal: Int
  package let isInput: Bool
  /// How a module around this one reaches the port, where that is not `.$name` or `.bundle.name`.
  var access: String?
}

/// A child module. Index `i` of `inputs` and `outputs` belongs to port `i` of the definition; -1 is open.
package struct InstanceRecord {
  package let name: String
  package internal(set) var definition: Graph
  package var inputs: [Int32]
  package var outputs: [Int32]
  /// The domain in here that each domain of the definition is; -1 is open.
  package var domains: [Int]
  /// Wires that stand for inputs which were read before they were connected, by port.
  var readEarly: [Int: Int32] = [:]
  var attributes: [Attribute] = []
  let location: SourceLocation
}

/// A memory with up to two write ports and any number of read ports.
///
/// A port of several words at once is as many ports of one word, which share a number. What a synchronous read returns of the word that is being written is stated by `collision`. With `readsNew` the memory itself
/// may return anything: registers and multiplexers of the same graph put the new word in its place.
package struct MemoryRecord {
  package struct Read {
    package internal(set) var address: Int32
    package internal(set) var enable: Int32?
    package internal(set) var node: Int32
    /// The clock; nil for an asynchronous read, which follows its address and the memory at once.
    package let domain: Int?
    /// The wire that carries the word to its readers where it is not `node` itself.
    var bypassed: Int32?
    let port: Int

    func rebuilt(_ rebuild: (Int32) -> Int32) -> Read {
      var copy = self
      (copy.address, copy.enable) = (rebuild(address), enable.map(rebuild))
      return copy
    }
  }
  package struct Write {
    package internal(set) var address: Int32
    package internal(set) var data: Int32
    package internal(set) var enable: Int32?
    package internal(set) var lanes: Int32?
    package let domain: Int
    let port: Int

    func rebuilt(_ rebuild: (Int32) -> Int32) -> Write {
      var copy = self
      (copy.address, copy.data, copy.enable, copy.lanes) = (rebuild(address), rebuild(data), enable.map(rebuild), lanes.map(rebuild))
      return copy
    }
  }
  package let name: String
  package let depth: Int
  package let width: Int
  package let lanes: Int
  package let collision: Memory.Collision
  let style: Memory.Style
  var attributes: [Attribute] = []
  /// The first words when the power comes on; the rest, or all if there are none, is unknown.
  package internal(set) var initial: [BitVector] = []
  /// The file of hexadecimal words that Verilog tools read instead of a list.
  package internal(set) var initialFile: String?
  let location: SourceLocation
  package var reads: [Read] = []
  package var writes: [Write] = []

  package var addressWidth: Int { indexBits(depth) }
  var readPorts: Int { (reads.last?.port ?? -1) + 1 }
  var writePorts: Int { (writes.last?.port ?? -1) + 1 }
}
