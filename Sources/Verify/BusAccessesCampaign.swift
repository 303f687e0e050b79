// Random accesses against a model of all memories and registers, byte by byte.
//
// Accesses come in sequences of a few hundred. Each is played once for every view (`BusView`), on the same contents and with
// the same wait states: every answer and every word that is read is compared each time, and at the end what the view shows.
// A sequence that fails is made shorter while it still fails.

import Foundation
import Machine
import Model

/// Tests the bus of one configuration.
public struct BusAccessesCampaign: Sendable {
  public var configuration: Configuration
  public var simulator: SimulatorKind
  public var seed: UInt64
  public var accesses: Int
  /// A single sequence to play, by its number.
  public var only: Int?
  /// Accesses of a sequence.
  static let length = 500

  public init(_ configuration: Configuration, simulator: SimulatorKind = .verilator, seed: UInt64, accesses: Int, only: Int? = nil) {
    (self.configuration, self.simulator, self.seed, self.accesses, self.only) = (configuration, simulator, seed, accesses, only)
  }

  /// A sequence after which something was not as it must be.
  public struct Failure: Sendable {
    public var sequence: Int
    public var what: String
    /// The shortest that was found, a line each.
    public var accesses: [String]
  }

  /// What the campaign found.
  public struct Report: Sendable {
    public var accesses = 0
    public var sequences = 0
    public var views = 0
    /// Answers and words that were compared, over all views.
    public var answers = 0
    public var words = 0
    /// Sequences with a difference.
    public var differences = 0
    public var failure: Failure?
  }

  /// The configuration with memories that are small, so that their edges are met, and not all powers of two, so that an edge
  /// is not where an address wraps.
  static func hardware(_ configuration: Configuration) throws -> Hardware {
    var configuration = configuration
    (configuration.accumulatorBits, configuration.units) = (.fixed(32), OptionalUnits())
    let weightWords = 37, parameterEntries = 19, c = configuration
    let shown = max(weightWords * c.weightWordBytes, parameterEntries * c.postLanes, 256, 64 * c.postLanes)
    try configuration.validate(source: configuration.name)
    return Hardware(
      configuration: configuration, accumulatorBits: 32,
      featureRows: roundUpToPowerOfTwo(BusPrograms.shown + shown) / c.memoryLanes, weightWords: weightWords,
      parameterEntries: parameterEntries, programWords: 61, scalarTables: 2, byteTables: 2)
  }

  /// One sequence.
  struct Sequence {
    var accesses: [BusAccess]
    var contents: [RegisterMap.Region: [UInt32]]
    var waitStates: (seed: Int, probability: Int)
  }

  func sequence(_ number: Int, _ hardware: Hardware, length: Int) -> Sequence {
    var source = BusAccesses(hardware, seed: seed &* 1_000_003 &+ UInt64(number))
    let contents = source.contents(), waitStates = source.waitStates()
    return Sequence(accesses: source.sequence(length), contents: contents, waitStates: waitStates)
  }

  /// Plays all sequences; makes the first that fails shorter.
  public func run(progress: @escaping (String) -> Void = { _ in }) throws -> Report {
    let hardware = try Self.hardware(configuration)
    let simulator = try simulator.hardwareSimulator(for: hardware, progress: progress)
    let views = BusView.all(hardware)
    var report = Report()
    report.views = views.count
    let numbers = only.map { [$0] } ?? Array(0..<(accesses + Self.length - 1) / Self.length)
    for start in stride(from: 0, to: numbers.count, by: simulationWorkers) {
      progress("\(report.accesses) of \(accesses) accesses")
      let group = numbers[start..<min(numbers.count, start + simulationWorkers)].map { number in
        let length = only == nil ? min(Self.length, accesses - number * Self.length) : Self.length
        return (number: number, sequence: sequence(number, hardware, length: length))
      }
      let scripts = group.map { script($0.sequence, hardware, views) }
      let results = try simulator.run(scripts.map(\.job))
      for (index, (number, sequence)) in group.enumerated() {
        report.sequences += 1
        report.accesses += sequence.accesses.reduce(0) { $0 + $1.count }
        report.answers += scripts[index].answers
        report.words += scripts[index].compared
        guard let what = scripts[index].firstDifference(results[index]) else { continue }
        report.differences += 1
        guard report.failure == nil else { continue }
        progress("sequence \(number) failed; making it shorter")
        report.failure = try shrink(sequence, number, what, views, hardware, simulator)
      }
    }
    return report
  }

  private func script(_ sequence: Sequence, _ hardware: Hardware, _ views: [BusView]) -> BusScript {
    var script = BusScript(hardware, contents: sequence.contents)
    for view in views { script.play(sequence.accesses, waitStates: sequence.waitStates, then: view) }
    return script
  }

  /// Leaves out accesses as long as something is still wrong in the view that showed it.
  private func shrink(
    _ sequence: Sequence, _ number: Int, _ what: String, _ views: [BusView], _ hardware: Hardware, _ simulator: any HardwareSimulator
  ) throws -> Failure {
    var best = sequence, bestWhat = what
    func difference(_ sequence: Sequence, _ views: [BusView]) throws -> String? {
      let script = script(sequence, hardware, views)
      return script.firstDifference(try simulator.run(script.job))
    }
    var shown = views
    for view in views {
      guard let found = try difference(best, [view]) else { continue }
      (shown, bestWhat) = ([view], found)
      break
    }
    var size = max(1, best.accesses.count / 2), trials = 0
    while trials < 300 {
      var removed = false, at = 0
      while at < best.accesses.count, trials < 300 {
        var shorter = best
        shorter.accesses.removeSubrange(at..<min(best.accesses.count, at + size))
        trials += 1
        if let found = try difference(shorter, shown) {
          (best, bestWhat, removed) = (shorter, found, true)
        } else {
          at += size
        }
      }
      if size == 1, !removed { break }
      if !removed || size > best.accesses.count { size = max(1, size / 2) }
    }
    return Failure(sequence: number, what: bestWhat, accesses: best.accesses.map(\.description))
  }
}
