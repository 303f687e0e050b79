/// What a simulation can hold: every word of every memory is there from the beginning, so a memory that is only an address space
/// on paper would take more than any machine has.
///
/// Elaborating and printing such a design is possible all the same.
enum MemoryLimit {
  /// The 64-bit words of all memories of all instances together: 4 GiB.
  static let words = 1 << 29

  /// - Throws: a diagnostic for the first memory of the hierarchy that there is no room for.
  static func check(_ hierarchy: Hierarchy) throws(ElaborationFailure) {
    var left = words
    for scope in hierarchy.scopes.indices {
      let graph = hierarchy.graph(of: scope)
      for memory in graph.memories {
        let (needed, isTooLarge) = memory.depth.multipliedReportingOverflow(by: WordBits.wordCount(memory.width))
        if !isTooLarge && needed <= left {
          left -= needed
          continue
        }
        let path = hierarchy.path(of: scope), place = path.isEmpty ? "" : " of instance '\(path)'"
        let reason = left == words ? "" : ", after the \(words - left) of the memories before it"
        throw ElaborationFailure(diagnostics: [Diagnostic(
          module: graph.name,
          message: "memory '\(memory.name)'\(place) (\(memory.depth) words of \(memory.width) bits) is too large to simulate: all memories together may have \(words) words of 64 bits\(reason); simulate the design with a smaller depth",
          location: memory.location)])
      }
    }
  }
}
