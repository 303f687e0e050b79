// A simulation that is a program: it is given a job's file and leaves a file of results.

import Emit
import Foundation

/// A simulator whose jobs are processes.
protocol ProcessSimulator: HardwareSimulator {
  /// For the files of the jobs.
  var directory: TemporaryDirectory { get }
  /// How the program is called.
  func command(job: String, results: String, waveform: WaveformFile?) throws -> (program: String, arguments: [String])
}

/// A waveform that a simulation is to write.
struct WaveformFile {
  var path: String
  var cycles: ClosedRange<Int>
}

extension ProcessSimulator {
  func run(_ jobs: [Job]) throws -> [SimulationResults] {
    var results: [SimulationResults] = []
    for start in stride(from: 0, to: jobs.count, by: simulationWorkers) {
      let running = try (start..<min(jobs.count, start + simulationWorkers)).map { try JobProcess(self, jobs[$0], name: "job\($0)") }
      // All of them end, whatever becomes of one.
      let outcomes = running.map { process in Result { try process.results() } }
      for outcome in outcomes { results.append(try outcome.get()) }
    }
    return results
  }

  func waveform(of job: Job, cycles: ClosedRange<Int>) throws -> [UInt8]? {
    let file = directory.file("waveform.vcd").path
    _ = try JobProcess(self, job, name: "waveform", waveform: WaveformFile(path: file, cycles: cycles)).results()
    return FileSystem.read(file)
  }
}

/// A job under way.
private struct JobProcess {
  private let process: RunningProgram
  private let directory: URL
  private let jobFile: URL, resultsFile: URL

  init(_ simulator: some ProcessSimulator, _ job: Job, name: String, waveform: WaveformFile? = nil) throws {
    directory = simulator.directory.url
    (jobFile, resultsFile) = (simulator.directory.file("\(name).job"), simulator.directory.file("\(name).results"))
    for file in [jobFile, resultsFile] { unlink(file.path) }
    try FileSystem.create(jobFile.path, job.bytes, named: jobFile.path)
    let (program, arguments) = try simulator.command(job: jobFile.path, results: resultsFile.path, waveform: waveform)
    process = try RunningProgram(program, arguments, in: directory, log: simulator.directory.file("\(name).log"))
  }

  /// Waits for the end.
  /// - Throws: `SimulationFailure`, or `FileError` when there is no room for the results.
  func results() throws -> SimulationResults {
    let (status, output) = process.finish()
    defer { for file in [jobFile, resultsFile] { unlink(file.path) } }
    guard status == 0 || status == 1, let bytes = FileSystem.read(resultsFile.path) else {
      if let problem = writeProblem(in: directory) { throw problem }
      let line = output.split(separator: "\n").last.map(String.init)
      throw SimulationFailure(what: "simulation", detail: line ?? "ended with status \(status)")
    }
    return try SimulationResults(bytes: bytes)
  }
}
