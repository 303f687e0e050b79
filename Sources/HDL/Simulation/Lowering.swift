/// From the nodes of all instances to the words of one program.
///
/// Everything is lowered on demand, operands first, over the flattened design, so the order of the
/// program respects every path, also those that run through several instances. What a register becomes,
/// what a memory port does and every signal with a name are the demands.
struct Lowering {
  let hierarchy: Hierarchy
  let clocks: ClockTree
  var builder = WordBuilder()
  /// The words of all lowered nodes, one value after the other.
  private var words: [Word] = []
  /// Where the words of each node begin, by the hierarchy's numbering; -1 while it is not lowered.
  private var begins: [Int32]
  /// The scope of each node.
  private var scopes: [Int32]
  /// How many memories the scopes before each have.
  private var memoriesBefore: [Int] = []

  /// The top's inputs, in the order of its ports.
  private(set) var inputs: [[Word]] = []
  /// The enables of the top's clocks, in the order of the clock tree's; nil for those that the design makes.
  private(set) var enables: [Word?] = []
  private(set) var state = StateWords()
  /// The words of all signals with a name.
  private(set) var demanded: [Word] = []

  init(_ hierarchy: Hierarchy) {
    self.hierarchy = hierarchy
    clocks = ClockTree(hierarchy)
    begins = Array(repeating: -1, count: hierarchy.nodeCount)
    scopes = []
    scopes.reserveCapacity(hierarchy.nodeCount)
    var memoryCount = 0
    for (index, scope) in hierarchy.scopes.enumerated() {
      memoriesBefore.append(memoryCount)
      memoryCount += hierarchy.dataflows[scope.dataflow].graph.memories.count
      scopes += Array(repeating: Int32(truncatingIfNeeded: index), count: hierarchy.dataflows[scope.dataflow].nodes.count)
    }
    declareSources()
    enables = clocks.enables.map { if case .top = $0 { builder.source(.bit) } else { nil } }
    for scope in hierarchy.scopes.indices { lowerDemands(of: scope) }
    for case .node(let id) in clocks.clocks + clocks.resets + clocks.enables { demanded += [lowered(id)] }
  }

  // MARK: values

  func value(_ id: Int) -> WordBits {
    let shape = node(id).shape
    let begin = Int(begins[id])
    return WordBits(words: Array(words[begin..<begin + WordBits.wordCount(shape.width)]), shape: shape)
  }
  func isLowered(_ id: Int) -> Bool { begins[id] >= 0 }

  private func node(_ id: Int) -> Node {
    let scope = hierarchy.scopes[Int(scopes[id])]
    return hierarchy.dataflows[scope.dataflow].nodes[id - scope.base]
  }
  private mutating func store(_ value: [Word], for id: Int) {
    begins[id] = Int32(truncatingIfNeeded: words.count)
    words += value
  }
  private mutating func store(_ id: Int, sameAs other: Int) { begins[id] = begins[other] }

  // MARK: where values come from

  private mutating func source(_ shape: Shape) -> [Word] {
    (0..<WordBits.wordCount(shape.width)).map { builder.source(WordBits.extent(shape, $0)) }
  }

  private mutating func declareSources() {
    for (index, scope) in hierarchy.scopes.enumerated() {
      let graph = hierarchy.graph(of: index)
      for signal in graph.signals {
        let id = scope.base + Int(signal.node)
        switch signal.kind {
        case .memoryRead where graph.asynchronousRead(signal.node) != nil: break
        case .register, .memoryRead:
          let words = source(signal.shape)
          let reset = signal.reset.map { value in builder.constant(value, signal.shape).words.map { builder.constants[$0] ?? 0 } }
          state.add(words, clocks.domains[index][signal.domain ?? 0], reset: reset)
          store(words, for: id)
        case .input where index == 0:
          inputs.append(source(signal.shape))
          store(inputs[inputs.count - 1], for: id)
        default: break
        }
      }
    }
  }

  /// The node elsewhere that `id` is only another name for.
  private func alias(_ id: Int, _ node: Node) -> Int? {
    let index = Int(scopes[id]), scope = hierarchy.scopes[index]
    switch node.operation {
    case .input:
      let port = hierarchy.graph(of: index).ports.firstIndex { $0.signal == node.immediate }
      return port.flatMap { hierarchy.driver(ofInput: $0, of: index) }
    case .variable:
      return scope.base + Int(hierarchy.dataflows[scope.dataflow].driver(of: Int32(truncatingIfNeeded: id - scope.base)))
    case .instanceOutput:
      return hierarchy.output(Int(node.b), of: scope.children[Int(node.a)])
    default: return nil
    }
  }

  /// The word at an address of a memory, as it is now.
  private mutating func load(_ node: Node, _ address: Word, _ scope: Int) -> [Word] {
    (0..<WordBits.wordCount(node.width)).map { word in
      builder.load(memory: memoriesBefore[scope] + Int(node.a), at: address, word: word, WordBits.extent(node.shape, word))
    }
  }

  // MARK: demands

  private mutating func lowered(_ bit: Int) -> Word {
    lower(bit)
    return value(bit).words[0]
  }

