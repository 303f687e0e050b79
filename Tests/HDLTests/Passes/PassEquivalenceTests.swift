import Foundation
import HDL
import Testing

/// No pass changes what a design means: each is compared with what went into it, by random cycles here and by proof in Yosys.
@Suite struct PassEquivalenceTests {
  private static func designs(_ seed: UInt64) -> [any Module] {
    [
      ExampleUnit(lanes: 4), GeneratedConstants(), WideVectors(), SharedControl(), HandshakeStage(), Guarded(limit: 9), PulseCounter(width: 5),
      RandomAccess(depth: 16, width: 12, lanes: 3, holds: true, collision: .readsNew), PassSampler(),
      RandomModule(Recipe(seed: seed &* 31 &+ 1)), RandomModule(Recipe(seed: seed &* 31 &+ 2)), RandomBatch(expressions: 6, seed: seed),
    ]
  }
  private static func elaborated(_ module: some Module, _ passes: [Pass]) throws -> Design { try elaborate(module, passes: passes) }

  @Test(arguments: RandomAgreementTests.seeds, 0..<Pass.all.count)
  func randomCycles(seed: UInt64, index: Int) throws {
    for module in Self.designs(seed) {
      let before = try Self.elaborated(module, Array(Pass.all.prefix(index))), after = try Self.elaborated(module, Array(Pass.all.prefix(index + 1)))
      var random = SplitMix(state: seed)
      for (old, new) in zip(before.modules, after.modules) {
        for _ in 0..<8 {
          let given = old.graph.signals.map { random.bits($0.shape.width) }
          let difference = zip(CycleEvaluator.results(old.graph, given: given), CycleEvaluator.results(new.graph, given: given)).first { $0 != $1 }
          #expect(difference == nil, "seed \(seed), pass '\(Pass.all[index].name)', module \(old.name)")
        }
      }
    }
  }

  /// Formal equivalence of the Verilog before and after each pass, register by register.
  @Test(.enabled(if: Tool.available(.yosys)), arguments: 0..<Pass.all.count) func proof(index: Int) throws {
    let modules: [any Module] = [GeneratedConstants(), SharedControl(), Guarded(limit: 9), PassSampler(), RandomModule(Recipe(seed: 5)), Counter(width: 8)]
    for module in modules {
      let before = try Self.elaborated(module, Array(Pass.all.prefix(index))), after = try Self.elaborated(module, Array(Pass.all.prefix(index + 1)))
      let log = try equivalence(before, after)
      #expect(log == "", "pass '\(Pass.all[index].name)', module \(before.top?.name ?? "")")
    }
  }

  /// The proof sees a difference when there is one.
  @Test(.enabled(if: Tool.available(.yosys))) func proofFails() throws {
    #expect(try equivalence(elaborate(Guarded(limit: 9)), elaborate(Guarded(limit: 9, broken: true))) != "")
  }
  @Test func randomCyclesFail() throws {
    let good = try elaborate(Guarded(limit: 9)), bad = try elaborate(Guarded(limit: 9, broken: true))
    var random = SplitMix(state: 1)
    let differs = (0..<400).contains { _ in
      let given = good.modules[0].graph.signals.map { random.bits($0.shape.width) }
      return CycleEvaluator.results(good.modules[0].graph, given: given) != CycleEvaluator.results(bad.modules[0].graph, given: given)
    }
    #expect(differs)
  }

  private func equivalence(_ before: Design, _ after: Design) throws -> String {
    try withTemporaryDirectory { directory in
      for (name, design) in [("gold", before), ("gate", after)] {
        try VerilogPrinter.text(design).write(to: directory.appendingPathComponent("\(name).v"), atomically: true, encoding: .utf8)
      }
      let top = before.top?.name ?? ""
      let script = ["gold", "gate"].map { "read_verilog \($0).v; prep -flatten -top \(top); rename \(top) \($0); design -stash \($0); " }.joined()
        + "design -copy-from gold gold; design -copy-from gate gate; equiv_make gold gate equiv; hierarchy -top equiv; "
        + "equiv_simple -undef; equiv_induct -undef; equiv_status -assert"
      let (status, output) = try Tool.yosys.run(["-q", "-p", script], in: directory)
      return status == 0 ? "" : output
    }
  }
}
