// Damaged models by the million: nothing may trap, hang or be refused without a reason.
//
// A case is made from a seed file by a few mutations of its bytes, aimed at the
// structure rather than at the weights, or of the loaded graph's fields. It is loaded,
// validated and, if it is still a small enough network, run; the results are checked
// for their sizes, the errors for their form. Each case depends only on the seed and
// its number, and is noted in a journal *before* it is tried, so that a crash of the
// process leaves behind what is needed to reproduce it.

import Foundation

/// A mutating fuzzer of the loader, the validation and the golden kernels.
public struct ModelFuzzer: Sendable {
  /// What became of the cases.
  public struct Report: Sendable, Equatable {
    /// Number of cases tried.
    public var cases = 0
    /// Cases refused, by the category of their error.
    public var refused: [ModelError.Category: Int] = [:]
    /// Cases that loaded and passed validation.
    public var accepted = 0
    /// Accepted cases that were also run.
    public var ran = 0
    /// What should never happen, short of a crash: errors of more than one line, results of the wrong size.
    public var violations: [String] = []
    /// The longest time one case took to load and validate, in seconds, and its number.
    public var slowest: (seconds: Double, iteration: Int) = (0, 0)

    /// A report of nothing yet.
    public init() {}

    /// Equality leaves out the times.
    public static func == (a: Report, b: Report) -> Bool {
      a.cases == b.cases && a.refused == b.refused && a.accepted == b.accepted && a.ran == b.ran
        && a.violations == b.violations
    }

    /// One line for a terminal.
    public var summary: String {
      let counts = ModelError.Category.allCases.compactMap { category in
        refused[category].map { "\($0) \(category.rawValue)" }
      }
      let slow = String(format: "%.3f", slowest.seconds)
      return "\(cases) cases: \(accepted) accepted (\(ran) run), refused: "
        + (counts.isEmpty ? "none" : counts.joined(separator: ", "))
        + "; slowest \(slow) s (case \(slowest.iteration)); \(violations.count) violations"
    }
  }

  private struct Seed: Sendable {
    var name: String
    var bytes: [UInt8]
    /// Parts of the file outside the contents of large buffers.
    var structure: [Range<Int>]
  }

  private let seed: UInt64
  private let seeds: [Seed]

  /// Models with more multiply-accumulates or more computed bytes than this are validated but not run.
  public static let largestRun = 2_000_000

  /// - Parameters:
  ///   - seed: what all random choices depend on.
  ///   - files: models to start from, with names for messages; they need not be valid. Empty ones are left out.
  public init(seed: UInt64, files: [(name: String, bytes: [UInt8])]) {
    self.seed = seed
    seeds = files.filter { !$0.bytes.isEmpty }.map {
      Seed(name: $0.name, bytes: $0.bytes, structure: ModelMutation.structure(of: $0.bytes))
    }
  }

  /// Tries cases number `first` and up until `seconds` have passed or `limit` cases are done.
  ///
  /// - Parameters:
  ///   - journal: told seed and number of every case before it is tried; the run ends when it cannot take them (false).
  ///   - progress: called about once a second with the report so far.
  public func run(
    seconds: Double, limit: Int = .max, first: Int = 0, journal: (String) -> Bool = { _ in true },
    progress: (Report) -> Void = { _ in }
  ) -> Report {
    var report = Report()
    guard !seeds.isEmpty else { return report }
    let start = Date()
    var nextReport = 1.0
    var iteration = first
    while report.cases < limit {
      let elapsed = Date().timeIntervalSince(start)
      if elapsed >= seconds { break }
      if elapsed >= nextReport {
        progress(report)
        nextReport = elapsed + 1
      }
      guard journal("seed \(seed) case \(iteration)\n") else { break }
      attempt(iteration, &report)
      iteration += 1
    }
    return report
  }

  /// The bytes of case `iteration`, for looking at one that failed, and the seed file they were made from.
  ///
  /// One case in four mutates the loaded graph instead and does not use these bytes; `tryCase` repeats either kind.
  public func bytes(ofCase iteration: Int) -> (bytes: [UInt8], origin: String) {
    var random = generator(iteration)
    guard let seed = seeds.randomElement(using: &random) else { return ([], "") }
    var bytes = seed.bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) { ModelMutation.mutate(&bytes, seed.structure, &random) }
    return (bytes, seed.name)
  }

  /// Tries one case; see `run`.
  public func tryCase(_ iteration: Int) -> Report {
    var report = Report()
    attempt(iteration, &report)
    return report
  }

  // MARK: One case

  private func generator(_ iteration: Int) -> SplitMix64 {
    SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(truncatingIfNeeded: iteration))
  }

  private func attempt(_ iteration: Int, _ report: inout Report) {
    report.cases += 1
    var random = generator(iteration)
    let start = Date()
    do throws(ModelError) {
      let graph: Graph
      if random.next() % 4 == 0, let origin = seeds.randomElement(using: &random) {
        var mutated = try readModel(origin.bytes, name: origin.name)
        for _ in 0..<Int.random(in: 1...3, using: &random) { ModelMutation.mutate(&mutated, &random) }
        try mutated.validate()
        graph = mutated
      } else {
        let (bytes, origin) = bytes(ofCase: iteration)
        graph = try loadModel(bytes, name: origin)
      }
      report.accepted += 1
      let size = graph.activations.reduce(0) { $0 + graph.tensors[$1].byteCount }
      note(start, iteration, &report)
      let work = max(graph.multiplyAccumulates, Self.poolWork(graph))
      if work <= Self.largestRun, size <= Self.largestRun {
        try run(graph, iteration, &random, &report)
      }
    } catch {
      note(start, iteration, &report)
      report.refused[error.category, default: 0] += 1
      if error.message.isEmpty || error.description.contains(where: \.isNewline) {
        report.violations.append("case \(iteration): bad message '\(error.message)'")
      }
    }
  }

  private func note(_ start: Date, _ iteration: Int, _ report: inout Report) {
    let seconds = Date().timeIntervalSince(start)
    if seconds > report.slowest.seconds { report.slowest = (seconds, iteration) }
  }

  /// Elements that pools read.
  private static func poolWork(_ graph: Graph) -> Int {
    graph.nodes.reduce(0) { sum, node in
      guard let pool = node.operation as? any Pooling else { return sum }
      let geometry = pool.geometry(node, in: graph)
      let window = min(geometry.rows.filter, geometry.rows.input) * min(geometry.columns.filter, geometry.columns.input)
      let (work, overflow) = graph.tensors[node.outputs[0]].elementCount.multipliedReportingOverflow(by: window)
      return overflow ? .max / 2 : min(sum + work, .max / 2)
    }
  }

  private func run(
    _ graph: Graph, _ iteration: Int, _ random: inout SplitMix64, _ report: inout Report
  ) throws(ModelError) {
    report.ran += 1
    let model = try GoldenModel(graph)
    let inputs = graph.inputs.map { tensor in
      (0..<graph.tensors[tensor].byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }
    let results = try model.run(inputs: inputs)
    for tensor in graph.results where results[tensor] == nil {
      report.violations.append("case \(iteration): no result for \(graph.label(tensor))")
    }
    for (tensor, bytes) in results where bytes.count != graph.tensors[tensor].byteCount {
      // A tensor that nothing computes cannot be among the activations of a valid graph.
      report.violations.append("case \(iteration): \(bytes.count) bytes in \(graph.label(tensor))")
    }
  }
}
