import Foundation
import HDL
import Testing

/// Random expressions and random modules: the model, the simulator, Icarus and Verilator agree on every
/// bit in every cycle, and the linters are silent.
///
/// Every day a small part runs, without Verilator; `scripts/hdl-random` runs 10,000 expressions and 500
/// modules in all of them. A disagreement is made small and printed as Verilog.
@Suite struct RandomAgreementTests {
  /// Seeds, modules for each seed, and cycles.
  struct Size {
    let seeds: [UInt64]
    let expressions: Int
    let programs: Int
    let cycles: Int
  }
  static let isFull = ProcessInfo.processInfo.environment["WEFT_RANDOM"] == "full"
  static let size: Size = {
    let chosen = SplitMix.chosen
    if isFull { return Size(seeds: chosen.map { [$0] } ?? [1, 2, 3, 4], expressions: 180, programs: 125, cycles: 60) }
    return Size(seeds: chosen.map { [$0] } ?? [1, 2, 3], expressions: 16, programs: 12, cycles: 24)
  }()
  static let seeds = size.seeds
  static let tools: [Tool] = isFull ? [.iverilog, .verilator] : [.iverilog]
  /// Each tool with the text in each language.
  static let readers = tools.flatMap { tool in Language.allCases.map { (tool: tool, language: $0) } }

  @Test(.enabled(if: Tool.available(.iverilog, .vvp)), arguments: seeds)
  func expressions(seed: UInt64) throws {
    print("\(Self.size.expressions * RandomUnit.treesInOne) random expressions, seed \(seed) (WEFT_SEED=\(seed) repeats it)")
    try compare(RandomBatch(expressions: Self.size.expressions, seed: seed), seed)
  }
  @Test(.enabled(if: Tool.available(.iverilog, .vvp)), arguments: seeds)
  func programs(seed: UInt64) throws {
    print("\(Self.size.programs) random modules, seed \(seed) (WEFT_SEED=\(seed) repeats it)")
    try compare(RandomBatch(programs: Self.size.programs, seed: seed), seed)
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: [1, 2, 3] as [UInt64])
  func lintersAreSilent(seed: UInt64) throws {
    for batch in [RandomBatch(expressions: 24, seed: seed), RandomBatch(programs: 6, seed: seed)] {
      let complaints = try lint(elaborate(batch, in: batch.domain))
      #expect(complaints == "", "seed \(seed)")
    }
  }

  /// A simulator that is wrong about products is found out, and nothing but a product is left.
  @Test func disagreementsAreMadeSmall() throws {
    let batch = RandomBatch(expressions: 8, seed: 1)
    let voice = Voice(name: "a wrong simulator") { batch, stimuli in
      let right = try Simulation(batch).outputs(stimuli)
      let isWrong = try batch.parts.map { try VerilogPrinter.text(elaborate(batch.with([$0]))).contains(" * ") }
      return right.map { zip($0, isWrong).map { $1 ? "x" : $0 } }
    }
    let report = try #require(try disagreement(batch, batch.stimuli(4, seed: 1), [voice]))
    #expect(report.contains("a wrong simulator") && report.contains(" * "))
    #expect(report.split(separator: "\n").count < 30, "\(report)")
  }

  // MARK: comparison

  /// Somebody who computes the outputs of a batch, cycle by cycle.
  struct Voice {
    let name: String
    let outputs: (RandomBatch, [Stimulus]) throws -> [[String]]
  }
  private func compare(_ batch: RandomBatch, _ seed: UInt64) throws {
    let simulator = Voice(name: "the simulator") { try Simulation($0, in: $0.domain).outputs($1) }
    let tools = Self.readers.map { tool, language in
      Voice(name: "\(tool.rawValue) with \(language)") { try tool.outputs(elaborate($0, in: $0.domain), $0, $1, in: language) }
    }
    if let report = try disagreement(batch, batch.stimuli(Self.size.cycles, seed: seed), [simulator] + tools) {
      Issue.record("seed \(seed): \(report)")
    }
  }

  /// What the first voice that disagrees with the model says, about the smallest module that shows it.
  private func disagreement(_ batch: RandomBatch, _ stimuli: [Stimulus], _ voices: [Voice]) throws -> String? {
    for voice in voices {
      guard let wrong = try mismatches(batch, stimuli, voice).first else { continue }
      var part = batch.parts[wrong.part], found = wrong
      var next = 0, failures = 0
      while failures < part.simpler.count {
        let candidates = part.simpler
        let simpler = candidates[next % candidates.count], alone = batch.with([simpler])
        // What does not elaborate any more is no simpler example.
        if (try? elaborate(alone, in: alone.domain)) != nil, let still = try mismatches(alone, fitted(stimuli, to: alone), voice).first {
          part = simpler
          found = still
          failures = 0
        } else {
          next += 1
          failures += 1
        }
      }
      let text = try VerilogPrinter.text(elaborate(batch.with([part]), in: batch.domain))
      return "\(voice.name) and the model disagree in cycle \(found.cycle): \(found.actual), expected \(found.expected)\n\(text)"
    }
    return nil
  }

  private func fitted(_ stimuli: [Stimulus], to batch: RandomBatch) -> [Stimulus] {
    let width = batch.parts[0].inputWidth
    return stimuli.map { Stimulus(x: $0.x.resized(to: width, isSigned: false), isReset: $0.isReset) }
  }

  private func mismatches(_ batch: RandomBatch, _ stimuli: [Stimulus], _ voice: Voice) throws -> [(part: Int, cycle: Int, actual: String, expected: String)] {
    let actual = try voice.outputs(batch, stimuli)
    if actual.count != stimuli.count { return [] }
    return batch.parts.enumerated().compactMap { index, part in
      let expected = part.model(stimuli, isAsynchronous: batch.reset == .asynchronous || batch.reset == .asynchronousActiveLow).map(\.hexadecimal)
      // Before that, memories and registers without reset may hold anything.
      let wrong = stimuli.indices.dropFirst(RandomBatch.known).first { actual[$0][index] != expected[$0] }
      return wrong.map { (index, $0, actual[$0][index], expected[$0]) }
    }
  }
}
