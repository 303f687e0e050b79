import Foundation
import HDL
import Testing

/// Random clocked modules: wires and registers under nested When and Switch, cycle by cycle against Icarus.
///
/// The model executes the program itself, wire by wire, and so checks control structure, shared processes,
/// resets, and every pass.
@Suite struct RandomProgramTests {
  @Test(.enabled(if: Tool.available(.iverilog, .vvp)), arguments: RandomExpressionTests.seeds)
  func icarusAgrees(seed: UInt64) throws {
    print("random programs, seed \(seed) (WEFT_SEED=\(seed) repeats it)")
    for index in 0..<12 {
      let unit = RandomProgram(seed: seed &* 7919 &+ UInt64(index))
      let simulation = try Simulation(unit)
      let design = simulation.compiled.design
      var random = SplitMix(state: unit.seed ^ 0x5555)
      let stimuli = (0..<40).map { _ in unit.program.inputs.map { random.bits($0.1) } }
      let actual = try simulate(design, stimuli, outputWidth: unit.outputWidth)
      let expected = unit.program.run(stimuli)
      for (cycle, stimulus) in stimuli.enumerated() {
        simulation.poke(\.x, words: stimulus.reduce(BitVector.zero(0)) { $0.concatenated(withHigh: $1) }.words)
        let found = simulation.peek(\.y).pattern
        if cycle >= 3 && found != expected[cycle] {
          Issue.record("simulator, seed \(seed), program \(index), cycle \(cycle): expected \(expected[cycle].hexadecimal), got \(found.hexadecimal)\n\(VerilogPrinter.text(design))")
        }
        if RandomProgram.isReset(cycle) { simulation.reset() } else { simulation.step() }
      }
      #expect(actual.count == expected.count)
      for (cycle, (found, wanted)) in zip(actual, expected).enumerated() where cycle >= 3 && found != wanted.hexadecimal {
        Issue.record("seed \(seed), program \(index), cycle \(cycle): expected \(wanted.hexadecimal), got \(found)\n\(VerilogPrinter.text(design))")
        return
      }
    }
  }

  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: RandomExpressionTests.seeds)
  func lintersAreSilent(seed: UInt64) throws {
    for index in 0..<6 {
      let design = try elaborate(RandomProgram(seed: seed &* 7919 &+ UInt64(index)))
      let complaints = try lint(design)
      #expect(complaints == "", "seed \(seed), program \(index)")
    }
  }

  private func simulate(_ design: Design, _ stimuli: [[BitVector]], outputWidth: Int) throws -> [String] {
    try withTemporaryDirectory { directory in
      let width = stimuli[0].reduce(0) { $0 + $1.width }
      var bench = """
        module bench;
          reg clock = 0, reset = 1;
          reg [\(width - 1):0] x;
          wire [\(outputWidth - 1):0] y;
          random_program top (.clock(clock), .reset(reset), .x(x), .y(y));
          initial begin

        """
      for (cycle, stimulus) in stimuli.enumerated() {
        let pattern = stimulus.reduce(BitVector.zero(0)) { $0.concatenated(withHigh: $1) }
        let reset = RandomProgram.isReset(cycle) ? 1 : 0
        bench += "    reset = \(reset); x = \(width)'h\(pattern.hexadecimal); #1 $display(\"%h\", y); clock = 1; #1 clock = 0; #1;\n"
      }
      bench += "  end\nendmodule\n"
      try (VerilogPrinter.text(design) + bench).write(to: directory.appendingPathComponent("bench.v"), atomically: true, encoding: .utf8)
      let (status, output) = try Tool.iverilog.run(["-g2005", "-o", "bench", "bench.v"], in: directory)
      #expect(status == 0 && output == "", "\(output)")
      return try Tool.vvp.run(["bench"], in: directory).output.split(separator: "\n").map { line in
        let trimmed = line.drop { $0 == "0" }
        return trimmed.isEmpty ? "0" : String(trimmed)
      }
    }
  }
}

struct RandomProgram: Module {
  let seed: UInt64
  @Input var x: Unsigned
  @Output var y: Unsigned

  init(seed: UInt64) {
    self.seed = seed
    let program = Program(seed: seed)
    _x = Input(program.inputs.reduce(0) { $0 + $1.1 })
    _y = Output(program.targets.reduce(0) { $0 + $1.width })
  }
  static func isReset(_ cycle: Int) -> Bool { cycle < 3 || cycle == 20 }
  var program: Program { Program(seed: seed) }
  var outputWidth: Int { program.targets.reduce(0) { $0 + $1.width } }

