// Carries samples through a simulator in batches, and shows how far it has come.

import Emit
import Mapper
import Model

/// Runs the samples of a request.
struct SampleRunner {
  let request: VerificationRequest
  /// Inputs and state of the accelerator, by sample.
  private let fed: [(inputs: [[UInt8]], state: [[UInt8]])]
  private let simulator: any Simulator
  private let progress: (String) -> Void

  init(_ request: VerificationRequest, _ golden: GoldenModel, progress: @escaping (String) -> Void) throws {
    (self.request, self.progress) = (request, progress)
    var state = request.mapping.initialState
    let graph = request.mapping.graph, isWhole = request.mapping.network.partition.isWhole && graph.states.isEmpty
    fed = try request.samples.map { sample in
      if isWhole { return (sample.inputs, []) }
      let tensors = try golden.run(inputs: sample.inputs, state: state)
      defer { if request.keepsState { state = golden.state(after: tensors) } }
      return (graph.inputs.map { tensors[$0] ?? [] }, state)
    }
    simulator = try request.simulator.simulator(for: request.mapping.hardware, verilog: request.verilog, progress: progress)
  }

  /// Samples of one simulation: few enough that results stay small and progress is seen.
  private var batch: Int {
    let bytes = request.mapping.graph.activations.reduce(0) { $0 + request.mapping.graph.tensors[$1].byteCount }
    let byMemory = max(1, (64 << 20) / max(1, bytes * 8))
    // State is carried from sample to sample of one simulation.
    return max(1, min(byMemory, 16, request.mapping.graph.states.isEmpty ? (request.samples.count + 1) / 2 : request.samples.count))
  }

  /// Calls `body` with the results of every batch, in order.
  func run(_ body: (SimulationResults) throws -> Void) throws {
    let count = request.samples.count
    let batches = stride(from: 0, to: count, by: batch).map { $0..<min(count, $0 + batch) }
    for start in stride(from: 0, to: batches.count, by: simulationWorkers) {
      let group = batches[start..<min(batches.count, start + simulationWorkers)]
      let first = batches[start].lowerBound + 1, last = group.last?.upperBound ?? first
      progress("simulating sample \(first)\(last > first ? " to \(last)" : "") of \(count)")
      for results in try simulator.run(group.map { [workload($0)] }, request.host) { try body(results) }
    }
  }

  private func workload(_ samples: Range<Int>) -> Workload {
    Workload(
      mapping: request.mapping, images: request.images,
      samples: samples.map { number in
        let isKept = request.keepsState && number != samples.lowerBound
        return Workload.Sample(number, fed[number].inputs, state: isKept ? nil : fed[number].state)
      })
  }

  /// Runs one sample again and writes a waveform of the cycles before and after `cycle`.
  /// - Returns: whether there is one.
  func writeWaveform(sample: Int, around cycle: Int, to file: OutputFile) throws -> Bool {
    let cycles = max(0, cycle - 200)...cycle + 50
    guard let bytes = try simulator.waveform(of: workload(sample..<sample + 1), request.host, cycles: cycles) else { return false }
    try file.write(bytes)
    return true
  }
}
