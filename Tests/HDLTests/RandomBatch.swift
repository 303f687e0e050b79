import HDL

/// One of the random modules that the tests compare.
enum RandomPart: Hashable {
  case expressions(RandomUnit)
  case program(RandomModule)

  var inputWidth: Int {
    switch self {
    case .expressions(let unit): unit.width
    case .program(let module): Program(module.recipe).inputWidth
    }
  }
  /// The outputs that the model expects, cycle by cycle.
  func model(_ stimuli: [Stimulus], isAsynchronous: Bool) -> [BitVector] {
    switch self {
    case .expressions(let unit): return stimuli.map { unit.model($0.x) }
    case .program(let module):
      let model = ProgramModel(module.recipe, isAsynchronous: isAsynchronous)
      return stimuli.map { stimulus in
        defer { model.edge(isReset: stimulus.isReset) }
        return model.output(stimulus.x, isReset: stimulus.isReset)
      }
    }
  }
  /// The same with one part less, in all ways that there are.
  var simpler: [RandomPart] {
    switch self {
    case .expressions(let unit):
      let operands = unit.path.isEmpty ? unit.outputs.count : unit.outputs[0].kids.count
      return (0..<operands).map { .expressions(RandomUnit(seed: unit.seed, path: unit.path + [$0])) }
    case .program(let module):
      let recipe = module.recipe
      let parts = [Recipe.child, Recipe.memory] + Array(0..<2 * Program(recipe).statements)
      return parts.filter { !recipe.removed.contains($0) }.map { part in
        var smaller = recipe
        smaller.removed.insert(part)
        return .program(RandomModule(smaller))
      }
    }
  }
}

/// Many random modules under one top, all with the same input, so that a simulator is built once for all.
struct RandomBatch: Module {
  let parts: [RandomPart]
  /// What the clock of all is like.
  let edge: ClockDomain.Edge
  let reset: ClockDomain.Reset
  var domain: ClockDomain { ClockDomain("random", edge: edge, reset: reset) }
  @Input var x: Unsigned
  /// The parity of each module's output; the outputs themselves are read inside.
  @Output var y: Unsigned

  init(_ parts: [RandomPart], edge: ClockDomain.Edge = .rising, reset: ClockDomain.Reset = .synchronous) {
    (self.parts, self.edge, self.reset) = (parts, edge, reset)
    _x = Input(parts.map(\.inputWidth).max() ?? 1)
    _y = Output(parts.count)
  }
  /// Different modules for each seed.
  init(expressions count: Int, seed: UInt64) {
    self.init((0..<count).map { .expressions(RandomUnit(seed: seed &* 1_000_003 &+ UInt64($0))) })
  }
  init(programs count: Int, seed: UInt64) {
    var random = SplitMix(state: seed ^ 0xC10C)
    self.init(
      (0..<count).map { .program(RandomModule(Recipe(seed: seed &* 7919 &+ UInt64($0)))) }, edge: random.pick([.rising, .falling]),
      reset: random.pick([.synchronous, .synchronousActiveLow, .asynchronous, .asynchronousActiveLow]))
  }

  func body() {
    var results: [any Value] = []
    for (index, part) in parts.enumerated() {
      let output: Unsigned
      switch part {
      case .expressions(let module):
        let unit = instance("unit_\(index)", module)
        unit.$x = x[0..<module.width]
        output = unit.$y
      case .program(let module):
        let unit = instance("unit_\(index)", module)
        unit.$x = x[0..<part.inputWidth]
        output = unit.$y
      }
      results.append(output.parity)
    }
    y = concatenate(results)
  }

  /// The same with other modules.
  func with(_ parts: [RandomPart]) -> RandomBatch { RandomBatch(parts, edge: edge, reset: reset) }

  /// Inputs with a first phase in which programs fill their memories, in reset, and a reset later on.
  func stimuli(_ count: Int, seed: UInt64) -> [Stimulus] {
    var random = SplitMix(state: seed ^ 0x5555)
    let width = parts.map(\.inputWidth).max() ?? 1
    return (0..<RandomBatch.filling + count).map { cycle in
      let isFilling = cycle < RandomBatch.filling
      let bits = random.bits(width)
      let head = BitVector((isFilling ? 1 : 0) | (cycle % 16) << 1, width: min(5, width))
      return Stimulus(x: width <= 5 ? head : head.concatenated(withHigh: bits.slice(5, width: width - 5)), isReset: isFilling || cycle == RandomBatch.filling + count / 2)
    }
  }
  /// The cycles of the first phase, and one more until what was read is known.
  static let filling = 20
  static let known = 21
}
