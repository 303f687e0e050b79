import HDL

/// A random program as hardware.
struct RandomModule: Module {
  let recipe: Recipe
  @Input var x: Unsigned
  @Output var y: Unsigned

  init(_ recipe: Recipe) {
    self.recipe = recipe
    let program = Program(recipe)
    _x = Input(program.inputWidth)
    _y = Output(program.outputWidth)
  }

  func body() {
    let program = Program(recipe)
    var values: [Hardware] = []
    var low = 0
    for (kind, width) in program.fields {
      let part = x[low..<low + width]
      values.append(kind == .bit ? .bit(part.asBit) : kind == .signed ? .signed(part.asSigned) : .unsigned(part))
      low += width
    }
    let child = program.recipe.removed.contains(Recipe.child) ? nil : program.childRecipe.map { instance("child", RandomModule($0)) }
    values.append(.unsigned(child?.$y ?? Unsigned(0, width: program.sources[program.fields.count].1)))
    let width = program.sources[program.fields.count + 1].1
    let word = Wire<Unsigned>("word", width)
    values.append(.unsigned(word.value))

    var drive: [(Change) -> Void] = []
    for (index, target) in program.targets.enumerated() {
      let declared = RandomTarget("\(target.isRegister ? "r" : "w")\(index)", target, style: Int(recipe.seed >> UInt64(2 * index) & 3))
      values.append(declared.value)
      drive.append(declared.change)
    }
    var known: [ObjectIdentifier: Hardware] = [:]
    func build(_ tree: Tree) -> Hardware { tree.build(values, &known) }
    if let child { child.$x = concatenate(program.childInputs.map { build($0).any }) }
    if let storage = program.storage, !program.recipe.removed.contains(Recipe.memory) {
      let rows = Memory("rows", depth: storage.depth, width: storage.width, lanes: storage.lanes)
      let mask = storage.lanes > 1 ? build(storage.mask).unsigned : nil
      let address = build(storage.writeAddress).unsigned
      rows.write(at: address, build(storage.data).unsigned, when: build(storage.enable).bit, lanes: mask)
      if storage.isAsynchronous {
        // A register behind a read without a clock is a read that sees the old word, so a second port may write anywhere else.
        rows.write(at: address ^ 1, build(storage.secondData).unsigned, when: build(storage.secondEnable).bit)
        let fetched = Register<Unsigned>("fetched", storage.width, reset: nil)
        When(build(storage.readEnable).bit) { fetched.value = rows[build(storage.readAddress).unsigned] }
        word.value = fetched.value
      } else {
        word.value = rows.read(at: build(storage.readAddress).unsigned, when: build(storage.readEnable).bit)
      }
    } else {
      word.value = Unsigned(0, width: width)
    }
    for block in program.blocks { emit(block, drive, build) }
    y = concatenate(values.dropFirst(program.fields.count).map(\.any))
  }

  private func emit(_ steps: [Program.Step], _ drive: [(Change) -> Void], _ build: (Tree) -> Hardware) {
    for step in steps where step.doesSomething {
      switch step {
      case .assign(let target, let tree): drive[target](.whole(build(tree)))
      case .assignBits(let target, let low, let tree): drive[target](.bits(low..<low + tree.width, build(tree).unsigned))
      case .assignPart(let target, let index, let tree): drive[target](.part(build(index).unsigned, tree.width, build(tree).unsigned))
      case .when(let arms):
        guard let first = arms.first, let condition = first.condition else { continue }
        var chain = When(build(condition).bit) { emit(first.body, drive, build) }
        for arm in arms.dropFirst() {
          if let condition = arm.condition {
            chain = chain.ElseWhen(build(condition).bit) { emit(arm.body, drive, build) }
          } else {
            chain.Else { emit(arm.body, drive, build) }
          }
        }
      case .match(let subject, let arms, let otherwise): emitSwitch(build(subject).unsigned, arms, otherwise) { emit($0, drive, build) }
      }
    }
  }
  private func emitSwitch(_ subject: Unsigned, _ arms: [(labels: [Int], body: [Program.Step])], _ otherwise: [Program.Step]?, _ emit: ([Program.Step]) -> Void) {
    withoutActuallyEscaping(emit) { emit in
      Switch(subject) {
        for arm in arms {
          if arm.labels.count == 2 { Case(arm.labels[0], arm.labels[1]) { emit(arm.body) } } else { Case(arm.labels[0]) { emit(arm.body) } }
        }
        if let otherwise { Default { emit(otherwise) } }
      }
    }
  }
}

