// Carries samples through a simulator in batches, two at a time: processes, or threads of this one.

import Emit
import Foundation
import Machine
import Mapper
import Model
import Reference

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
        for results in try runInProcess(group.map { job(batches[$0]) }, inProcess) { try body(results) }
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
      guard let data = FileManager.default.contents(atPath: results.path), status == 0 || status == 1 else {
        let line = output.split(separator: "\n").last.map(String.init) ?? "ended with status \(status)"
        if let problem = writeProblem(in: results.deletingLastPathComponent()) { throw problem }
        throw SimulationFailure(what: "simulation", detail: line)
      }
      return try SimulationResults(bytes: data)
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
      _ = try bench.run(job([sample]))
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

  /// The same records from the interpreter, which knows no time and runs what the mapper made.
  private func interpret(_ samples: [Int]) throws -> SimulationResults {
    guard request.images == MemoryImages(request.mapping) else {
      throw SimulationFailure(
        what: "interpreter", detail: "the memory images differ from what the model compiles to; use --simulator verilator")
    }
    var records: [UInt32] = []
    func write(_ step: Int, _ address: Int, _ data: [UInt8], _ before: [UInt8]) {
      for start in stride(from: 0, to: data.count, by: 128) {
        let part = start..<min(data.count, start + 128)
        records += [6, UInt32(step) | UInt32(part.count) << 16, UInt32(address + start), 0]
        records += MemoryImages.words(littleEndian: Array(data[part])) + MemoryImages.words(littleEndian: Array(before[part]))
      }
    }
    let mapping = request.mapping
    for sample in samples {
      progress("interpreting sample \(sample + 1) of \(request.samples.count)")
      records += [3, UInt32(sample)]
      var machine = ReferenceMachine(mapping, inputs: request.samples[sample].inputs)
      do {
        let tensors = try mapping.tensors(of: machine.run(mapping.program.map(\.instruction)))
        var shown = Set<Int>()
        for step in mapping.steps where shown.insert(step.outputTensor).inserted {
          guard let data = tensors[step.outputTensor] else { continue }
          write(step.index, step.outputBase, data, step.sumTensor.flatMap { tensors[$0] } ?? data)
        }
      } catch {
        throw SimulationFailure(what: "interpreter", detail: "\(error)")
      }
      records += [2, 1, 0, 0]
      records += [1, UInt32(RegisterMap.Register.status.address), 1, UInt32(RegisterMap.statusDone)]
      for tensor in mapping.graph.outputs {
        guard let address = mapping.address(of: tensor) else { continue }
        let first = address / 4 * 4, end = min(machine.memory.count, address + mapping.graph.tensors[tensor].byteCount)
        let words = MemoryImages.words(littleEndian: Array(machine.memory[min(first, end)..<end]))
        records += [1, UInt32(RegisterMap.Region.features.base + first), UInt32(words.count)] + words
      }
    }
    return try SimulationResults(words: records + [0])
  }
}
