// From the network that a file holds to the one that is computed: the changes, in their order.
//
// None of them needs a valid graph: what they do not understand stays as it is, and validation says what is wrong with it.

extension Graph {
  /// Resolves state, folds constants, makes uint8 int8, sets functions of int16 apart and drops what nobody reads.
  /// - Parameter subgraphs: all graphs of the file, this one first; empty for one alone.
  package mutating func prepare(_ subgraphs: [Graph] = []) {
    resolveState(subgraphs)
    resolveOwnState()
    foldConstants()
    centerBytes()
    setInt16FunctionsApart()
    dropUnread()
  }

  /// Moves the nodes that no output depends on to `unread`.
  private mutating func dropUnread() {
    let producers = producers
    var isRead = [Bool](repeating: false, count: nodes.count)
    var waiting = (outputs + states.map(\.next)).compactMap { tensors.indices.contains($0) ? producers[$0] : nil }
    while let position = waiting.popLast() {
      guard !isRead[position] else { continue }
      isRead[position] = true
      waiting += nodes[position].inputs.compactMap { tensors.indices.contains($0) ? producers[$0] : nil }
    }
    // In a damaged graph the order of the nodes, or who writes what, may not be as it seems.
    guard !outputs.isEmpty, nodes.flatMap(\.outputs).count == Set(nodes.flatMap(\.outputs)).count else { return }
    unread = zip(nodes, isRead).filter { !$0.1 }.map(\.0)
    nodes = zip(nodes, isRead).filter(\.1).map(\.0)
  }
}
