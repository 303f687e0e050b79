// What a simulator runs: a network, loaded once, on some samples. For the hardware it becomes a job: load, then for every sample
// write inputs, start, wait, read.

import Emit
import Machine
import Mapper

/// A network that is loaded once and run on some samples.
struct Workload {
  var mapping: Mapping
  /// What is loaded.
  var images: MemoryImages
  var samples: [Sample]

  /// One run.
  struct Sample {
    var number: Int
    /// In the order of `mapping.graph.inputs`.
    var inputs: [[UInt8]]
    /// In the order of `mapping.graph.states`; nil: what the run before left.
    var state: [[UInt8]]?

    init(_ number: Int, _ inputs: [[UInt8]], state: [[UInt8]]? = nil) { (self.number, self.inputs, self.state) = (number, inputs, state) }
  }
}

/// How the host behaves.
public struct HostBehaviour: Sendable, Equatable {
  public var waiting = BenchCommand.Waiting.interrupt
  /// Of 256, that a valid or ready signal of the bus waits a cycle.
  public var waitStates = 0
  public var seed: UInt64 = 1
  public init(waiting: BenchCommand.Waiting = .interrupt, waitStates: Int = 0, seed: UInt64 = 1) {
    (self.waiting, self.waitStates, self.seed) = (waiting, waitStates, seed)
  }
}

/// Registers read before the first sample.
private let identityRegisters: [RegisterMap.Register] = [.identity, .version, .fingerprint, .array]
/// Registers read after every sample.
private let runRegisters: [RegisterMap.Register] = [.status, .error, .cyclesLow, .cyclesHigh, .stalls]

extension Job {
  /// Workloads one after the other, with a reset between them.
  init(_ workloads: [Workload], _ host: HostBehaviour) {
    self.init()
    for register in identityRegisters { read(register) }
    for (index, workload) in workloads.enumerated() {
      if index > 0 { reset() }
      for image in workload.images.images { load(image) }
      write(.interruptEnable, 3)
      if index == 0, host.waitStates > 0 { waitStates(seed: UInt32(truncatingIfNeeded: host.seed), probability: host.waitStates) }
      for sample in workload.samples { add(sample, workload.mapping, host.waiting) }
    }
  }

  /// Writes inputs, starts, waits, reads registers and outputs.
  private mutating func add(_ sample: Workload.Sample, _ mapping: Mapping, _ waiting: BenchCommand.Waiting) {
    mark(sample: sample.number)
    for write in mapping.writes(inputs: sample.inputs, state: sample.state) { writeFeatures(write.address, write.bytes) }
    start()
    wait(waiting, limit: cycleLimit(mapping))
    for register in runRegisters { read(register) }
    write(.interruptStatus, 3)
    for tensor in mapping.graph.outputs {
      if let address = mapping.address(of: tensor) { readFeatures(address, count: mapping.graph.tensors[tensor].byteCount) }
    }
  }
}

/// Cycles after which a run counts as hung.
func cycleLimit(_ mapping: Mapping) -> Int { mapping.predictedCycles * 4 + 200_000 }
