import HDL

/// Random clocked modules, each known twice: as hardware, and as a model that executes the program itself.
///
/// A program has registers with and without reset, wires that follow one another under nested `When` and
/// `Switch`, a memory, an instance of a smaller program, and values of up to 150 bits.
struct Recipe: Hashable {
  let seed: UInt64
  /// How many levels of instances there are below.
  var depth = 1
  /// Parts that are left out while a failure is made small: statement `n` as `2n`, its value as `2n + 1`.
  var removed: Set<Int> = []
  static let child = -1, memory = -2
}

struct Program {
  struct Target {
    let isRegister: Bool
    let kind: Tree.Kind
    let width: Int
    let reset: UInt16?
  }
  indirect enum Step {
    case assign(Int, Tree)
    /// Some bits of a target, as many as the tree has: from a bit on, or the part at an index.
    case assignBits(Int, low: Int, Tree)
    case assignPart(Int, index: Tree, Tree)
    case when([(condition: Tree?, body: [Step])])
    case match(Tree, [(labels: [Int], body: [Step])], [Step]?)
  }
  /// Words are written where `fill` points until all are known; never is one read that is being written.
  struct Storage {
    let depth: Int
    let width: Int
    let lanes: Int
    let writeAddress, data, enable, mask, readAddress, readEnable: Tree
    /// The read has no clock but that of a register behind it, and a second port writes the neighbour of what the first writes.
    let isAsynchronous: Bool
    let secondData, secondEnable: Tree
  }
  let recipe: Recipe
  /// The parts of the input: whether memories are being filled, where, and anything.
  let fields: [(kind: Tree.Kind, width: Int)]
  /// What trees refer to before the targets: the fields, the child's output, the word that was read.
  let sources: [(Tree.Kind, Int)]
  let childRecipe: Recipe?
  /// What each field of the child is.
  private(set) var childInputs: [Tree] = []
  private(set) var storage: Storage?
  private(set) var targets: [Target] = []
  private(set) var blocks: [[Step]] = []
  /// The number of statements, for making it small.
  private(set) var statements = 0

  var inputWidth: Int { fields.reduce(0) { $0 + $1.width } }
  var outputWidth: Int { sources.dropFirst(fields.count).reduce(0) { $0 + $1.1 } + targets.reduce(0) { $0 + $1.width } }

  init(_ recipe: Recipe) {
    self.recipe = recipe
    let seed = recipe.seed
    var random = SplitMix(state: seed)
    let isInt16 = random.int(0...2) == 0
    fields = [
      (.bit, 1), (.unsigned, 4), (.bit, 1), (.unsigned, random.int(2...12)), (.signed, random.int(1...20)), (.bit, 1),
      (.unsigned, random.int(1...(isInt16 ? 130 : 30))),
    ]
    childRecipe = recipe.depth > 0 ? Recipe(seed: seed ^ 0xC0FFEE, depth: recipe.depth - 1) : nil
    let child = childRecipe.map(Program.init)
    let wordWidth = random.int(1...(isInt16 ? 130 : 20))
    sources = fields.map { ($0.kind, $0.width) } + [(.unsigned, child?.outputWidth ?? 1), (.unsigned, wordWidth)]
    // Registers with reset first, then wires, then registers without reset, which only outputs may read.
    let kinds: [Tree.Kind] = [.unsigned, .signed]
    for index in 0..<10 {
      let kind = random.pick(kinds)
      let width = isInt16 && random.int(0...2) == 0 ? random.int(60...150) : random.int(1...24)
      let reset: UInt16? = index < 4 ? UInt16(random.int(0...(1 << min(15, width - 1)) - 1)) : nil
      targets.append(Target(isRegister: index < 4 || index >= 8, kind: kind, width: width, reset: reset))
    }
    connectChild(child, &random)
    addBlocks(limit: isInt16 ? 150 : 40, wordWidth, &random)
    var number = 0
    blocks = blocks.map { Program.pruned($0, recipe.removed, &number, isOutermost: true, targets) }
    statements = number
  }

  // MARK: making

  /// The child sees only fields and registers, so that nothing can go round in a loop.
  private mutating func connectChild(_ child: Program?, _ random: inout SplitMix) {
    guard let child else { return }
    var forest = Forest(inputs: sources + targets.prefix(4).map { ($0.kind, $0.width) }, random: SplitMix(state: recipe.seed ^ 0xCCCC), limit: 40)
    let unknown = fields.count..<sources.count
    forest.trees.removeAll { $0.op == .input && unknown.contains($0.parameter) }
    for _ in 0..<8 { forest.grow() }
    childInputs = child.fields.enumerated().map { index, field in
      index < 2 ? Tree(.input, field.kind, field.width, [], index) : forest.resized(forest.any(field.kind), field.width)
    }
  }

  private mutating func addBlocks(limit: Int, _ wordWidth: Int, _ random: inout SplitMix) {
    let registers = Array(0..<4), free = [8, 9]
    for (number, wires) in [[4, 5], [6, 7]].enumerated() {
      let known = sources + targets.prefix(number == 0 ? 4 : 6).map { ($0.kind, $0.width) }
      var forest = Forest(inputs: known, random: SplitMix(state: recipe.seed ^ UInt64(number + 77)), limit: limit)
      for _ in 0..<12 { forest.grow() }
      var block: [Step] = []
      for wire in wires { block.append(.assign(wire, value(for: wire, &forest))) }
      if number == 0 { for register in free { block.append(.assign(register, value(for: register, &forest))) } }
      // The second wire's values may follow the first: a shared process would feed itself.
      var later = forest
      later.trees.append(Tree(.input, targets[wires[0]].kind, targets[wires[0]].width, [], sources.count + wires[0]))
      for _ in 0..<random.int(1...3) {
        block.append(step(depth: 2, wires, registers + (number == 0 ? free : []), &forest, &later, &random))
      }
      // Every register is assigned somewhere.
      for register in registers where number == 1 { block.append(.when([(forest.any(.bit), [.assign(register, value(for: register, &forest))])])) }
      blocks.append(block)
      if number == 1 { addStorage(wordWidth, &forest, &random) }
    }
  }

