// What a simulation saw: the records of a test bench, by sample.

import Emit
import Machine

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

  public init(sample: Int) { self.sample = sample }

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

extension SampleRun {
  /// Notes what a bench saw.
  mutating func add(_ record: BenchRecord) {
    func hex(_ value: some BinaryInteger) -> String { "0x" + String(value, radix: 16) }
    switch record {
    case .end, .sample: break
    case .read(let address, let words):
      for (index, word) in words.enumerated() { read[address + 4 * index] = word }
    case .run(let finished, let cycles): (self.finished, countedCycles) = (finished, cycles)
    case .stepStarted(let step, let cycle): started[step] = cycle
    case .stepDone(let step, let cycle): ended[step] = cycle
    case .traceWrite(let write): writes.append(write)
    case .busError(let error):
      let response = error.response == 2 ? "SLVERR" : "response \(error.response)"
      busErrors.append(error)
      problems.append("\(error.isWrite ? "write to" : "read of") \(hex(error.address)) answered \(response)")
    case .checkFailed(let address, let got, let expected, let mask):
      problems.append("\(hex(address)) reads \(hex(got)), expected \(hex(expected)) (mask \(hex(mask)))")
    case .unknownBits(let step, let address, let cycle):
      problems.append("unknown bits on the trace port in step \(step) at cycle \(cycle), address \(address)")
    case .noAnswer(let address): problems.append("the bus does not answer at \(hex(address))")
    }
  }
}

/// What one job showed.
public struct SimulationResults: Sendable {
  /// What was seen before the first sample.
  public private(set) var setup = SampleRun(sample: -1)
  public private(set) var samples: [SampleRun] = []

  init(samples: [SampleRun] = []) { self.samples = samples }

  /// A file of results.
  /// - Throws: `SimulationFailure` when its records are damaged or end early.
  public init(bytes: [UInt8]) throws(SimulationFailure) {
    var rest = bytes[...]
    while true {
      let place = rest.startIndex / 4
      guard let record = BenchRecord(&rest) else {
        throw SimulationFailure(
          what: "simulation results", detail: "damaged at word \(place) of \(bytes.count / 4); the simulation ended early")
      }
      if record == .end { return }
      add(record)
    }
  }

  /// Notes what a bench saw next.
  mutating func add(_ record: BenchRecord) {
    if case .sample(let number) = record {
      samples.append(SampleRun(sample: number))
    } else if samples.isEmpty {
      setup.add(record)
    } else {
      samples[samples.count - 1].add(record)
    }
  }
}
