/// Enums of states: constants in Verilog-2005, types in SystemVerilog.
///
/// Plain bits become a value of an enum only by a cast, which neither Icarus 11 nor Yosys 0.23 reads. So a wire or register has
/// its enum's type where it needs none: where all that it becomes are cases, others of its type, and selections among these.
/// Elsewhere, and at ports, it is a vector, to which the cases are constants.
extension VerilogModule {
  /// Finds the wires and registers among `signals` that have the type of their enum.
  mutating func findEnums(among signals: [Int], in body: Block) {
    if dialect == .verilog { return }
    var found = Set(signals.filter { names.enums[$0] != nil && [.wire, .register].contains(graph.signals[$0].kind) })
    found = found.filter { signal in graph.signals[signal].reset.map { label(signal, $0) != nil } ?? true }
    var assignments: [(signal: Int, value: Int32, isWhole: Bool)] = []
    body.visitAssignments { assignment, _ in
      let signal = graph.nodes[Int(assignment.target)].immediate
      if found.contains(signal) { assignments.append((signal, assignment.value, assignment.place == .whole)) }
    }
    enumSignals.formUnion(found)
    // What one of them loses, those that follow it lose, too.
    while let wrong = assignments.first(where: { enumSignals.contains($0.signal) && !($0.isWhole && isCase($0.value, of: $0.signal)) }) {
      enumSignals.remove(wrong.signal)
    }
  }

  /// Whether `id` is a value of `signal`'s enum in the text, too.
  private func isCase(_ id: Int32, of signal: Int) -> Bool {
    let node = graph.nodes[Int(id)]
    if let value = graph.constantValue(id) { return label(signal, value) != nil }
    if node.operation.isSignal { return enumSignals.contains(node.immediate) && names.enums[node.immediate] == names.enums[signal] }
    let isPlaced = node.operation == .select && uses[Int(id)] == 1 && !mustBeNamed(id, node)
    return isPlaced && isCase(node.b, of: signal) && isCase(node.c, of: signal)
  }

  private func label(_ signal: Int, _ value: BitVector) -> String? { value.unsignedInt.flatMap { names.labels[signal]?[$0] } }

  /// The cases that `labels` mentions, and the enums of `signals`, as types.
  mutating func enumDeclarations(_ labels: [Int: Set<Int>], _ signals: [Int]) -> String {
    var text = ""
    for index in Set(labels.filter { !$1.isEmpty }.keys).union(enumSignals.intersection(signals)).sorted() {
      guard let number = names.enums[index], declaredTypes.insert(names.enumTypes[number]).inserted else { continue }
      let shape = graph.signals[index].shape
      let cases = (names.labels[index] ?? [:]).sorted { $0.key < $1.key }.map { "    \($1) = \(literal($0, shape.width))" }
      text += "  typedef enum logic \(range(shape)){\n\(cases.joined(separator: ",\n"))\n  } \(names.enumTypes[number]);\n"
    }
    return text
  }

  /// The cases that `labels` mentions, as constants.
  func caseConstants(_ labels: [Int: Set<Int>]) -> String {
    var text = ""
    var declared: Set<String> = []
    for (index, signal) in graph.signals.enumerated() where !signal.labels.isEmpty {
      // Those that another signal of the same enum uses stand with the first.
      let alike = graph.signals.indices.filter { names.enums[$0] == names.enums[index] }
      for value in alike.reduce(into: Set<Int>(), { $0.formUnion(labels[$1] ?? []) }).sorted() {
        let name = names.labels[index]?[value] ?? ""
        if !declared.insert(name).inserted { continue }
        text += "  localparam \(range(signal.shape))\(name) = \(literal(value, signal.shape.width));\n"
      }
    }
    return text
  }
}
