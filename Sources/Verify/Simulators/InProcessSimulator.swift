// The hardware in the language's own simulator: nothing is built and no tool is needed.

import Dispatch
import Emit
import Generators
import HDL
import Machine
import Synchronization

/// The hardware, elaborated and compiled once; a bench for each job.
struct InProcessSimulator: HardwareSimulator {
  private let design: CompiledDesign<Accelerator>

  init(_ hardware: Hardware) throws { design = try CompiledDesign(Accelerator(hardware)) }

  func run(_ jobs: [Job]) -> [SimulationResults] {
    let results = Mutex([SimulationResults?](repeating: nil, count: jobs.count))
    DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
      let seen = InProcessBench(design).run(jobs[index])
      results.withLock { $0[index] = seen }
    }
    return results.withLock { $0 }.compactMap { $0 }
  }

  func waveform(of job: Job, cycles: ClosedRange<Int>) -> [UInt8]? {
    let bench = InProcessBench(design, recording: cycles)
    _ = bench.run(job)
    return bench.waveform.map { Array($0.utf8) }
  }
}
