/// Memories that are read from one file hold the same words: there is one file for all of them. Names that differ in capitals
/// only are one file to some systems.
func checkMemoryFiles(_ definitions: [Graph]) {
  var known: [String: (module: String, memory: MemoryRecord)] = [:]
  for graph in definitions {
    for memory in graph.memories {
      guard let file = memory.initialFile else { continue }
      guard let other = known[file.lowercased()] else {
        known[file.lowercased()] = (graph.name, memory)
        continue
      }
      if other.memory.initial == memory.initial && other.memory.initialFile == file { continue }
      graph.report("memory '\(memory.name)' and '\(other.module).\(other.memory.name)' are to be read from '\(file)', but hold different words; give each a file of its own", at: memory.location)
    }
  }
}
