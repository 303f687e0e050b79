import HDL

/// Random hardware with several clocks: three of its own, one that it divides, and one with a reset of its own.
///
/// Each domain has registers that random expressions drive, of its input, of its own registers, of an instance, and of
/// single bits of the other domains' registers, synchronized. The domain that the module divides follows whatever the
/// default domain does at the same edge.
struct RandomClocks: Module {
  static let inputWidth = 12
  let seed: UInt64
  let left = ClockDomain("left")
  let right = ClockDomain("right")
  @Input(RandomClocks.inputWidth) var x: Unsigned
  @Input var xLeft: Unsigned
  @Input var xRight: Unsigned
  @Output var y: Unsigned
  @Output var yLeft: Unsigned
  @Output var yRight: Unsigned
  /// Of the divided clock, as the default domain sees it.
  @Output var ySlow: Unsigned

  init(seed: UInt64) {
    self.seed = seed
    let widths = (0..<4).map { domain in RandomClocks.shapes(seed, domain).reduce(0) { $0 + $1.width } }
    _xLeft = Input(RandomClocks.inputWidth, in: left)
    _xRight = Input(RandomClocks.inputWidth, in: right)
    _y = Output(widths[0])
    _yLeft = Output(widths[1], in: left)
    _yRight = Output(widths[2], in: right)
    _ySlow = Output(widths[3])
  }

  private static func shapes(_ seed: UInt64, _ domain: Int) -> [(kind: Tree.Kind, width: Int)] {
    var random = SplitMix(state: seed ^ UInt64(domain) << 32)
    return (0..<3).map { _ in (random.pick([.unsigned, .signed]), random.int(1...30)) }
  }

  func body() {
    let half = Register<Bit>("half"), wait = Register<Unsigned>("wait", 3, reset: 7)
    half.value = !half.value
    When(wait.value !== 0) { wait.value = wait.value &- 1 }
    let divided = ClockDomain("divided", clock: half.value, reset: false)
    let waits = assumeStable(wait.value !== 0, into: divided, because: "the divided clock rises with the default one")
    let slow = ClockDomain("slow", clockOf: divided, reset: waits)
    let domains = [ClockDomain.default, left, right, slow]
    let states = domains.indices.map { State($0, domains[$0], RandomClocks.shapes(seed, $0), seed) }
    let isFirst = Register<Bit>("isFirst", reset: 1, in: left)
    isFirst.value = states[1].values[0].unsigned[0]
    var random = SplitMix(state: seed ^ 0x50F7)
    let enable: Bit? = random.int(0...1) == 0 ? states[1].values[2].unsigned[0] : nil
    // A reset that acts at once comes straight from a register.
    let isAtOnce = random.int(0...1) == 0
    let soft = ClockDomain(
      "soft", clockOf: left, reset: isAtOnce ? isFirst.value : isFirst.value | states[1].values[1].unsigned[0],
      kind: isAtOnce ? .asynchronous : .synchronous, edge: random.pick([.rising, .falling]), enable: enable)
    let sum = Register<Unsigned>("sum", 6, reset: 5, in: soft)
    sum.value = sum.value &+ states[1].values[1].unsigned[0].asUnsigned.extended(to: 6)
    let counter = instance("counter", Counter(width: 4), in: right)

    for (index, state) in states.enumerated() {
      let input = [x, xLeft, xRight, nil][index]
      var known = state.values + (input.map { [.unsigned($0)] } ?? [])
      if index == 1 { known.append(.unsigned(sum.value)) }
      if index == 2 { known.append(.unsigned(counter.$value)) }
      for other in states.indices where other != index && other != 3 {
        known.append(.bit(synchronized(states[other].values[index % 3].unsigned[0], into: domains[index], reset: 0)))
      }
      var trees = Forest(inputs: known.map(\.shape), random: SplitMix(state: seed ^ 0xC10C << 16 ^ UInt64(index)), limit: 30)
      for _ in 0..<20 { trees.grow() }
      state.drive(&trees, known)
      if index == 2 {
        var built: [ObjectIdentifier: Hardware] = [:]
        let enable = trees.any(.bit)
        counter.$enable = enable.build(known, &built).bit
      }
    }
    y = states[0].bits
    yLeft = states[1].bits
    yRight = states[2].bits
    ySlow = assumeStable(states[3].bits, into: .default, because: "the divided clock rises with the default one")
  }

