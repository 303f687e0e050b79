/// Everything in one definition that has a name, as the Swift source gives it: ports, wires, registers,
/// states, words read from memories, and expressions named with `.named`.
///
/// Names that appear twice get a number, in the order of declaration.
struct SignalList: Sendable {
  struct Entry: Sendable {
    let name: String
    let node: Int32
    let shape: Shape
    let kind: Signal.Kind
    /// Whether reset gives it a value: only for registers.
    let hasReset: Bool
    /// Whether anything but properties reads it, directly or not.
    let isRead: Bool
    /// Case names by encoding, for the state of an enum.
    let labels: [Int: String]
    /// The name of that enum.
    let labelType: String
  }
  private(set) var all: [Entry] = []
  private var index: [String: Int] = [:]
  /// The last number that each name got.
  private var counts: [String: Int] = [:]

  init(_ graph: Graph) {
    var used: Set<String> = []
    let search = ReadSearch(graph, includingProperties: false)
    for signal in graph.signals where signal.kind != .instanceOutput {
      add(
        signal.name, signal.node, signal.shape, kind: signal.kind, hasReset: signal.reset != nil,
        isRead: search.isRead[Int(signal.node)], labels: signal.labels, labelType: signal.labelType, &used)
    }
    let uses = countUses(graph)
    for (node, name) in graph.expressionNames.sorted(by: { $0.key < $1.key }) where uses[Int(node)] > 0 && graph.nodes[Int(node)].operation != .constant {
      add(name, node, graph.nodes[Int(node)].shape, kind: .wire, &used)
    }
  }

  private mutating func add(
    _ wanted: String, _ node: Int32, _ shape: Shape, kind: Signal.Kind, hasReset: Bool = false, isRead: Bool = true,
    labels: [(value: Int, name: String)] = [], labelType: String = "", _ used: inout Set<String>
  ) {
    var name = wanted
    while !used.insert(name).inserted {
      counts[wanted, default: 0] += 1
      name = "\(wanted)_\(counts[wanted] ?? 0)"
    }
    index[name] = all.count
    all.append(Entry(
      name: name, node: node, shape: shape, kind: kind, hasReset: hasReset, isRead: isRead,
      labels: Dictionary(labels.map { ($0.value, $0.name) }, uniquingKeysWith: { first, _ in first }), labelType: labelType))
  }

  func entry(named name: String) -> Entry? { index[name].map { all[$0] } }
}
