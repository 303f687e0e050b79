// What a simulation saw: the records that testbenches/harness.cpp describes, parsed.

import Foundation
import Machine

/// A write of the post unit.
public struct TraceWrite: Sendable, Equatable {
  public var step: Int
  public var address: Int
  public var count: Int
  /// Clock edge of the run.
  public var cycle: Int
  /// Where the bytes stand in `SimulationResults.words`: four to a word, first byte in the low bits.
  var data: Int
  /// Where the bytes before the fused addition stand.
  var before: Int
}

/// An access to the bus that did not answer OKAY.
public struct BusError: Sendable, Equatable {
  public var address: Int
  /// AXI's two bits: 2 is SLVERR.
  public var response: Int
  public var isWrite: Bool
  public init(address: Int, response: Int, isWrite: Bool) {
    (self.address, self.response, self.isWrite) = (address, response, isWrite)
  }
}

/// What was seen of one sample.
public struct SampleRun: Sendable {
  public var sample: Int
  /// Whether the accelerator ended the run in time.
  public var finished = false
  /// Clock edges from the start command to the end, counted outside the accelerator.
  public var countedCycles = 0
  public var writes: [TraceWrite] = []
  /// By step: clock edges of its start and end.
  public var started: [Int: Int] = [:]
  public var ended: [Int: Int] = [:]
  /// Words read over the bus, by byte address.
  public var read: [Int: UInt32] = [:]
  /// Accesses that did not answer OKAY.
  public var busErrors: [BusError] = []
  /// These, and other things that must not happen, in words.
  public var problems: [String] = []

  /// A control register as it was read after the run.
  public func register(_ register: RegisterMap.Register) -> UInt32? { read[register.address] }

  /// Bytes of the feature memory as they were read; nil where they were not.
  public func features(_ address: Int, count: Int) -> [UInt8?] {
    (0..<count).map { offset in
      let at = RegisterMap.Region.features.base + address + offset
      return read[at & ~3].map { UInt8(truncatingIfNeeded: $0 >> UInt32(8 * (at & 3))) }
    }
  }
}

/// A parsed file of results.
public struct SimulationResults: Sendable {
  public var words: [UInt32]
  /// What was read before the first sample.
  public var setup: SampleRun
  public var samples: [SampleRun]

  /// The byte `index` of a traced write.
  public func byte(_ write: TraceWrite, _ index: Int) -> UInt8 { byte(write.data, index) }
  /// The same before the fused addition.
  public func byteBefore(_ write: TraceWrite, _ index: Int) -> UInt8 { byte(write.before, index) }

  private func byte(_ base: Int, _ index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: words[base + index / 4] >> UInt32(8 * (index % 4)))
  }

  public init(bytes: Data) throws(SimulationFailure) {
    var words = [UInt32](repeating: 0, count: bytes.count / 4)
    bytes.withUnsafeBytes { source in
      for index in words.indices { words[index] = UInt32(littleEndian: source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)) }
    }
    try self.init(words: words)
  }

  /// - Throws: `SimulationFailure` when the records are damaged or end early.
  public init(words: [UInt32]) throws(SimulationFailure) {
    self.words = words
    setup = SampleRun(sample: -1)
    samples = []
    var current = SampleRun(sample: -1)
    var at = 0
    func damaged() -> SimulationFailure {
      SimulationFailure(what: "simulation results", detail: "damaged at word \(at) of \(words.count); the simulation ended early")
    }
    func need(_ count: Int) throws(SimulationFailure) { if words.count - at < count { throw damaged() } }
    func hex(_ value: UInt32) -> String { "0x" + String(value, radix: 16) }
    func put(_ run: SampleRun, into result: inout SimulationResults) {
      if run.sample < 0 { result.setup = run } else { result.samples.append(run) }
    }
    while true {
      try need(1)
      let kind = words[at]
      at += 1
      switch kind {
      case 0:
        put(current, into: &self)
        return
      case 1:
        try need(2)
        let address = Int(words[at]), count = Int(words[at + 1])
        at += 2
        try need(count)
        for index in 0..<count { current.read[address + 4 * index] = words[at + index] }
        at += count
      case 2:
        try need(3)
        current.finished = words[at] != 0
        current.countedCycles = Int(words[at + 1]) | Int(words[at + 2]) << 32
        at += 3
      case 3:
        try need(1)
        put(current, into: &self)
        current = SampleRun(sample: Int(words[at]))
        at += 1
      case 4, 5:
        try need(2)
        if kind == 4 { current.started[Int(words[at])] = Int(words[at + 1]) } else { current.ended[Int(words[at])] = Int(words[at + 1]) }
        at += 2
      case 6:
        try need(3)
        let count = Int(words[at] >> 16 & 0xFF), size = (count + 3) / 4
        try need(3 + 2 * size)
        current.writes.append(
          TraceWrite(
            step: Int(words[at] & 0xFFFF), address: Int(words[at + 1]), count: count, cycle: Int(words[at + 2]),
            data: at + 3, before: at + 3 + size))
        at += 3 + 2 * size
      case 7:
        try need(2)
        let error = BusError(address: Int(words[at]), response: Int(words[at + 1] & 3), isWrite: words[at + 1] & 256 != 0)
        let response = error.response == 2 ? "SLVERR" : "response \(error.response)"
        current.busErrors.append(error)
        current.problems.append("\(error.isWrite ? "write to" : "read of") \(hex(words[at])) answered \(response)")
        at += 2
      case 8:
        try need(4)
        current.problems.append("\(hex(words[at])) reads \(hex(words[at + 1])), expected \(hex(words[at + 2])) (mask \(hex(words[at + 3])))")
        at += 4
      case 9:
        try need(3)
        current.problems.append("unknown bits on the trace port in step \(words[at]) at cycle \(words[at + 2]), address \(words[at + 1])")
        at += 3
      case 10:
        try need(1)
        current.problems.append("the bus does not answer at \(hex(words[at]))")
        at += 1
      default: throw damaged()
      }
    }
  }
}
