import Foundation
import HDL
import Testing

/// Random expressions over all operators and widths 1 to 70: the model, the netlist and Icarus must
/// agree on every bit, and the linters must stay silent.
@Suite struct RandomExpressionTests {
  static let seeds: [UInt64] = {
    if let text = ProcessInfo.processInfo.environment["WEFT_SEED"], let seed = UInt64(text) { return [seed] }
    return [1, 2, 3]
  }()

  @Test(.enabled(if: Tool.available(.iverilog, .vvp)), arguments: seeds)
  func icarusAgrees(seed: UInt64) throws {
    print("random expressions, seed \(seed) (WEFT_SEED=\(seed) repeats it)")
    let batch = RandomBatch(seed: seed, count: 24)
    let simulation = try Simulation(batch)
    let design = simulation.compiled.design
    var random = SplitMix(state: seed ^ 0xABCD)
    let stimuli = (0..<24).map { _ in batch.randomInputs(&random) }
    let expected = stimuli.map { batch.expected($0) }

    for (stimulus, wanted) in zip(stimuli, expected) {
      simulation.poke(\.x, words: stimulus.reduce(BitVector.zero(0)) { $0.concatenated(withHigh: $1) }.words)
      #expect(batch.differences(simulation.peek(\.y).pattern, wanted) == [], "simulator, seed \(seed)")
    }
    let simulated = try icarus(design, stimuli)
    for (actual, wanted) in zip(simulated, expected) {
      #expect(batch.differences(actual, wanted) == [], "Icarus, seed \(seed)")
    }
    #expect(simulated.count == stimuli.count)
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: seeds)
  func lintersAreSilent(seed: UInt64) throws {
    let complaints = try lint(elaborate(RandomBatch(seed: seed, count: 24)))
    #expect(complaints == "", "seed \(seed)")
  }

  private func icarus(_ design: Design, _ stimuli: [[BitVector]]) throws -> [BitVector] {
    try withTemporaryDirectory { directory in
      let width = stimuli[0].reduce(0) { $0 + $1.width }
      let outputWidth = design.modules[design.modules.count - 1].graph.signals[1].shape.width
      var bench = "module bench;\n  reg [\(width - 1):0] x;\n  wire [\(outputWidth - 1):0] y;\n"
      bench += "  random_batch top (.x(x), .y(y));\n  initial begin\n"
      for stimulus in stimuli {
        let pattern = stimulus.reduce(BitVector.zero(0)) { $0.concatenated(withHigh: $1) }
        bench += "    x = \(width)'h\(pattern.hexadecimal); #1 $display(\"%h\", y);\n"
      }
      bench += "  end\nendmodule\n"
      try (VerilogPrinter.text(design) + bench).write(to: directory.appendingPathComponent("bench.v"), atomically: true, encoding: .utf8)
      let (status, output) = try Tool.iverilog.run(["-g2005", "-o", "bench", "bench.v"], in: directory)
      #expect(status == 0 && output == "", "\(output)")
      let text = try Tool.vvp.run(["bench"], in: directory).output
      return text.split(separator: "\n").map { line in
        let digits = line.reversed().map { UInt64(String($0), radix: 16) }
        #expect(!digits.contains(nil), "an unknown bit in \(line.prefix(40))…")
        var words = [UInt64](repeating: 0, count: (outputWidth + 63) / 64)
        for (i, digit) in digits.enumerated() where i / 16 < words.count { words[i / 16] |= (digit ?? 0) << UInt64(4 * (i % 16)) }
        return BitVector(width: outputWidth, words: words)
      }
    }
  }
}

/// Many random modules under one top with one wide input and one wide output.
struct RandomBatch: Module {
  let seed: UInt64
  let count: Int
  @Input var x: Unsigned
  @Output var y: Unsigned

