// Random layers of int16 on random hardware: the reference machine against the RTL, write by write, and predicted cycles against
// measured ones.

import Emit
import Machine
import Mapper
import Reference

/// What to test.
public struct RandomInt16Testing: Sendable {
  public var seed: UInt64
  /// How many layers, and on how many configurations.
  public var count: Int, configurations: Int
  public var simulator: SimulatorKind

  public init(seed: UInt64, count: Int, configurations: Int, simulator: SimulatorKind = .verilator) {
    (self.seed, self.count, self.configurations, self.simulator) = (seed, count, configurations, simulator)
  }

  /// What became of all.
  public struct Report: Sendable {
    public var tested = 0
    /// Bytes compared.
    public var bytes = 0
    public var byMode: [String: Int] = [:]
    /// Of the first layer that is wrong: its seed, hardware, and how.
    public var failure: String?
  }

  /// How many one process runs.
  private static let batch = 25

  /// Runs the tests; stops at the first failure.
  /// - Throws: `MissingTool`, `EnvironmentFailure` or `SimulationFailure`.
  public func run(progress: (String) -> Void = { _ in }) throws -> Report {
    var report = Report()
    for number in 0..<configurations {
      let hardware = try Self.hardware(seed: seed &+ UInt64(number))
      progress("configuration \(number + 1) of \(configurations): building")
      let simulator = try simulator.hardwareSimulator(for: hardware, progress: { _ in })
      let end = count * (number + 1) / configurations
      while report.tested < end, report.failure == nil {
        progress("configuration \(number + 1) of \(configurations), \(report.tested) of \(count) done")
        let seeds = (report.tested..<min(report.tested + Self.batch, end)).map { seed &* 1_000_003 &+ UInt64($0) }
        let layers = seeds.map { RandomInt16Layer(seed: $0, on: hardware) }
        let results = try simulator.run(Self.job(layers))
        for (index, layer) in layers.enumerated() where report.failure == nil {
          report.tested += 1
          report.byMode[layer.kind, default: 0] += 1
          let wrong = try results.samples.first { $0.sample == index }.map { try Self.compare(layer, $0, hardware, &report.bytes) }
          guard let wrong = wrong ?? "the simulation did not reach it" else { continue }
          report.failure = "layer \(seeds[index]) on \(hardware.configuration.name), \(layer.kind): \(wrong)"
        }
      }
    }
    return report
  }

  /// Hardware with every extension, and accumulators of any width.
  static func hardware(seed: UInt64) throws(ConfigurationError) -> Hardware {
    var hardware = try Hardware(standalone: .random(seed: seed))
    hardware.extensions = .all
    hardware.accumulatorBits = [24, 32, 40, Configuration.int16AccumulatorBits][Int(seed % 4)]
    return hardware
  }

  /// Layers one after the other, with a reset between them.
  static func job(_ layers: [RandomInt16Layer]) -> Job {
    var job = Job()
    for (index, layer) in layers.enumerated() {
      if index > 0 { job.reset() }
      for image in layer.images { job.load(image) }
      job.write(.interruptEnable, 3)
      job.mark(sample: index)
      job.writeFeatures(0, layer.features)
      job.start()
      job.wait(.interrupt, limit: 200_000)
      job.read(.status)
      job.write(.interruptStatus, 3)
    }
    return job
  }

  /// What differs first between hardware, reference machine and prediction; nil: nothing.
  private static func compare(
    _ layer: RandomInt16Layer, _ run: SampleRun, _ hardware: Hardware, _ bytes: inout Int
  ) throws(MachineFault) -> String? {
    let expected = try layer.written()
    let written = run.writes.flatMap { write in
      zip(write.data, write.before).enumerated().map { lane, byte in
        WrittenByte(step: write.step, address: write.address + lane, value: byte.0, before: byte.1)
      }
    }
    bytes += expected.count
    if let problem = run.problems.first { return problem }
    if let place = zip(written, expected).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset {
      return "byte \(place) of \(expected.count): hardware \(written[place]), reference machine \(expected[place])"
    }
    if written.count != expected.count { return "\(written.count) bytes in place of \(expected.count)" }
    let predicted = layer.fields.cyclesAlone(of: layer.command, words: layer.program.count - 1, on: hardware)
    guard let measured = measuredSteps(run, count: 1)?.first else { return "the layer does not end" }
    return measured == predicted ? nil : "takes \(measured) cycles, predicted \(predicted)"
  }
}
