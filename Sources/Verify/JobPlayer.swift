// Plays jobs on one accelerator that is built once: a process for each job, or a thread of this one, two beside each other.

import Emit
import Foundation
import Machine

/// An accelerator that jobs are played on, each from its reset on.
struct JobPlayer {
  let hardware: Hardware
  private let build: SimulatorBuild
  private let inProcess: InProcessHardware?
  private let directory: TemporaryDirectory

  /// Jobs that are played beside each other.
  static let workers = max(1, min(2, ProcessInfo.processInfo.activeProcessorCount))

  /// - Throws: `MissingTool`, or `SimulationFailure` when the simulation cannot be built.
  init(_ hardware: Hardware, _ simulator: Simulator, progress: (String) -> Void = { _ in }) throws {
    self.hardware = hardware
    directory = try TemporaryDirectory()
    inProcess = simulator == .swift ? try InProcessHardware(hardware) : nil
    build = try SimulatorBuild.make(
      simulator, simulator.readsVerilog ? try makeVerilog(for: hardware) : [], postLanes: hardware.configuration.postLanes,
      progress: progress)
  }

  func play(_ job: Job) throws -> SimulationResults {
    if let inProcess { return InProcessBench(inProcess).run(job) }
    return try launch(job, name: "job").outcome()
  }

  /// Plays some jobs; the results come in their order.
  func play(_ jobs: [Job]) throws -> [SimulationResults] {
    var results: [SimulationResults] = []
    for start in stride(from: 0, to: jobs.count, by: Self.workers) {
      let group = jobs[start..<min(jobs.count, start + Self.workers)]
      if let inProcess {
        results += runInProcess(Array(group), inProcess)
      } else {
        let running = try group.enumerated().map { try launch($1, name: "job\($0)") }
        let outcomes = running.map { program in Result { try program.outcome() } }
        for outcome in outcomes { results.append(try outcome.get()) }
      }
    }
    return results
  }

  /// A job under way.
  private struct Launched {
    var program: RunningProgram
    var job: URL
    var results: URL
    var directory: URL

    func outcome() throws -> SimulationResults {
      let (status, output) = program.finish()
      defer {
        try? FileManager.default.removeItem(at: results)
        try? FileManager.default.removeItem(at: job)
      }
      guard status == 0 || status == 1, let bytes = FileSystem.read(results.path) else {
        if let problem = writeProblem(in: directory) { throw problem }
        throw SimulationFailure(what: "simulation", detail: output.split(separator: "\n").last.map(String.init) ?? "ended with status \(status)")
      }
      return try SimulationResults(bytes: bytes)
    }
  }

  private func launch(_ job: Job, name: String) throws -> Launched {
    let jobFile = directory.file("\(name).job"), results = directory.file("\(name).results"), log = directory.file("\(name).log")
    for url in [jobFile, results] { unlink(url.path) }
    try FileSystem.create(jobFile.path, job.bytes, named: jobFile.path)
    let program =
      build.simulator == .icarus
      ? try RunningProgram(
        try Tool.vvp.path(), ["-n", build.path, "+job=\(jobFile.path)", "+results=\(results.path)"], in: directory.url, log: log)
      : try RunningProgram(build.path, [jobFile.path, results.path], in: directory.url, log: log)
    return Launched(program: program, job: jobFile, results: results, directory: directory.url)
  }
}
