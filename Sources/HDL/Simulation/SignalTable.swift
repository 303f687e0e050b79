/// The names of a compiled design, and where their values are while it runs.
final class SignalTable {
  let hierarchy: Hierarchy
  /// The clocks and resets of the top, by their domain.
  private let topClocks: [(domain: String, position: Int)]
  private let topResets: [(domain: String, position: Int)]
  private let topEnables: [(domain: String, position: Int)]
  /// The domains of the top that something follows.
  private let usedDomains: Set<String>
  private let program: Program
  /// The first slot entry of each node, by the hierarchy's numbering; -1 where there is none.
  private let begins: [Int32]
  private let slots: [UInt32]

  init(_ lowering: Lowering, _ program: Program) {
    hierarchy = lowering.hierarchy
    self.program = program
    let domains = hierarchy.scopes.isEmpty ? [] : hierarchy.graph(of: 0).domains
    func ofTop(_ sources: [ClockTree.Source]) -> [(domain: String, position: Int)] {
      sources.enumerated().compactMap { position, source in
        if case .top(let domain) = source { (domains[domain].name, position) } else { nil }
      }
    }
    topClocks = ofTop(lowering.clocks.clocks)
    usedDomains = Set(domains.filter(\.usesClock).map(\.name))
    topResets = ofTop(lowering.clocks.resets)
    topEnables = ofTop(lowering.clocks.enables)
    var begins = [Int32](repeating: -1, count: hierarchy.nodeCount), slots: [UInt32] = []
    for scope in hierarchy.scopes {
      for entry in hierarchy.signals[scope.dataflow].all {
        begins[scope.base + Int(entry.node)] = Int32(truncatingIfNeeded: slots.count)
        slots += lowering.value(scope.base + Int(entry.node)).words.map { program.slot($0) }
      }
    }
    self.begins = begins
    self.slots = slots
  }

  func entries(of scope: Int) -> [SignalList.Entry] { hierarchy.signals[hierarchy.scopes[scope].dataflow].all }
  func path(of memory: MemoryLayout) -> String { path(memory.name, in: memory.scope) }
  private func path(_ name: String, in scope: Int) -> String {
    let prefix = hierarchy.path(of: scope)
    return prefix.isEmpty ? name : prefix + "." + name
  }
  /// The top's name in Verilog.
  var moduleName: String { hierarchy.scopes.first?.name ?? "" }

  func handle(_ entry: SignalList.Entry, in scope: Int) -> SignalHandle {
    let begin = Int(begins[hierarchy.scopes[scope].base + Int(entry.node)])
    return SignalHandle(
      path: path(entry.name, in: scope), shape: entry.shape,
      slots: Array(slots[begin..<begin + WordBits.wordCount(entry.shape.width)]), isInput: scope == 0 && entry.kind == .input, labels: entry.labels)
  }

  // MARK: clocks

  /// The positions of the clocks of some domains of the top; of all, if none is named.
  func clocks(_ domains: [ClockDomain]) -> [Int] { domains.isEmpty ? topClocks.map(\.position) : domains.map { position($0, topClocks) } }
  func resets(_ domains: [ClockDomain]) -> [Int] { domains.isEmpty ? topResets.map(\.position) : domains.map { position($0, topResets) } }

  /// The slot of the enable of a domain of the top.
  func enable(_ domain: ClockDomain) -> UInt32 { program.enables[position(domain, topEnables, "with an enable ")] }

  private func position(_ domain: ClockDomain, _ list: [(domain: String, position: Int)], _ kind: String = "") -> Int {
    let used = list.filter { usedDomains.contains($0.domain) }
    if let found = used.first(where: { $0.domain == domain.name }) { return found.position }
    fatalError("\(moduleName): the top has no clock domain \(kind)'\(domain)'\(didYouMean(domain.name, among: used.map(\.domain)))")
  }

