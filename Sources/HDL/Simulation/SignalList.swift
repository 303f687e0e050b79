/// Everything in one definition that has a name, as the Swift source gives it: ports, wires, registers,
/// states, words read from memories, and expressions named with `.named`.
///
/// Names that appear twice get a number, in the order of declaration.
struct SignalList: Sendable {
  struct Entry: Sendable {
    let name: String
    let node: Int32
    let shape: Shape
    let isInput: Bool
    let isOutput: Bool
    /// Case names by encoding, for the state of an enum.
    let labels: [Int: String]
  }
  private(set) var all: [Entry] = []
  private var index: [String: Int] = [:]

  init(_ graph: Graph) {
    var used: Set<String> = []
    for signal in graph.signals where signal.kind != .instanceOutput {
      add(signal.name, signal.node, signal.shape, kind: signal.kind, labels: signal.labels, &used)
    }
    let uses = countUses(graph)
    for (node, name) in graph.expressionNames.sorted(by: { $0.key < $1.key }) where uses[Int(node)] > 0 {
      add(name, node, graph.nodes[Int(node)].shape, kind: .wire, labels: [], &used)
    }
  }

  private mutating func add(
    _ wanted: String, _ node: Int32, _ shape: Shape, kind: Signal.Kind, labels: [(value: Int, name: String)], _ used: inout Set<String>
  ) {
    var name = wanted, count = 0
    while !used.insert(name).inserted {
      count += 1
      name = "\(wanted)_\(count)"
    }
    index[name] = all.count
    all.append(Entry(
      name: name, node: node, shape: shape, isInput: kind == .input, isOutput: kind == .output,
      labels: Dictionary(labels.map { ($0.value, $0.name) }, uniquingKeysWith: { first, _ in first })))
  }

  func entry(named name: String) -> Entry? { index[name].map { all[$0] } }
}