  func body() {
    let program = self.program
    var sources: [Hardware] = []
    var low = 0
    for (kind, width) in program.inputs {
      let part = x[low..<low + width]
      sources.append(kind == .bit ? .bit(part.asBit) : kind == .signed ? .signed(part.asSigned) : .unsigned(part))
      low += width
    }
    var drive: [(Hardware) -> Void] = []
    for (index, target) in program.targets.enumerated() {
      let reset = target.reset.map { Int($0) }
      switch (target.isRegister, target.kind) {
      case (true, .signed):
        let register = Register<Signed>("r\(index)", target.width, reset: reset)
        sources.append(.signed(register.value))
        drive.append { if case .signed(let value) = $0 { register.value = value } }
      case (true, _):
        let register = Register<Unsigned>("r\(index)", target.width, reset: reset)
        sources.append(.unsigned(register.value))
        drive.append { register.value = $0.unsigned }
      case (false, .signed):
        let wire = Wire<Signed>("w\(index)", target.width)
        sources.append(.signed(wire.value))
        drive.append { if case .signed(let value) = $0 { wire.value = value } }
      case (false, _):
        let wire = Wire<Unsigned>("w\(index)", target.width)
        sources.append(.unsigned(wire.value))
        drive.append { wire.value = $0.unsigned }
      }
    }
    var known: [ObjectIdentifier: Hardware] = [:]
    func build(_ tree: Tree) -> Hardware { tree.build(sources, &known) }
    func emit(_ block: [Program.Step]) {
      for step in block {
        switch step {
        case .assign(let target, let tree): drive[target](build(tree))
        case .when(let arms):
          guard let first = arms.first, let condition = first.condition else { continue }
          var chain = When(build(condition).bit) { emit(first.body) }
          for arm in arms.dropFirst() {
            if let condition = arm.condition { chain = chain.ElseWhen(build(condition).bit) { emit(arm.body) } } else { chain.Else { emit(arm.body) } }
          }
        case .match(let subject, let arms, let otherwise):
          Switch(build(subject).unsigned) {
            for arm in arms {
              if arm.labels.count == 2 { Case(arm.labels[0], arm.labels[1]) { emit(arm.body) } } else { Case(arm.labels[0]) { emit(arm.body) } }
            }
            if let otherwise { Default { emit(otherwise) } }
          }
        }
      }
    }
    for block in program.blocks { emit(block) }
    y = concatenate(sources.dropFirst(program.inputs.count).map(\.any))
  }
}

/// A random program and its direct interpretation.
struct Program {
  struct Target {
    let isRegister: Bool
    let kind: Tree.Kind
    let width: Int
    let reset: UInt16?
  }
  indirect enum Step {
    case assign(Int, Tree)
    case when([(condition: Tree?, body: [Step])])
    case match(Tree, [(labels: [Int], body: [Step])], [Step]?)
  }
  var inputs: [(Tree.Kind, Int)] = []
  var targets: [Target] = []
  var blocks: [[Step]] = []

  init(seed: UInt64) {
    var random = SplitMix(state: seed)
    inputs = [(.bit, 1), (.unsigned, random.int(2...12)), (.signed, random.int(1...20)), (.bit, 1)]
    // Registers with reset first, then wires, then registers without reset, which only outputs may read.
    let kinds: [Tree.Kind] = [.unsigned, .signed]
    for index in 0..<10 {
      let kind = random.pick(kinds)
      let width = random.int(1...24)
      let reset: UInt16? = index < 4 ? UInt16(random.int(0...(1 << min(15, width - 1)) - 1)) : nil
      targets.append(Target(isRegister: index < 4 || index >= 8, kind: kind, width: width, reset: reset))
    }
    let registers = Array(0..<4), free = [8, 9]
    for (number, wires) in [[4, 5], [6, 7]].enumerated() {
      var forest = Forest(inputs: inputs + targets.prefix(number == 0 ? 4 : 6).map { ($0.kind, $0.width) }, random: SplitMix(state: seed ^ UInt64(number + 77)), limit: 40)
      for _ in 0..<12 { forest.grow() }
      var block: [Step] = []
      for wire in wires { block.append(.assign(wire, value(for: wire, &forest))) }
      if number == 0 { for register in free { block.append(.assign(register, value(for: register, &forest))) } }
      // The second wire's values may follow the first: a shared process would feed itself.
      var later = forest
      later.trees.append(Tree(.input, targets[wires[0]].kind, targets[wires[0]].width, [], inputs.count + wires[0]))
      for _ in 0..<random.int(1...3) {
        block.append(step(depth: 2, wires, registers + (number == 0 ? free : []), &forest, &later, &random))
      }
      // Every register is assigned somewhere.
      for register in registers where number == 1 { block.append(.when([(forest.any(.bit), [.assign(register, value(for: register, &forest))])])) }
      blocks.append(block)
    }
  }

