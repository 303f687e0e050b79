/// The names of a compiled design, and where their values are while it runs.
struct SignalTable {
  let hierarchy: Hierarchy
  private let program: Program
  /// The first slot entry of each node, by the hierarchy's numbering; -1 where there is none.
  private let begins: [Int32]
  private let slots: [UInt32]

  init(_ lowering: Lowering, _ program: Program) {
    hierarchy = lowering.hierarchy
    self.program = program
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
      slots: Array(slots[begin..<begin + WordBits.wordCount(entry.shape.width)]), isInput: scope == 0 && entry.isInput, labels: entry.labels)
  }

  // MARK: lookup

  enum Found {
    case signal(SignalHandle)
    case memoryWord(memory: MemoryLayout, address: Int)
  }

  /// `count`, `pe_0.sum`, or `rows[3]` for a word of a memory.
  func find(_ path: String) throws(UnknownSignal) -> Found {
    var scope = 0
    var parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let last = parts.removeLast()
    for (index, part) in parts.enumerated() {
      guard let child = hierarchy.scopes[scope].children.first(where: { hierarchy.scopes[$0].name == part }) else {
        throw unknown(path, part, before: parts[..<index], in: scope)
      }
      scope = child
    }
    if let entry = hierarchy.signals[hierarchy.scopes[scope].dataflow].entry(named: last) { return .signal(handle(entry, in: scope)) }
    if let word = memoryWord(last, in: scope) { return word }
    throw unknown(path, last, before: parts[...], in: scope)
  }

  private func memoryWord(_ name: String, in scope: Int) -> Found? {
    guard name.hasSuffix("]"), let bracket = name.firstIndex(of: "["),
      let address = Int(name[name.index(after: bracket)...].dropLast()),
      let memory = program.memories.first(where: { $0.scope == scope && $0.name == name[..<bracket] }),
      (0..<memory.depth).contains(address)
    else { return nil }
    return .memoryWord(memory: memory, address: address)
  }

  private func unknown(_ path: String, _ part: String, before: ArraySlice<String>, in scope: Int) -> UnknownSignal {
    let children = hierarchy.scopes[scope].children.map { hierarchy.scopes[$0].name }
    let memories = program.memories.filter { $0.scope == scope }
    let names = entries(of: scope).map(\.name) + children + memories.map { "\($0.name)[0]" }
    let near = nearMiss(part, among: names).map { (before + [$0]).joined(separator: ".") }
    return UnknownSignal(module: moduleName, name: path, suggestion: near)
  }
}

/// One signal of one instance: what it is, and which words hold it.
struct SignalHandle {
  let path: String
  let shape: Shape
  let slots: [UInt32]
  /// Whether this is an input of the top, which a test drives.
  let isInput: Bool
  let labels: [Int: String]

  /// `'count' (unsigned 8-bit)`.
  var description: String { "'\(path)' (\(shape))" }
}

/// Thrown when a simulation is asked for a name that its design does not have.
public struct UnknownSignal: Error, Hashable, CustomStringConvertible {
  /// The module that is simulated.
  public let module: String
  public let name: String
  /// The most similar name, if one is similar.
  public let suggestion: String?

  public var description: String {
    "\(module): there is no signal '\(name)'" + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
  }
}

/// The name most like `wanted`, if a few typing errors explain the difference.
func nearMiss(_ wanted: String, among names: [String]) -> String? {
  let limit = max(1, wanted.utf8.count / 3)
  let distances = names.map { (name: $0, distance: editDistance(wanted.lowercased(), $0.lowercased())) }
  return distances.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.name
}

/// The fewest insertions, deletions, replacements and swaps of neighbours between two names
/// (optimal string alignment; Damerau 1964).
private func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.utf8), b = Array(b.utf8)
  var rows = [Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