extension Program.Step {
  /// False for a When or a Switch that is empty at all depths, which elaboration refuses.
  fileprivate var doesSomething: Bool {
    switch self {
    case .assign, .assignBits, .assignPart: true
    case .when(let arms): arms.contains { $0.body.contains(where: \.doesSomething) }
    case .match(_, let arms, let otherwise): (arms.map(\.body) + [otherwise ?? []]).contains { $0.contains(where: \.doesSomething) }
    }
  }
}

/// A random program as a model: it executes the statements one after the other, target by target.
final class ProgramModel {
  let program: Program
  private let child: ProgramModel?
  private let isAsynchronous: Bool
  private var state: [BitVector]
  private var rows: [BitVector]
  private var word: BitVector
  /// Everything that trees refer to, settled.
  private var values: [BitVector] = []

  /// - Parameter isAsynchronous: whether reset acts at once.
  init(_ recipe: Recipe, isAsynchronous: Bool = false) {
    self.isAsynchronous = isAsynchronous
    program = Program(recipe)
    child = recipe.removed.contains(Recipe.child) ? nil : program.childRecipe.map { ProgramModel($0, isAsynchronous: isAsynchronous) }
    state = program.targets.map { .zero($0.width) }
    rows = Array(repeating: .zero(program.storage?.width ?? 1), count: program.storage?.depth ?? 0)
    word = .zero(program.sources[program.fields.count + 1].1)
  }

  /// The output for an input, before the edge.
  func output(_ x: BitVector, isReset: Bool) -> BitVector {
    if isReset && isAsynchronous {
      for (index, target) in program.targets.enumerated() where target.isRegister {
        if let reset = target.reset { state[index] = BitVector(Int(reset), width: target.width) }
      }
    }
    var low = 0
    let fields = program.fields.map { field in
      defer { low += field.width }
      return x.slice(low, width: field.width)
    }
    var childOutput = BitVector.zero(program.sources[program.fields.count].1)
    if let child {
      let known = fields + [childOutput, word] + state
      let inputs = program.childInputs.map { $0.model(known) }
      childOutput = child.output(inputs.dropFirst().reduce(inputs[0]) { $0.concatenated(withHigh: $1) }, isReset: isReset)
    }
    for (index, target) in program.targets.enumerated() where !target.isRegister {
      values = fields + [childOutput, word] + state
      state[index] = result(index) ?? state[index]
    }
    values = fields + [childOutput, word] + state
    let shown = values.dropFirst(fields.count)
    return shown.dropFirst().reduce(childOutput) { $0.concatenated(withHigh: $1) }
  }

  func edge(isReset: Bool) {
    child?.edge(isReset: isReset)
    var next = state
    for (index, target) in program.targets.enumerated() where target.isRegister {
      if isReset, let reset = target.reset { next[index] = BitVector(Int(reset), width: target.width) } else {
        next[index] = result(index) ?? state[index]
      }
    }
    if let storage = program.storage, !program.recipe.removed.contains(Recipe.memory) { access(storage) }
    state = next
  }

  private func access(_ storage: Program.Storage) {
    func value(_ tree: Tree) -> BitVector { tree.model(values) }
    if !value(storage.readEnable).isZero { word = rows[value(storage.readAddress).unsignedInt ?? 0] }
    let address = value(storage.writeAddress).unsignedInt ?? 0
    if storage.isAsynchronous && !value(storage.secondEnable).isZero { rows[address ^ 1] = value(storage.secondData) }
    if value(storage.enable).isZero { return }
    let mask = value(storage.mask), data = value(storage.data)
    let size = storage.width / storage.lanes
    for lane in 0..<storage.lanes where storage.lanes == 1 || mask[lane] {
      let selected = BitVector(-1, width: size).resized(to: storage.width, isSigned: false).shiftedLeft(lane * size)
      rows[address] = (rows[address] & selected.inverted) | (data & selected)
    }
  }

  /// What the last assignment that is reached gives `target`.
  private func result(_ target: Int) -> BitVector? {
    var found: BitVector?
    func run(_ steps: [Program.Step]) {
      for step in steps {
        switch step {
        case .assign(let index, let tree): if index == target { found = tree.model(values) }
        case .assignBits(let index, let low, let tree):
          if index == target { found = (found ?? state[target]).replacing(low, with: tree.model(values)) }
        case .assignPart(let index, let place, let tree):
          let old = found ?? state[target]
          guard index == target, let number = place.model(values).unsignedInt, number < old.width / tree.width else { continue }
          found = old.replacing(number * tree.width, with: tree.model(values))
        case .when(let arms): run(arms.first { $0.condition.map { !$0.model(values).isZero } ?? true }?.body ?? [])
        case .match(let subject, let arms, let otherwise):
          let code = subject.model(values).unsignedInt ?? 0
          run(arms.first { $0.labels.contains(code) }?.body ?? otherwise ?? [])
        }
      }
    }
    for block in program.blocks { run(block) }
    return found
  }
}
