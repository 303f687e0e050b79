// Carries samples through a simulator in batches, two at a time: processes, or threads of this one.

import Emit
import Foundation
import Machine
import Mapper
import Model

/// Runs the samples of a request.
struct SampleRunner {
  let request: VerificationRequest
  let build: SimulatorBuild
  let progress: (String) -> Void
  private let inProcess: InProcessHardware?
  private let directory: TemporaryDirectory

  init(_ request: VerificationRequest, progress: @escaping (String) -> Void) throws {
    self.request = request
    self.progress = progress
    directory = try TemporaryDirectory()
    if request.simulator == .swift { progress("elaborating the hardware") }
    inProcess = request.simulator == .swift ? try InProcessHardware(request.mapping.hardware) : nil
    build = try SimulatorBuild.make(
      request.simulator, request.verilog, postLanes: request.mapping.hardware.configuration.postLanes, progress: progress)
  }

  /// Samples of one process: few enough that results stay small and progress is seen.
  private var batch: Int {
    let bytes = request.mapping.graph.activations.reduce(0) { $0 + request.mapping.graph.tensors[$1].byteCount }
    let byMemory = max(1, (64 << 20) / max(1, bytes * 8))
    return max(1, min(byMemory, 16, (request.samples.count + 1) / 2))
  }

  /// Calls `body` with the results of every batch, in order.
  func run(_ body: (SimulationResults) throws -> Void) throws {
    let numbers = Array(request.samples.indices)
    let batches = stride(from: 0, to: numbers.count, by: batch).map { Array(numbers[$0..<min(numbers.count, $0 + batch)]) }
    if request.simulator == .interpreter {
      for batch in batches { try body(try interpret(batch)) }
      return
    }
    let workers = max(1, min(2, ProcessInfo.processInfo.activeProcessorCount))
    for start in stride(from: 0, to: batches.count, by: workers) {
      let group = start..<min(batches.count, start + workers)
      let first = (batches[start].first ?? 0) + 1, last = (batches[group.upperBound - 1].last ?? 0) + 1
      progress("simulating sample \(first)\(last > first ? " to \(last)" : "") of \(numbers.count)")
      if let inProcess {
        for results in runInProcess(group.map { job(batches[$0]) }, inProcess) { try body(results) }
        continue
      }
      let running = try group.map { try launch(batches[$0], name: "batch\($0)") }
      var outcomes: [Result<SimulationResults, any Error>] = []
      for program in running { outcomes.append(Result { try program.outcome() }) }
      for outcome in outcomes { try body(try outcome.get()) }
    }
  }

  /// A batch under way.
  private struct Launched {
    var program: RunningProgram
    var results: URL
    var job: URL

    func outcome() throws -> SimulationResults {
      let (status, output) = program.finish()
      defer {
        try? FileManager.default.removeItem(at: results)
        try? FileManager.default.removeItem(at: job)
      }
      guard let bytes = FileSystem.read(results.path), status == 0 || status == 1 else {
        let line = output.split(separator: "\n").last.map(String.init) ?? "ended with status \(status)"
        if let problem = writeProblem(in: results.deletingLastPathComponent()) { throw problem }
        throw SimulationFailure(what: "simulation", detail: line)
      }
      return try SimulationResults(bytes: bytes)
    }
  }

  private func job(_ samples: [Int]) -> Job {
    sampleJob(request.mapping, request.images, samples: samples.map { ($0, request.samples[$0].inputs) }, host: request.host)
  }

  private func launch(_ samples: [Int], name: String, extra: [String] = [], build: SimulatorBuild? = nil) throws -> Launched {
    let build = build ?? self.build
    let job = directory.file("\(name).job"), results = directory.file("\(name).results")
    try FileSystem.create(job.path, self.job(samples).bytes, named: job.path)
    let log = directory.file("\(name).log")
    let program: RunningProgram
    if build.simulator == .icarus {
      program = try RunningProgram(
        try Tool.vvp.path(), ["-n", build.path, "+job=\(job.path)", "+results=\(results.path)"] + extra, in: directory.url, log: log)
    } else {
      program = try RunningProgram(build.path, [job.path, results.path] + extra, in: directory.url, log: log)
    }
    return Launched(program: program, results: results, job: job)
  }

  /// Runs one sample again and writes a waveform of the cycles before and after `cycle`.
  func writeWaveform(sample: Int, around cycle: Int, to file: OutputFile) throws -> Bool {
    let from = max(0, cycle - 200), to = cycle + 50
    if let inProcess {
      let bench = InProcessBench(inProcess, recording: from...to)
      _ = bench.run(job([sample]))
      guard let text = bench.waveform else { return false }
      try file.write(Array(text.utf8))
      return true
    }
    let dump = directory.file("waveform.vcd").path
    let verilator = request.simulator == .verilator
    let build =
      verilator
      ? try SimulatorBuild.make(
        .verilator, request.verilog, postLanes: request.mapping.hardware.configuration.postLanes, waveforms: true, progress: progress)
      : self.build
    let extra =
      verilator
      ? ["--vcd", dump, "--from", "\(from)", "--to", "\(to)"] : ["+vcd=\(dump)", "+from=\(from)", "+to=\(to)"]
    _ = try launch([sample], name: "waveform", extra: extra, build: build).outcome()
    guard let bytes = FileSystem.read(dump) else { return false }
    try file.write(bytes)
    return true
  }

  /// The same from the interpreter, which knows no time and runs what the mapper made.
  private func interpret(_ samples: [Int]) throws -> SimulationResults {
    guard request.images == MemoryImages(request.mapping) else {
      throw SimulationFailure(
        what: "interpreter", detail: "the memory images differ from what the model compiles to; use --simulator verilator")
    }
    let mapping = request.mapping
    var runs: [SampleRun] = []
    for sample in samples {
      progress("interpreting sample \(sample + 1) of \(request.samples.count)")
      var machine = MachineInterpreter(mapping), run = SampleRun(sample: sample)
      do throws(MachineFault) {
        let tensors = try machine.run(inputs: request.samples[sample].inputs)
        var shown = Set<Int>()
        for step in mapping.steps where shown.insert(step.outputTensor).inserted {
          guard let data = tensors[step.outputTensor] else { continue }
          let before = step.sumTensor.flatMap { tensors[$0] } ?? data
          run.writes.append(TraceWrite(step: step.index, address: step.outputBase, cycle: 0, data: data[...], before: before[...]))
        }
      } catch {
        throw SimulationFailure(what: "interpreter", detail: error.description)
      }
      run.finished = true
      run.read[RegisterMap.Register.status.address] = UInt32(RegisterMap.statusDone)
      for tensor in mapping.graph.outputs {
        guard let address = mapping.address(of: tensor) else { continue }
        let first = address / 4 * 4, end = min(machine.memory.count, address + mapping.graph.tensors[tensor].byteCount)
        for (index, word) in MemoryImages.words(littleEndian: Array(machine.memory[min(first, end)..<end])).enumerated() {
          run.read[RegisterMap.Region.features.base + first + 4 * index] = word
        }
      }
      runs.append(run)
    }
    return SimulationResults(samples: runs)
  }
}
