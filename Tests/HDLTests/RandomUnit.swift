import HDL

/// Random expressions of a few random inputs.
struct RandomUnit: Module {
  let seed: UInt64
  /// Only one subtree, for making a failure small: the number of the output, then of the operands.
  let path: [Int]
  let width: Int
  @Input var x: Unsigned
  @Output var y: Unsigned

  init(seed: UInt64, path: [Int] = []) {
    self.seed = seed
    self.path = path
    width = RandomUnit.inputs(seed).reduce(0) { $0 + $1.1 }
    _x = Input(width)
    _y = Output(RandomUnit.outputs(seed, path).reduce(0) { $0 + $1.width })
  }
  static func inputs(_ seed: UInt64) -> [(Tree.Kind, Int)] {
    var random = SplitMix(state: seed)
    return (0..<6).map { index in
      let kind: Tree.Kind = [.bit, .unsigned, .signed][index % 3]
      return (kind, kind == .bit ? 1 : random.int(0...3) == 0 ? random.int(1...3) : random.int(1...70))
    }
  }
  static let treesInOne = 14
  static func outputs(_ seed: UInt64, _ path: [Int]) -> [Tree] {
    var forest = Forest(inputs: inputs(seed), random: SplitMix(state: ~seed))
    for _ in 0..<40 { forest.grow() }
    let all = Array(forest.trees.suffix(treesInOne))
    guard let first = path.first else { return all }
    return [path.dropFirst().reduce(all[first]) { $0.kids[$1] }]
  }
  var inputs: [(Tree.Kind, Int)] { RandomUnit.inputs(seed) }
  var outputs: [Tree] { RandomUnit.outputs(seed, path) }

  /// The output as the model computes it.
  func model(_ x: BitVector) -> BitVector {
    var low = 0, known: [ObjectIdentifier: BitVector] = [:]
    let values = inputs.map { _, width in
      defer { low += width }
      return x.slice(low, width: width)
    }
    let bits = outputs.map { $0.model(values, &known) }
    return bits.dropFirst().reduce(bits[0]) { $0.concatenated(withHigh: $1) }
  }

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
    // Trees may leave some out.
    for source in sources { ignore(source.any) }
    var known: [ObjectIdentifier: Hardware] = [:]
    var results: [any Value] = []
    for tree in outputs { results.append(tree.build(sources, &known).any) }
    y = concatenate(results)
  }
}
