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
      MultiplexerTrees(seed: seed), Bundles(seed: seed),
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
    let modules: [any Module] = [GeneratedConstants(), SharedControl(), Guarded(limit: 9), PassSampler(), RandomModule(Recipe(seed: 5)), MultiplexerTrees(seed: 5), Bundles(seed: 5)]
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
}

/// Multiplexers of bits and numbers in each other, over few conditions and many constants, so that every rule about
/// them finds something to do.
private struct MultiplexerTrees: Module {
  let seed: UInt64
  @Input(3) var conditions: Unsigned
  @Input(2) var flags: Unsigned
  @Input(6) var a: Unsigned
  @Input(6) var b: Unsigned
  @Output(60) var bits: Unsigned
  @Output(60) var numbers: Unsigned
  init(seed: UInt64) { self.seed = seed }
  func body() {
    var random = SplitMix(state: seed)
    func condition() -> Bit {
      let bit = conditions[random.int(0...2)]
      return random.int(0...1) == 0 ? bit : !bit
    }
    func bit(_ depth: Int) -> Bit {
      if depth == 0 || random.int(0...4) == 0 { return random.pick([Bit(false), Bit(true), flags[0], flags[1]]) }
      return select(condition(), bit(depth - 1), bit(depth - 1))
    }
    func number(_ depth: Int) -> Unsigned {
      if depth == 0 { return random.pick([a, b, a & b, Unsigned(21, width: 6)]) }
      return select(condition(), number(depth - 1), number(depth - 1))
    }
    bits = concatenate((0..<60).map { _ in bit(3) })
    numbers = concatenate((0..<10).map { _ in number(3) })
  }
}

/// Bundles and choices that are almost alike, and slices of them and of sums, for the passes that share and narrow.
private struct Bundles: Module {
  let seed: UInt64
  @Input(2) var index: Unsigned
  @Input(4) var a: Unsigned
  @Input(4) var b: Unsigned
  @Output(96) var bundles: Unsigned
  @Output(64) var choices: Unsigned
  @Output(60) var slices: Unsigned
  init(seed: UInt64) { self.seed = seed }
  func body() {
    var random = SplitMix(state: seed)
    func part() -> Unsigned { random.pick([a, b, a & b, Unsigned(9, width: 4)]) }
    func slice(of value: Unsigned) -> Unsigned {
      let low = random.int(0...1) * random.int(0...value.width - 3)
      return value[low..<low + 3]
    }
    bundles = concatenate((0..<12).map { _ in concatenate([part(), part()]) ^ Unsigned(random.int(0...255), width: 8) })
    choices = concatenate((0..<16).map { _ in choose(random.int(0...1) == 0 ? index : a[0..<2], [part(), part(), part(), part()]) &+ 1 })
    slices = concatenate(
      (0..<20).map { _ in
        switch random.int(0...3) {
        case 0: slice(of: part() + part())
        case 1: slice(of: (part() - part()).asUnsigned)
        case 2: slice(of: part() * part())
        default: slice(of: concatenate([part(), part() ^ part()]))
        }
      })
  }
}