  private mutating func lowerDemands(of index: Int) {
    let scope = hierarchy.scopes[index], dataflow = hierarchy.dataflows[scope.dataflow]
    let graph = dataflow.graph
    func lowered(_ node: Int32) -> [Word] {
      let id = scope.base + Int(node)
      lower(id)
      return value(id).words
    }
    for signal in hierarchy.signals[scope.dataflow].all { demanded += lowered(signal.node) }
    for signal in graph.signals where signal.kind == .register {
      state.drive(value(scope.base + Int(signal.node)).words, with: lowered(dataflow.driver(of: signal.node)))
    }
    let domains = clocks.domains[index]
    for memory in graph.memories {
      var ports = MemoryWords(record: memory, scope: index)
      for write in memory.writes {
        ports.writes.append(.init(
          address: lowered(write.address)[0], data: lowered(write.data), enable: write.enable.map { lowered($0)[0] },
          mask: write.lanes.map { lanes in laneMask(memory, lowered(lanes)) }, tick: domains[write.domain].tick, port: write.port))
      }
      for read in memory.reads {
        guard let domain = read.domain else { continue }
        ports.reads.append(.init(
          address: lowered(read.address)[0], enable: read.enable.map { lowered($0)[0] }, tick: domains[domain].tick,
          target: lowered(read.node)))
      }
      state.memories.append(ports)
    }
    for print in graph.prints {
      let domain = domains[print.domain]
      let values = print.parts.compactMap { part -> [Word]? in if case .value(let id, _) = part { lowered(id) } else { nil } }
      state.prints.append(PrintWords(
        record: print, scope: index, enable: print.enable.map { lowered($0)[0] }, values: values, tick: domain.tick,
        reset: domain.kind == .powerUp ? nil : domain.reset))
    }
    for property in graph.properties {
      let domain = domains[property.domain]
      state.properties.append(PropertyWords(
        property: property, scope: index, enable: property.enable.map { lowered($0)[0] }, condition: lowered(property.condition)[0],
        tick: domain.tick, reset: domain.kind == .powerUp ? nil : domain.reset))
    }
  }

  /// Which bits of a word the lanes let through.
  private mutating func laneMask(_ memory: MemoryRecord, _ lanes: [Word]) -> [Word] {
    let mask = WordBits(words: lanes, shape: .unsigned(memory.lanes)), size = memory.width / memory.lanes
    let parts = (0..<memory.lanes).map { lane in
      builder.replicate(builder.slice(mask, from: lane, .bit), size, .unsigned(size))
    }
    return builder.concatenate(parts, .unsigned(memory.width)).words
  }

  // MARK: nodes

  /// Depth first, on an explicit stack: chains of expressions may be long.
  private mutating func lower(_ root: Int) {
    var stack = [root]
    while let id = stack.last {
      if begins[id] >= 0 {
        stack.removeLast()
        continue
      }
      let node = node(id)
      if let other = alias(id, node) {
        if begins[other] >= 0 { store(id, sameAs: other) } else { stack.append(other) }
        continue
      }
      let scope = hierarchy.scopes[Int(scopes[id])], dataflow = hierarchy.dataflows[scope.dataflow]
      let local = Int32(truncatingIfNeeded: id - scope.base)
      if let constant = dataflow.constant(local) {
        store(builder.constant(constant, node.shape).words, for: id)
        continue
      }
      if let read = dataflow.graph.nodes.indices.contains(Int(local)) ? dataflow.graph.asynchronousRead(local) : nil {
        let address = scope.base + Int(read.address)
        if begins[address] < 0 { stack.append(address) } else { store(load(node, value(address).words[0], Int(scopes[id])), for: id) }
        continue
      }
      let operands = dataflow.operands(of: local).map { scope.base + Int($0) }
      let pending = operands.filter { begins[$0] < 0 }
      if pending.isEmpty { store(builder.words(of: node, operands.map(value)).words, for: id) } else { stack += pending }
    }
  }
}

extension WordBuilder {
  /// One operation of the netlist, as `evaluate` defines it for constants.
  fileprivate mutating func words(of node: Node, _ operands: [WordBits]) -> WordBits {
    let a = operands[0], b = operands.count > 1 ? operands[1] : operands[0], shape = node.shape
    func bit(_ word: Word) -> WordBits { WordBits(words: [word], shape: .bit) }
    switch node.operation {
    case .constant, .input, .variable, .register, .instanceOutput, .memoryRead: return a
    case .add: return add(a, b, shape)
    case .subtract: return subtract(a, b, shape)
    case .negate: return subtract(WordBits(words: a.words.map { _ in zero }, shape: a.shape), a, shape)
    case .multiply: return multiply(a, b, shape)
    case .and: return logic(a, b, shape) { $0.and($1, $2) }
    case .or: return logic(a, b, shape) { $0.or($1, $2) }
    case .xor: return logic(a, b, shape) { $0.xor($1, $2) }
    case .not: return not(a, shape)
    case .equal: return bit(equal(a, b))
    case .notEqual: return bit(notEqual(a, b))
    case .less: return bit(less(a, b, orEqual: false))
    case .lessOrEqual: return bit(less(a, b, orEqual: true))
    case .greater: return bit(less(b, a, orEqual: false))
    case .greaterOrEqual: return bit(less(b, a, orEqual: true))
    case .select: return select(a.words[0], b, operands[2], shape)
    case .concatenate: return concatenate(operands, shape)
    case .choose: return choose(a, Array(operands.dropFirst()), shape)
    case .slice: return slice(a, from: node.immediate, shape)
    case .part: return part(a, b, shape)
    case .replace: return replace(a, at: b, with: operands[2])
    case .reinterpret: return bits(a.words, shape)
    case .extend: return extend(a, shape)
    case .shiftLeft: return shiftLeft(a, by: b)
    case .shiftRight: return shiftRight(a, by: b)
    case .reduceAnd: return bit(isAllOnes(a))
    case .reduceOr: return bit(isAnySet(a))
    case .reduceXor: return bit(parity(a))
    case .replicate: return replicate(a, node.immediate, shape)
    }
  }
}
