// The job of a verification: load once, then for every sample write inputs, start, wait, read.

import Emit
import Machine
import Mapper

/// How the host behaves.
public struct HostBehaviour: Sendable, Equatable {
  public var waiting = Command.Waiting.interrupt
  /// Of 256, that a valid or ready signal of the bus waits a cycle.
  public var waitStates = 0
  public var seed: UInt64 = 1
  public init(waiting: Command.Waiting = .interrupt, waitStates: Int = 0, seed: UInt64 = 1) {
    (self.waiting, self.waitStates, self.seed) = (waiting, waitStates, seed)
  }
}

/// Registers read before the first sample.
let identityRegisters: [RegisterMap.Register] = [.identity, .version, .fingerprint, .array]
/// Registers read after every sample.
let runRegisters: [RegisterMap.Register] = [.status, .error, .cyclesLow, .cyclesHigh, .stalls]

/// The commands for some samples of a network.
public func sampleJob(
  _ mapping: Mapping, _ images: MemoryImages, samples: [(number: Int, inputs: [[UInt8]])], host: HostBehaviour = HostBehaviour()
) -> Job {
  var job = Job()
  for register in identityRegisters { job.read(register) }
  for image in images.images { job.load(image) }
  job.write(.interruptEnable, 3)
  if host.waitStates > 0 { job.waitStates(seed: UInt32(truncatingIfNeeded: host.seed), probability: host.waitStates) }
  for sample in samples { job.addSample(sample.number, sample.inputs, mapping, host.waiting) }
  return job
}

extension Job {
  /// Writes inputs, starts, waits, reads registers and outputs.
  mutating func addSample(_ number: Int, _ inputs: [[UInt8]], _ mapping: Mapping, _ waiting: Command.Waiting) {
    mark(sample: number)
    for (tensor, bytes) in zip(mapping.graph.inputs, inputs) {
      if let address = mapping.address(of: tensor) { writeFeatures(address, bytes) }
    }
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
