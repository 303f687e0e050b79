// What runs compiled networks: simulators of the hardware, and the interpreter of programs.
//
// A workload says what is run; a simulator of the hardware makes it into a job, which its test bench carries out, and carries
// out any other job as well.

import Emit
import Foundation
import Machine

/// Which simulator runs.
public enum SimulatorKind: String, Sendable, CaseIterable {
  case verilator, icarus
  /// The hardware in the language's own simulator, in this process: needs no tool, compares in two-valued logic.
  case inProcess = "in-process"
  /// The program interpreted, without any hardware description.
  case interpreter

  /// Those that run the hardware.
  public static let ofHardware = allCases.filter { $0 != .interpreter }

  /// Whether a run tells how long things take.
  var knowsTime: Bool { self != .interpreter }
}

/// Something that runs compiled networks.
protocol Simulator {
  /// Runs workloads: those of one list one after the other, on an accelerator of their own. The results come in the order of the
  /// lists.
  /// - Throws: `SimulationFailure`, `EnvironmentFailure` or `MissingTool` when they cannot be run.
  func run(_ lists: [[Workload]], _ host: HostBehaviour) throws -> [SimulationResults]

  /// Runs a workload again and writes its signals down.
  /// - Parameter cycles: of the run.
  /// - Returns: a VCD file; nil when there is nothing to see.
  func waveform(of workload: Workload, _ host: HostBehaviour, cycles: ClosedRange<Int>) throws -> [UInt8]?
}

/// A simulator of the hardware.
protocol HardwareSimulator: Simulator {
  /// Carries out jobs, each from a reset on; some of them beside each other.
  func run(_ jobs: [Job]) throws -> [SimulationResults]
  func waveform(of job: Job, cycles: ClosedRange<Int>) throws -> [UInt8]?
}

extension HardwareSimulator {
  func run(_ lists: [[Workload]], _ host: HostBehaviour) throws -> [SimulationResults] {
    try run(lists.map { Job($0, host) })
  }

  func waveform(of workload: Workload, _ host: HostBehaviour, cycles: ClosedRange<Int>) throws -> [UInt8]? {
    try waveform(of: Job([workload], host), cycles: cycles)
  }

  func run(_ job: Job) throws -> SimulationResults { try run([job])[0] }
}

extension SimulatorKind {
  /// A simulator of this kind.
  /// - Parameters:
  ///   - verilog: the hardware for those that read Verilog, its top last; by default what the generators make.
  ///   - progress: told what takes long.
  /// - Throws: `MissingTool`, `EnvironmentFailure`, or `SimulationFailure` when it cannot be built.
  func simulator(
    for hardware: Hardware, verilog: [VerilogFile]? = nil, progress: @escaping (String) -> Void = { _ in }
  ) throws -> any Simulator {
    self == .interpreter ? ReferenceSimulator() : try hardwareSimulator(for: hardware, verilog: verilog, progress: progress)
  }

  /// The same for those who have jobs to carry out.
  /// - Throws: `SimulationFailure` of the interpreter, too.
  func hardwareSimulator(
    for hardware: Hardware, verilog: [VerilogFile]? = nil, progress: @escaping (String) -> Void = { _ in }
  ) throws -> any HardwareSimulator {
    func files() throws -> [VerilogFile] {
      if let verilog { return verilog }
      progress("generating Verilog")
      return try makeVerilog(for: hardware)
    }
    switch self {
    case .verilator: return try VerilatorSimulator(try files(), progress: progress)
    case .icarus: return try IcarusSimulator(try files(), postLanes: hardware.configuration.postLanes, progress: progress)
    case .inProcess:
      progress("elaborating the hardware")
      return try InProcessSimulator(hardware)
    case .interpreter: throw SimulationFailure(what: rawValue, detail: "runs programs without the hardware; use --simulator verilator")
    }
  }
}

/// Jobs that are carried out beside each other.
let simulationWorkers = max(1, min(2, ProcessInfo.processInfo.activeProcessorCount))
