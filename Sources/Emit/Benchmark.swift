// What networks cost on configurations, a line each: for a terminal, as Markdown and as JSON.
//
// As in a report, a count of cycles never stands alone: what the array could have done, multipliers and memories stand beside it, a
// prediction is called one, and area and clock are said to be unknown. A network that a configuration refuses keeps its line.

import Generators
import Machine

/// What was simulated of one network on one configuration.
public struct BenchmarkMeasurement: Sendable, Equatable {
  /// By its name on the command line.
  public var simulator: String
  public var samples: Int
  /// Values that differ from those of the golden kernels, and golden values from those of the vectors.
  public var mismatches: Int, goldenMismatches: Int
  /// Whether every layer and every sample took as many cycles as predicted.
  public var isPredicted: Bool

  public init(simulator: String, samples: Int, mismatches: Int, goldenMismatches: Int, isPredicted: Bool) {
    (self.simulator, self.samples, self.mismatches) = (simulator, samples, mismatches)
    (self.goldenMismatches, self.isPredicted) = (goldenMismatches, isPredicted)
  }

  /// Whether nothing differs.
  public var passed: Bool { mismatches == 0 && goldenMismatches == 0 && isPredicted }

  /// What differs; nil when nothing does.
  public var difference: String? {
    let counts = [
      mismatches > 0 ? "\(mismatches.grouped) mismatches" : nil,
      goldenMismatches > 0 ? "\(goldenMismatches.grouped) between golden kernels and vectors" : nil,
      isPredicted ? nil : "not as many cycles as predicted",
    ]
    return passed ? nil : counts.compactMap { $0 }.joined(separator: ", ")
  }
}

/// Networks on configurations.
public struct Benchmark: Sendable {
  /// One network on one configuration.
  public struct Row: Sendable {
    /// What became of it.
    public enum Outcome: Sendable {
      case compiled(NetworkReport, Multipliers, BenchmarkMeasurement?)
      /// Why not, in one line.
      case refused(String)
    }

    public var network: String
    public var configuration: String
    public var outcome: Outcome

    public init(_ network: String, _ configuration: String, _ outcome: Outcome) {
      (self.network, self.configuration, self.outcome) = (network, configuration, outcome)
    }

    /// What it costs; nil when it was refused.
    public var report: NetworkReport? { if case .compiled(let report, _, _) = outcome { report } else { nil } }
    public var measurement: BenchmarkMeasurement? { if case .compiled(_, _, let measurement) = outcome { measurement } else { nil } }
    /// Why it was refused.
    public var refusal: String? { if case .refused(let reason) = outcome { reason } else { nil } }
  }

  public var rows: [Row]
  /// Other machines, of which columns tell.
  public var peers: PeerFigures?

  public init(_ rows: [Row], peers: PeerFigures? = nil) { (self.rows, self.peers) = (rows, peers) }

  // MARK: For people

  /// The table for a terminal.
  public var text: String { table.text + notes.map { $0 + "\n" }.joined() }

  /// The same as Markdown.
  public var markdown: String { table.markdown + "\n" + notes.map { "- " + markdownText($0) + "\n" }.joined() }

  private var isMeasured: Bool { rows.contains { $0.measurement != nil } }
  private var machines: [String] { peers?.machines(of: rows.map(\.network)) ?? [] }

  private var table: TextTable {
    let measured = isMeasured, machines = machines
    let head = ["network", "configuration"] + (measured ? ["cycles"] : []) + ["predicted", "MACs", "computed", "use"]
      + ["array", "post", "scalar", "weights", "features", "program"] + machines
    return TextTable(
      [head] + rows.map { row in
        let others = machines.map { peers?.cycles(of: row.network, on: $0)?.grouped ?? "-" }
        guard case .compiled(let report, let multipliers, _) = row.outcome else {
          let own = head.count - 2 - others.count
          return [row.network, row.configuration, "refused"] + [String](repeating: "-", count: own - 1) + others
        }
        return [row.network, row.configuration] + (measured ? [report.cycles?.grouped ?? "-"] : [])
          + [report.predictedCycles.grouped, report.macs.grouped, report.computedMACs.grouped, report.utilization.percent]
          + [multipliers.array, multipliers.post, multipliers.scalar].map(Self.products)
          + [report.weightBytes, report.featureMemoryPeakBytes, report.programBytes].map(\.kibibytes) + others
      }, left: [0, 1])
  }