  /// The registers of one domain.
  private struct State {
    let values: [Hardware]
    private let drive: [(Hardware) -> Void]

    init(_ domain: Int, _ clock: ClockDomain, _ shapes: [(kind: Tree.Kind, width: Int)], _ seed: UInt64) {
      var random = SplitMix(state: ~seed &+ UInt64(domain)), values: [Hardware] = [], drive: [(Hardware) -> Void] = []
      for (index, shape) in shapes.enumerated() {
        let name = "\(["here", "left", "right", "slow"][domain])\(index)", reset = random.int(0...(1 << (min(12, shape.width) - 1)) - 1)
        if shape.kind == .signed {
          let register = Register<Signed>(name, shape.width, reset: reset, in: clock)
          values.append(.signed(register.value))
          drive.append { register.value = $0.signed }
        } else {
          let register = Register<Unsigned>(name, shape.width, reset: reset, in: clock)
          values.append(.unsigned(register.value))
          drive.append { register.value = $0.unsigned }
        }
      }
      (self.values, self.drive) = (values, drive)
    }

    var bits: Unsigned { concatenate(values.map(\.any)) }

    /// Gives each register a value always, and others under conditions.
    func drive(_ trees: inout Forest, _ known: [Hardware]) {
      // What is built is found again by its identity, so all roots live until the end.
      var built: [ObjectIdentifier: Hardware] = [:], roots: [Tree] = []
      func hardware(_ tree: Tree) -> Hardware {
        roots.append(tree)
        return tree.build(known, &built)
      }
      func value(_ index: Int) -> Hardware {
        let shape = values[index].shape
        return hardware(trees.resized(trees.any(shape.0), shape.1))
      }
      for index in values.indices {
        drive[index](value(index))
        let first = hardware(trees.any(.bit)).bit, second = hardware(trees.any(.bit)).bit
        let (a, b) = (value(index), value(index))
        When(first) { drive[index](a) }.ElseWhen(second) { drive[index](b) }
      }
      for source in known { ignore(source.any) }
    }
  }
}

extension Hardware {
  fileprivate var shape: (Tree.Kind, Int) {
    switch self {
    case .bit: (.bit, 1)
    case .unsigned(let x): (.unsigned, x.width)
    case .signed(let x): (.signed, x.width)
    }
  }
}

/// Many of them side by side, so that a simulator is built once for all.
struct RandomClockBatch: Module {
  let seeds: [UInt64]
  let left = ClockDomain("left")
  let right = ClockDomain("right")
  @Input(RandomClocks.inputWidth) var x: Unsigned
  @Input var xLeft: Unsigned
  @Input var xRight: Unsigned
  @Output() var y: Bit

  init(_ seeds: [UInt64]) {
    self.seeds = seeds
    _xLeft = Input(RandomClocks.inputWidth, in: left)
    _xRight = Input(RandomClocks.inputWidth, in: right)
  }
  func body() {
    var parity = Bit(false)
    for (index, seed) in seeds.enumerated() {
      let unit = instance("unit_\(index)", RandomClocks(seed: seed))
      (unit.left, unit.right) = (left, right)
      unit.$x = x
      unit.$xLeft = xLeft
      unit.$xRight = xRight
      // Read in here by name; the parity only keeps them.
      parity = parity ^ unit.$y.parity ^ unit.$ySlow.parity
      ignore(unit.$yLeft, unit.$yRight)
    }
    y = parity
  }
}