  init(seed: UInt64, count: Int) {
    self.seed = seed
    self.count = count
    let children = RandomBatch.children(seed, count)
    _x = Input(children.reduce(0) { $0 + $1.inputs.reduce(0) { $0 + $1.1 } })
    _y = Output(children.reduce(0) { $0 + $1.outputs.reduce(0) { $0 + $1.width } })
  }
  static func children(_ seed: UInt64, _ count: Int) -> [RandomUnit] {
    (0..<count).map { RandomUnit(seed: seed &* 1_000_003 &+ UInt64($0)) }
  }

  func body() {
    var low = 0
    var results: [any Value] = []
    for (i, child) in RandomBatch.children(seed, count).enumerated() {
      let unit = instance("unit_\(i)", child)
      unit.$x = x[low..<low + child.width]
      low += child.width
      results.append(unit.$y)
    }
    y = concatenate(results)
  }

  func randomInputs(_ random: inout SplitMix) -> [BitVector] {
    RandomBatch.children(seed, count).flatMap { $0.inputs.map { random.bits($0.1) } }
  }
  /// The bits of every output of every child, in order.
  func expected(_ stimulus: [BitVector]) -> [(child: Int, tree: Tree, bits: BitVector)] {
    var next = 0
    return RandomBatch.children(seed, count).enumerated().flatMap { child, unit in
      let mine = Array(stimulus[next..<next + unit.inputs.count])
      next += unit.inputs.count
      return unit.outputs.map { (child, $0, $0.model(mine)) }
    }
  }
  func differences(_ actual: BitVector, _ wanted: [(child: Int, tree: Tree, bits: BitVector)]) -> [String] {
    var low = 0
    var result: [String] = []
    for (child, tree, bits) in wanted {
      let found = actual.slice(low, width: tree.width)
      low += tree.width
      if found != bits {
        result.append("random_unit of child \(child), \(tree.op) of \(tree.kids.map(\.op)): expected \(tree.width)'h\(bits.hexadecimal), got \(found.hexadecimal)")
      }
    }
    return result
  }
}

/// Random expressions of a few random inputs.
struct RandomUnit: Module {
  let seed: UInt64
  let width: Int
  @Input var x: Unsigned
  @Output var y: Unsigned

  init(seed: UInt64) {
    self.seed = seed
    width = RandomUnit.inputs(seed).reduce(0) { $0 + $1.1 }
    _x = Input(width)
    _y = Output(RandomUnit.outputs(seed).reduce(0) { $0 + $1.width })
  }
  static func inputs(_ seed: UInt64) -> [(Tree.Kind, Int)] {
    var random = SplitMix(state: seed)
    return (0..<6).map { index in
      let kind: Tree.Kind = [.bit, .unsigned, .signed][index % 3]
      return (kind, kind == .bit ? 1 : random.int(0...3) == 0 ? random.int(1...3) : random.int(1...70))
    }
  }
  static func outputs(_ seed: UInt64) -> [Tree] {
    var forest = Forest(inputs: inputs(seed), random: SplitMix(state: ~seed))
    for _ in 0..<40 { forest.grow() }
    return Array(forest.trees.suffix(14))
  }
  var inputs: [(Tree.Kind, Int)] { RandomUnit.inputs(seed) }
  var outputs: [Tree] { RandomUnit.outputs(seed) }

  func body() {
    var low = 0
    var sources: [Hardware] = []
    for (index, (kind, width)) in inputs.enumerated() {
      let part = x[low..<low + width]
      low += width
      switch kind {
      case .bit: sources.append(.bit(part.asBit))
      case .unsigned:
        let wire = Wire<Unsigned>("u\(index)", width)
        wire.value = part
        sources.append(.unsigned(wire.value))
      case .signed:
        let wire = Wire<Signed>("s\(index)", width)
        wire.value = part.asSigned
        sources.append(.signed(wire.value))
      }
    }
    var known: [ObjectIdentifier: Hardware] = [:]
    var results: [any Value] = []
    for tree in outputs { results.append(tree.build(sources, &known).any) }
    y = concatenate(results)
  }
}
