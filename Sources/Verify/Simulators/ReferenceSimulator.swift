// The interpreter of programs as a simulator: it knows no time and runs what the mapper made.

import Emit
import Machine
import Mapper

/// Runs programs without the hardware.
struct ReferenceSimulator: Simulator {
  func run(_ lists: [[Workload]], _ host: HostBehaviour) throws -> [SimulationResults] {
    try lists.map { SimulationResults(samples: try $0.flatMap(run)) }
  }

  func waveform(of workload: Workload, _ host: HostBehaviour, cycles: ClosedRange<Int>) -> [UInt8]? { nil }

  private func run(_ workload: Workload) throws(SimulationFailure) -> [SampleRun] {
    guard workload.images == MemoryImages(workload.mapping) else {
      throw SimulationFailure(
        what: "interpreter", detail: "the memory images differ from what the model compiles to; use --simulator verilator")
    }
    return workload.samples.map { run(workload.mapping, $0.number, $0.inputs) }
  }

  /// A step's writes come as one; what a program does wrong is a problem of the run.
  private func run(_ mapping: Mapping, _ number: Int, _ inputs: [[UInt8]]) -> SampleRun {
    var machine = MachineInterpreter(mapping), run = SampleRun(sample: number)
    run.finished = true
    do throws(MachineFault) {
      let tensors = try machine.run(inputs: inputs)
      var shown = Set<Int>()
      for step in mapping.steps where shown.insert(step.outputTensor).inserted {
        guard let data = tensors[step.outputTensor] else { continue }
        let before = step.sumTensor.flatMap { tensors[$0] } ?? data
        run.writes.append(TraceWrite(step: step.index, address: step.outputBase, cycle: 0, data: data[...], before: before[...]))
      }
    } catch {
      run.problems.append("the interpreter stopped: \(error)")
    }
    run.read[RegisterMap.Register.status.address] = UInt32(RegisterMap.statusDone)
    for tensor in mapping.graph.outputs {
      guard let address = mapping.address(of: tensor) else { continue }
      let first = address / 4 * 4, end = min(machine.memory.count, address + mapping.graph.tensors[tensor].byteCount)
      for (index, word) in MemoryImages.words(littleEndian: Array(machine.memory[min(first, end)..<end])).enumerated() {
        run.read[RegisterMap.Region.features.base + first + 4 * index] = word
      }
    }
    return run
  }
}