  /// The names of the top's clocks that something follows, and of the resets that change something.
  var clockNames: [(name: String, position: Int)] {
    func isUsed(_ tick: Int) -> Bool {
      !program.state.clocked[tick].isEmpty || program.properties.contains { $0.tick == tick } || program.prints.contains { $0.tick == tick }
        || program.memories.contains { $0.writes.contains { $0.tick == tick } }
    }
    let used = Set(program.ticks.indices.filter(isUsed).map { program.ticks[$0].clock })
    return topClocks.filter { used.contains($0.position) }.map { (portName($0.domain, "clock"), $0.position) }
  }
  var resetNames: [(name: String, position: Int, isActiveLow: Bool)] {
    let domains = hierarchy.graph(of: 0).domains
    return topResets.filter { _, reset in program.state.resets.contains { $0.contains { $0.source == reset } } }.map { domain, position in
      let isActiveLow = domains.first { $0.name == domain }?.properties.reset.isActiveLow ?? false
      return (portName(domain, isActiveLow ? "reset_n" : "reset"), position, isActiveLow)
    }
  }
  private func portName(_ domain: String, _ suffix: String) -> String {
    domain == ClockDomain.default.name ? suffix : "\(snakeCase(domain))_\(suffix)"
  }

  // MARK: lookup

  enum Found {
    case signal(SignalHandle)
    case memoryWord(memory: MemoryLayout, address: Int)
  }

  /// `count`, `pe_0.sum`, or `rows[3]` for a word of a memory.
  func find(_ path: String) throws(UnknownSignal) -> Found {
    var scope = 0, rest = path[...]
    while true {
      // The name of a bundle's signal has dots of its own.
      let name = String(rest)
      if let entry = hierarchy.signals[hierarchy.scopes[scope].dataflow].entry(named: name) { return .signal(handle(entry, in: scope)) }
      if let word = memoryWord(name, in: scope) { return word }
      let part = rest.prefix { $0 != "." }
      guard part.endIndex < rest.endIndex, let child = hierarchy.scopes[scope].children.first(where: { hierarchy.scopes[$0].name == part }) else {
        throw unknown(path, String(part), in: scope)
      }
      scope = child
      rest = rest[rest.index(after: part.endIndex)...]
    }
  }

  private func memoryWord(_ name: String, in scope: Int) -> Found? {
    guard name.hasSuffix("]"), let bracket = name.firstIndex(of: "["),
      let address = Int(name[name.index(after: bracket)...].dropLast()),
      let memory = program.memories.first(where: { $0.scope == scope && $0.name == name[..<bracket] }),
      (0..<memory.depth).contains(address)
    else { return nil }
    return .memoryWord(memory: memory, address: address)
  }

  private func unknown(_ path: String, _ part: String, in scope: Int) -> UnknownSignal {
    let children = hierarchy.scopes[scope].children.map { hierarchy.scopes[$0].name }
    let memories = program.memories.filter { $0.scope == scope }
    let names = entries(of: scope).map(\.name) + children + memories.map { "\($0.name)[0]" }
    // With the way that leads there.
    let prefix = scope == 0 ? "" : hierarchy.path(of: scope) + "."
    return UnknownSignal(module: moduleName, name: path, suggestion: didYouMean(prefix + part, among: names.map { prefix + $0 }))
  }
}

/// One signal of one instance: what it is, and which words hold it. A class, because it is passed around in
/// every cycle and has much to count references of.
final class SignalHandle {
  let path: String
  let shape: Shape
  let slots: [UInt32]
  /// Whether this is an input of the top, which a test drives.
  let isInput: Bool
  let labels: [Int: String]

  init(path: String, shape: Shape, slots: [UInt32], isInput: Bool, labels: [Int: String]) {
    self.path = path
    self.shape = shape
    self.slots = slots
    self.isInput = isInput
    self.labels = labels
  }

  /// What words mean as the value of this signal.
  func value(_ words: some Sequence<UInt64>) -> SignalValue {
    let pattern = BitVector(width: shape.width, words: Array(words))
    return SignalValue(pattern, isSigned: shape.isSigned, label: pattern.unsignedInt.flatMap { labels[$0] })
  }

  /// `'count' (unsigned 8-bit)`.
  var description: String { "'\(path)' (\(shape))" }
}