  /// Bits of multipliers as so many products of two bytes.
  private static func products(_ bits: Int) -> String { bits % 64 == 0 ? (bits / 64).grouped : (Double(bits) / 64).decimal(1) }

  /// What the columns are, and what is to be said of single rows.
  private var notes: [String] {
    var notes: [String] = []
    let measurements = rows.compactMap(\.measurement)
    if let simulator = measurements.first?.simulator {
      let samples = measurements.reduce(0) { $0 + $1.samples }
      notes.append(
        "cycles: measured in \(simulator), \(samples.grouped) samples in all"
          + (measurements.allSatisfy(\.passed) ? ", every tensor equal to golden kernels and vectors, every layer as predicted" : ""))
    } else {
      notes.append("cycles of one inference are predicted, not measured")
    }
    notes += [
      "use: computed MACs of what the array could have done in these cycles",
      "array, post, scalar: multipliers of these units, counted as products of 8 by 8 bits",
      "weights, features, program: bytes that the network needs of these memories; area and clock not measured",
    ]
    if !machines.isEmpty, let peers {
      notes.append("\(machines.joined(separator: ", ")): cycles as \(peers.source) says them, not measured here")
    }
    for row in rows {
      if let reason = row.refusal { notes.append("\(row.network) on \(row.configuration) is refused: \(reason)") }
      if let difference = row.measurement?.difference { notes.append("\(row.network) on \(row.configuration) is wrong: \(difference)") }
    }
    return notes
  }

  // MARK: For scripts

  /// One object; keys that a report has, too, mean the same.
  public var json: String {
    OrderedJSON.text(Contents(networks: rows.map { RowInfo($0, peers) }, peers: machines.isEmpty ? nil : peers?.source))
  }

  private struct Contents: Encodable {
    var networks: [RowInfo]
    @OrNull var peers: String?
  }

  private struct MultiplierInfo: Encodable {
    var array: Int, post: Int, scalar: Int
  }

  private struct PeerInfo: Encodable {
    var machine: String
    var cycles: Int
  }

  /// A refused network has `refused` and no figures, others the figures.
  private struct RowInfo: Encodable {
    var model: String, configuration: String
    @OrNull var refused: String?
    var cycles: Int?
    var predictedCycles: Int?, macs: Int?, computedMACs: Int?, removedChannels: Int?
    var utilization: Double?
    var multiplierBits: MultiplierInfo?
    var hardware: HardwareInfo?
    var featureMemoryPeakBytes: Int?, weightBytes: Int?, parameterBytes: Int?, programWords: Int?, programBytes: Int?
    var simulator: String?
    var samples: Int?, mismatches: Int?, goldenMismatches: Int?
    var peers: [PeerInfo]

    init(_ row: Row, _ figures: PeerFigures?) {
      (model, configuration) = (row.network, row.configuration)
      _refused = OrNull(wrappedValue: row.refusal)
      peers = (figures?.machines(of: [row.network]) ?? []).compactMap { machine in
        figures?.cycles(of: row.network, on: machine).map { PeerInfo(machine: machine, cycles: $0) }
      }
      guard case .compiled(let report, let multipliers, let measurement) = row.outcome else { return }
      (cycles, predictedCycles, utilization) = (report.cycles, report.predictedCycles, report.utilization)
      (macs, computedMACs, removedChannels) = (report.macs, report.computedMACs, report.removedChannels)
      multiplierBits = MultiplierInfo(array: multipliers.array, post: multipliers.post, scalar: multipliers.scalar)
      hardware = HardwareInfo(report.hardware)
      (featureMemoryPeakBytes, weightBytes) = (report.featureMemoryPeakBytes, report.weightBytes)
      (parameterBytes, programWords, programBytes) = (report.parameterBytes, report.programWords, report.programBytes)
      (simulator, samples) = (measurement?.simulator, measurement?.samples)
      (mismatches, goldenMismatches) = (measurement?.mismatches, measurement?.goldenMismatches)
    }
  }
}
