// The interpreter of programs as a simulator: it knows no time and runs what the mapper made.

import Emit
import Machine
import Mapper
import Reference

/// Runs programs without the hardware.
struct ReferenceSimulator: Simulator {
  func run(_ lists: [[Workload]], _ host: HostBehaviour) throws -> [SimulationResults] {
    try lists.map { SimulationResults(samples: try $0.flatMap(run)) }
  }

  func waveform(of workload: Workload, _ host: HostBehaviour, cycles: ClosedRange<Int>) -> [UInt8]? { nil }

  private func run(_ workload: Workload) throws(SimulationFailure) -> [SampleRun] {
    guard workload.images == MemoryImages(workload.mapping) else {
      throw SimulationFailure(
        what: "interpreter", detail: "the memory images differ from what the compiler made; use --simulator verilator")
    }
    var state = workload.mapping.initialState
    return workload.samples.map { run(workload.mapping, $0, &state) }
  }

  /// Bytes that follow each other come as one write; what a program does wrong is a problem of the run.
  /// - Parameter state: what the run before left; afterwards what this one leaves.
  private func run(_ mapping: Mapping, _ sample: Workload.Sample, _ state: inout [[UInt8]]) -> SampleRun {
    var machine = ReferenceMachine(mapping, inputs: sample.inputs, state: sample.state ?? state), run = SampleRun(sample: sample.number)
    run.finished = true
    do throws(MachineFault) {
      let bytes = try machine.run(mapping.program.map(\.instruction))
      var start = 0
      for index in bytes.indices {
        let (byte, next) = (bytes[index], index + 1)
        if next < bytes.count, bytes[next].step == byte.step, bytes[next].address == byte.address + 1 { continue }
        let part = bytes[start..<next]
        run.writes.append(
          TraceWrite(
            step: byte.step, address: bytes[start].address, cycle: 0, data: part.map(\.value)[...], before: part.map(\.before)[...]))
        start = next
      }
    } catch {
      run.problems.append("the interpreter stopped: \(error)")
    }
    state = mapping.graph.states.map { variable in
      mapping.address(of: variable.tensor).map { address in
        mapping.loaded(Array(machine.memory[address..<address + variable.initial.count]), of: variable.tensor)
      } ?? variable.initial
    }
    run.read[RegisterMap.Register.status.address] = UInt32(RegisterMap.statusDone)
    for tensor in mapping.graph.outputs {
      guard let address = mapping.address(of: tensor) else { continue }
      // Whole words, as a host reads them: another output may share the last.
      let first = address / 4 * 4
      let end = min(machine.memory.count, 4 * dividedUp(address + mapping.graph.tensors[tensor].byteCount, 4))
      for (index, word) in MemoryImages.words(littleEndian: Array(machine.memory[min(first, end)..<end])).enumerated() {
        run.read[RegisterMap.Region.features.base + first + 4 * index] = word
      }
    }
    return run
  }
}