  private func value(for target: Int, _ forest: inout Forest) -> Tree {
    let tree = forest.any(targets[target].kind)
    return forest.resized(tree, targets[target].width)
  }

  private func step(depth: Int, _ wires: [Int], _ registers: [Int], _ forest: inout Forest, _ later: inout Forest, _ random: inout SplitMix) -> Step {
    func body(_ forest: inout Forest, _ later: inout Forest, _ random: inout SplitMix) -> [Step] {
      var steps: [Step] = []
      var used: Set<Int> = []
      for _ in 0..<random.int(0...2) {
        let target = random.pick(wires + registers)
        if !used.insert(target).inserted { continue }
        let mayFollow = target == wires[1] && random.int(0...1) == 0
        steps.append(.assign(target, mayFollow ? value(for: target, &later) : value(for: target, &forest)))
      }
      if depth > 0 && random.int(0...1) == 0 { steps.append(step(depth: depth - 1, wires, registers, &forest, &later, &random)) }
      return steps
    }
    if random.int(0...2) > 0 {
      var arms: [(condition: Tree?, body: [Step])] = []
      for _ in 0..<random.int(1...3) { arms.append((forest.any(.bit), body(&forest, &later, &random))) }
      if random.int(0...1) == 0 { arms.append((nil, body(&forest, &later, &random))) }
      return .when(arms)
    }
    let subject = forest.resized(forest.any(.unsigned), random.int(1...3))
    var labels = Array(0..<(1 << subject.width)).shuffled(using: &random)
    let isComplete = random.int(0...1) == 0
    if !isComplete { labels.removeLast(random.int(1...labels.count - 1)) }
    var arms: [(labels: [Int], body: [Step])] = []
    while !labels.isEmpty {
      let some = labels.count > 1 && random.int(0...1) == 0 ? [labels.removeLast(), labels.removeLast()] : [labels.removeLast()]
      arms.append((some, body(&forest, &later, &random)))
    }
    return .match(subject, arms, isComplete ? nil : body(&forest, &later, &random))
  }

  // MARK: interpretation

  /// The concatenation of all targets in every cycle.
  func run(_ stimuli: [[BitVector]]) -> [BitVector] {
    var state = targets.map { BitVector.zero($0.width) }
    return stimuli.enumerated().map { cycle, stimulus in
      for (index, target) in targets.enumerated() where !target.isRegister {
        state[index] = result(index, stimulus + state) ?? state[index]
      }
      let shown = state.dropFirst().reduce(state[0]) { $0.concatenated(withHigh: $1) }
      var next = state
      for (index, target) in targets.enumerated() where target.isRegister {
        if RandomProgram.isReset(cycle), let reset = target.reset { next[index] = BitVector(Int(reset), width: target.width) } else {
          next[index] = result(index, stimulus + state) ?? state[index]
        }
      }
      state = next
      return shown
    }
  }

  /// What the last assignment that is reached gives `target`.
  private func result(_ target: Int, _ values: [BitVector]) -> BitVector? {
    var found: BitVector?
    func run(_ steps: [Step]) {
      for step in steps {
        switch step {
        case .assign(let index, let tree): if index == target { found = tree.model(values) }
        case .when(let arms):
          let taken = arms.first { $0.condition.map { !$0.model(values).isZero } ?? true }
          run(taken?.body ?? [])
        case .match(let subject, let arms, let otherwise):
          let code = subject.model(values).unsignedInt ?? 0
          let taken = arms.first { $0.labels.contains(code) }
          run(taken?.body ?? otherwise ?? [])
        }
      }
    }
    for block in blocks { run(block) }
    return found
  }
}
