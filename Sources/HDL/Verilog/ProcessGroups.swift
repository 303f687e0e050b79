/// Which combinational signals share an `always` block.
///
/// Signals that are assigned in the same `When` or `Switch` belong together, so that the control
/// structure is printed once. But a block may not feed itself: a blocking assignment inside it would not
/// wake it again, and linters see a loop where there is none. Such groups are taken apart.
struct ProcessGroups {
  /// Each group's signals, as node ids in order of declaration.
  private(set) var groups: [[Int32]] = []

  /// - Parameter statements: for each target the positions among the statements of `body` that assign it.
  init(_ graph: Graph, _ body: Block, _ statements: [Int32: [Int]]) {
    let targets = graph.signals.filter { ($0.kind == .wire || $0.kind == .output) && statements[$0.node] != nil }.map(\.node)
    var group: [Int32: Int] = [:]
    var ownerOfStatement: [Int: Int] = [:]
    for target in targets {
      let mine = statements[target] ?? []
      let shared = mine.filter { if case .assign = body.statements[$0] { false } else { true } }
      // Merge every group that shares a statement with this target into the first of them.
      let found = Set(shared.compactMap { ownerOfStatement[$0] }).sorted()
      let home = found.first ?? groups.count
      if found.isEmpty { groups.append([]) }
      groups[home].append(target)
      for other in found.dropFirst() {
        groups[home] += groups[other]
        groups[other] = []
      }
      if found.count > 1 {
        for (statement, owner) in ownerOfStatement where found.contains(owner) { ownerOfStatement[statement] = home }
      }
      for statement in shared { ownerOfStatement[statement] = home }
    }
    let rank = Dictionary(uniqueKeysWithValues: targets.enumerated().map { ($1, $0) })
    groups = groups.filter { !$0.isEmpty }.map { $0.sorted { rank[$0, default: 0] < rank[$1, default: 0] } }
    if groups.contains(where: { $0.count > 1 }) { splitThoseThatFeedThemselves(graph, &group) }
  }

  private mutating func splitThoseThatFeedThemselves(_ graph: Graph, _ groupOf: inout [Int32: Int]) {
    let sources = CombinationalSources(graph)
    for (index, members) in groups.enumerated() { for member in members { groupOf[member] = index } }
    var result: [[Int32]] = []
    for (index, members) in groups.enumerated() {
      if members.count == 1 || !feedsItself(index, sources, groupOf) {
        result.append(members)
        continue
      }
      for member in members {
        groupOf[member] = nil
        result.append([member])
      }
    }
    groups = result
  }

  /// Whether following the sources of group `start`, and all of every group met, leads back to it.
  private func feedsItself(_ start: Int, _ sources: CombinationalSources, _ groupOf: [Int32: Int]) -> Bool {
    var seen: Set<Int32> = []
    var pending = groups[start].flatMap { sources.of($0) }
    while let id = pending.popLast() {
      if !seen.insert(id).inserted { continue }
      guard let group = groupOf[id] else {
        pending += sources.of(id)
        continue
      }
      if group == start { return true }
      pending += groups[group].flatMap { sources.of($0) }
    }
    return false
  }
}
