/// A memory holds words; that they are records is known to who reads them.
extension Graph {
  /// Notes that `node` has been read as a record, if it is the word that a memory returns.
  func adopt(_ layout: Layout, for node: Int32) {
    let isWord = memories.contains { $0.reads.contains { ($0.bypassed ?? $0.node) == node } }
    let index = nodes[Int(node)].immediate
    if isWord && signals[index].layout == nil { signals[index].layout = layout }
  }
}

extension MemoryRecord {
  /// The record that a whole word is, if all who read it agree.
  func layout(in graph: Graph) -> Layout? {
    let layouts = Set(reads.map { graph.signal(of: $0.bypassed ?? $0.node)?.layout })
    return layouts.count == 1 && lanes == 1 ? layouts.first ?? nil : nil
  }
}
