/// Structural coverage as numbers, as a text, and as JSON.
extension StructuralCoverage: CustomStringConvertible {
  /// How many of some things have been exercised.
  public struct Count: Hashable, Sendable, CustomStringConvertible {
    public internal(set) var covered = 0
    public internal(set) var total = 0
    /// `17 of 26`.
    public var description: String { "\(covered) of \(total)" }
  }
  /// A rise and a fall of each bit of each named signal of each instance.
  public var toggles: Count { instances.reduce(into: Count()) { $0.add($1.toggles) } }
  /// Each case of each register that holds an enum.
  public var states: Count { instances.reduce(into: Count()) { $0.add($1.states) } }

  /// The totals; for each instance, the top first, its own, and its signals in the order of declaration: those with bits that
  /// never rose or fell, and registers that hold an enum, with the states that are missing and all transitions that were seen.
  public var description: String {
    Self.totals(toggles, states) + "\n" + instances.map { instance in
      let lines = instance.signals.map { signal in
        let parts = signal.missing + instance.registers.filter { $0.name == signal.name }.map(\.text)
        return parts.isEmpty ? "" : "  \(signal.name): \(parts.joined(separator: "; "))\n"
      }
      return "\n\(instance.title): \(Self.totals(instance.toggles, instance.states))\n" + lines.joined()
    }.joined()
  }
  private static func totals(_ toggles: Count, _ states: Count) -> String {
    "\(toggles) toggles" + (states.total > 0 ? ", \(states) states" : "")
  }

  /// Everything, for other programs: `rises` and `falls` are the bits that did, in hexadecimal.
  public var json: String {
    func count(_ count: Count) -> String { "{\"covered\": \(count.covered), \"total\": \(count.total)}" }
    func list(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }
    let instances = instances.map { instance in
      let signals = instance.signals.map { signal in
        "      {\"name\": \(quoted(signal.name)), \"width\": \(signal.width)"
          + ", \"rises\": \(quoted(signal.rises.hexadecimal)), \"falls\": \(quoted(signal.falls.hexadecimal))}"
      }
      let registers = instance.registers.map { register in
        "      {\"name\": \(quoted(register.name)), \"seen\": \(list(register.seen.map(quoted))), \"missing\": \(list(register.missing.map(quoted)))"
          + ", \"transitions\": \(list(register.transitions.map { list([quoted($0.from), quoted($0.to)]) }))}"
      }
      return "    {\"instance\": \(quoted(instance.path)), \"signals\": [\n" + signals.joined(separator: ",\n") + "\n    ], \"registers\": [\n"
        + registers.joined(separator: ",\n") + "\n    ]}"
    }
    return "{\n  \"module\": \(quoted(signals.moduleName)),\n  \"toggles\": \(count(toggles)),\n  \"states\": \(count(states)),\n  \"instances\": [\n"
      + instances.joined(separator: ",\n") + "\n  ]\n}\n"
  }
}

extension StructuralCoverage.Count {
  fileprivate mutating func add(_ other: StructuralCoverage.Count) {
    covered += other.covered
    total += other.total
  }
}

// MARK: what the forms share

/// The coverage of one instance, by name.
private struct InstanceCoverage {
  struct Signal {
    let name: String
    let width: Int
    let rises: BitVector
    let falls: BitVector

    /// `no rise of 3:2, 0`, `no fall`.
    var missing: [String] {
      [("rise", rises), ("fall", falls)].compactMap { what, bits -> String? in
        let missing = (0..<width).filter { !bits[$0] }
        if missing.isEmpty { return nil }
        return "no \(what)" + (missing.count == width ? "" : " of \(Self.ranges(missing))")
      }
    }
    /// `7:4, 1`, of ascending numbers.
    private static func ranges(_ numbers: [Int]) -> String {
      var ranges: [ClosedRange<Int>] = []
      for number in numbers {
        let begin = ranges.last?.upperBound == number - 1 ? ranges.removeLast().lowerBound : number
        ranges.append(begin...number)
      }
      return ranges.reversed().map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.upperBound):\($0.lowerBound)" }.joined(separator: ", ")
    }
  }
  struct Register {
    let name: String
    let seen: [String]
    let missing: [String]
    let transitions: [(from: String, to: String)]

    /// `never done; idle → busy, busy → idle`.
    var text: String {
      let missing = missing.isEmpty ? [] : ["never \(missing.joined(separator: ", "))"]
      let transitions = transitions.isEmpty ? "no transitions" : transitions.map { "\($0.from) → \($0.to)" }.joined(separator: ", ")
      return (missing + [transitions]).joined(separator: "; ")
    }
  }
  /// Empty for the top.
  let path: String
  /// The path, or the name of the top.
  let title: String
  let signals: [Signal]
  let registers: [Register]

  var toggles: StructuralCoverage.Count {
    signals.reduce(into: StructuralCoverage.Count()) { count, signal in
      count.total += 2 * signal.width
      count.covered += (signal.rises.words + signal.falls.words).reduce(0) { $0 + $1.nonzeroBitCount }
    }
  }
  var states: StructuralCoverage.Count {
    registers.reduce(into: StructuralCoverage.Count()) { count, register in
      count.total += register.seen.count + register.missing.count
      count.covered += register.seen.count
    }
  }
}

extension StructuralCoverage {
  private var instances: [InstanceCoverage] {
    let positionsOfRegisters = Dictionary(grouping: registers.indices) { registers[$0].scope }
    return signals.hierarchy.scopes.indices.map { scope in
      let path = signals.hierarchy.path(of: scope)
      let list = signals.entries(of: scope).map { entry in
        let handle = signals.handle(entry, in: scope), words = handle.slots.map { positions[$0] ?? 0 }, width = entry.shape.width
        return InstanceCoverage.Signal(
          name: entry.name, width: width, rises: BitVector(width: width, words: words.map { rises[$0] }),
          falls: BitVector(width: width, words: words.map { falls[$0] }))
      }
      return InstanceCoverage(
        path: path, title: path.isEmpty ? signals.moduleName : path, signals: list,
        registers: (positionsOfRegisters[scope] ?? []).map(register))
    }
  }
  private func register(_ index: Int) -> InstanceCoverage.Register {
    let labels = registers[index].entry.labels, all = labels.keys.sorted(), seen = seenStates[index]
    func name(_ state: Int) -> String { labels[state] ?? "" }
    let transitions = transitions[index].sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    return InstanceCoverage.Register(
      name: registers[index].entry.name, seen: all.filter(seen.contains).map(name), missing: all.filter { !seen.contains($0) }.map(name),
      transitions: transitions.map { (name($0.from), name($0.to)) })
  }
}

/// A JSON string (RFC 8259, section 7).
private func quoted(_ text: String) -> String {
  let escaped = text.unicodeScalars.map { scalar in
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: return String(scalar)
    }
  }
  return "\"\(escaped.joined())\""
}