  private mutating func addStorage(_ width: Int, _ forest: inout Forest, _ random: inout SplitMix) {
    let bits = random.int(1...4)
    let lanes = random.pick((1...4).filter { width % $0 == 0 })
    func number(_ width: Int) -> Tree { forest.resized(forest.any(.unsigned), width) }
    let filling = Tree(.input, .bit, 1, [], 0), counter = Tree(.truncate, .unsigned, bits, [Tree(.input, .unsigned, 4, [], 1)])
    func filled(_ whenFilling: Tree, _ tree: Tree) -> Tree { Tree(.select, tree.kind, tree.width, [filling, whenFilling, tree]) }
    let ones = Tree(.constant, .unsigned, lanes, pattern: BitVector(-1, width: lanes))
    let writeAddress = filled(counter, number(bits)), readAddress = number(bits)
    let one = Tree(.constant, .unsigned, bits, pattern: BitVector(1, width: bits))
    let collides = Tree(.equal, .bit, 1, [readAddress, writeAddress])
    let elsewhere = Tree(.select, .unsigned, bits, [collides, Tree(.xor, .unsigned, bits, [readAddress, one]), readAddress])
    storage = Storage(
      depth: 1 << bits, width: width, lanes: lanes, writeAddress: writeAddress, data: filled(forest.resized(counter, width), number(width)),
      enable: Tree(.or, .bit, 1, [filling, forest.any(.bit)]), mask: filled(ones, number(lanes)),
      readAddress: filled(Tree(.xor, .unsigned, bits, [counter, one]), elsewhere),
      readEnable: Tree(.or, .bit, 1, [filling, forest.any(.bit)]), isAsynchronous: random.int(0...1) == 0,
      secondData: number(width), secondEnable: Tree(.and, .bit, 1, [Tree(.not, .bit, 1, [filling]), forest.any(.bit)]))
  }

  private func value(for target: Int, _ forest: inout Forest) -> Tree {
    let tree = forest.any(targets[target].kind)
    return forest.resized(tree, targets[target].width)
  }

  /// Some bits of a target in place of all.
  private func change(_ target: Int, _ forest: inout Forest, _ random: inout SplitMix) -> Step? {
    let width = targets[target].width
    switch random.int(0...5) {
    case 0:
      let low = random.int(0...width - 1), count = random.int(1...width - low)
      return .assignBits(target, low: low, forest.resized(forest.any(.unsigned), count))
    case 1:
      let size = random.pick((1...width).filter { width % $0 == 0 })
      let bits = random.int(0...3) == 0 ? random.int(1...9) : indexBits(width / size)
      // A constant index beyond the end would be no assignment at all.
      let found = forest.any(.unsigned), index = found.isConstant ? Tree(.input, .unsigned, fields[3].width, [], 3) : found
      return .assignPart(target, index: forest.resized(index, bits), forest.resized(forest.any(.unsigned), size))
    default: return nil
    }
  }

  private func step(depth: Int, _ wires: [Int], _ registers: [Int], _ forest: inout Forest, _ later: inout Forest, _ random: inout SplitMix) -> Step {
    func body(_ forest: inout Forest, _ later: inout Forest, _ random: inout SplitMix) -> [Step] {
      var steps: [Step] = []
      var used: Set<Int> = []
      for _ in 0..<random.int(0...2) {
        let target = random.pick(wires + registers)
        if !used.insert(target).inserted { continue }
        let mayFollow = target == wires[1] && random.int(0...1) == 0
        if let change = change(target, &forest, &random) {
          steps.append(change)
          continue
        }
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

  /// Numbers the statements, leaves some out, and replaces the values of some by 0. Outermost assignments
  /// stay, because wires need them.
  private static func pruned(_ steps: [Step], _ removed: Set<Int>, _ number: inout Int, isOutermost: Bool = false, _ targets: [Target]) -> [Step] {
    steps.compactMap { step in
      let own = number
      number += 1
      let result: Step
      var isAssignment = false
      switch step {
      case .assign(let target, let tree):
        let zero = Tree(.constant, tree.kind, tree.width, pattern: .zero(tree.width))
        result = .assign(target, removed.contains(2 * own + 1) ? zero : tree)
        isAssignment = true
      case .assignBits(let target, let low, let tree):
        result = .assignBits(target, low: low, removed.contains(2 * own + 1) ? Tree(.constant, tree.kind, tree.width, pattern: .zero(tree.width)) : tree)
      case .assignPart(let target, let index, let tree):
        result = .assignPart(
          target, index: index, removed.contains(2 * own + 1) ? Tree(.constant, tree.kind, tree.width, pattern: .zero(tree.width)) : tree)
      case .when(let arms):
        result = .when(arms.map { ($0.condition, pruned($0.body, removed, &number, targets)) })
      case .match(let subject, let arms, let otherwise):
        let kept = arms.map { ($0.labels, pruned($0.body, removed, &number, targets)) }
        result = .match(subject, kept, otherwise.map { pruned($0, removed, &number, targets) })
      }
      return removed.contains(2 * own) && !(isOutermost && isAssignment) ? nil : result
    }
  }
}
