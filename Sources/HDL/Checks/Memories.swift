/// Every memory holds something, from the start or because it is written, and is read by something.
func checkMemories(_ graph: Graph) {
  for memory in graph.memories {
    let size = "\(memory.depth) words of \(memory.width) bits"
    if memory.writes.isEmpty && memory.initial.isEmpty && memory.initialFile == nil {
      graph.report("memory '\(memory.name)' (\(size)) is never written, so it holds nothing; call write(at:_:when:) or give it contents", at: memory.location)
    }
    if memory.style.isSynchronous && memory.reads.contains(where: { $0.domain == nil }) {
      graph.report("memory '\(memory.name)' (\(size)) has style: .\(memory.style), which cannot be read without a clock; use read(at:), or style: .distributed", at: memory.location)
    }
    if memory.reads.isEmpty {
      graph.report("memory '\(memory.name)' (\(size)) is never read; call read(at:) or remove it", at: memory.location)
    }
  }
}
