/// Leaving nodes out of a graph: everything that refers to a node gets its new number.
extension Graph {
  /// `number` gives -1 for a node that goes, and else counts up in the order of the nodes.
  func renumber(_ number: [Int32]) {
    func new(_ id: Int32) -> Int32 { id < 0 ? id : number[Int(id)] }
    rebuildRoots(new)
    body.retarget(new)
    for index in signals.indices { signals[index].node = new(signals[index].node) }
    for index in instances.indices { instances[index].outputs = instances[index].outputs.map(new) }
    for index in memories.indices {
      for read in memories[index].reads.indices {
        memories[index].reads[read].node = new(memories[index].reads[read].node)
        memories[index].reads[read].bypassed = memories[index].reads[read].bypassed.map(new)
      }
    }
    domains = domains.map { $0.renumbered(new) }
    expressionNames = Dictionary(uniqueKeysWithValues: expressionNames.compactMap { new($0) < 0 ? nil : (new($0), $1) })
    expressionLocations = Dictionary(uniqueKeysWithValues: expressionLocations.compactMap { new($0) < 0 ? nil : (new($0), $1) })
    attributes = Dictionary(uniqueKeysWithValues: attributes.compactMap { new($0) < 0 ? nil : (new($0), $1) })
    keepNodes(number)
  }

  /// The nodes themselves, and the lists of operands of those that stay.
  private func keepNodes(_ number: [Int32]) {
    func new(_ id: Int32) -> Int32 { id < 0 ? id : number[Int(id)] }
    var kept: [Node] = []
    var lists: [Int32] = []
    for (id, node) in nodes.enumerated() where number[id] >= 0 {
      var copy = node
      switch node.operation {
      case .constant, .input, .variable, .register, .memoryRead, .instanceOutput: break
      case .concatenate, .choose:
        copy.a = new(node.a)
        copy.immediate = lists.count
        lists += arguments[node.immediate..<node.immediate + Int(node.count)].map(new)
      default: (copy.a, copy.b, copy.c) = (new(node.a), new(node.b), new(node.c))
      }
      kept.append(copy)
    }
    replaceArena(kept, lists)
  }
}

extension Block {
  fileprivate func retarget(_ new: (Int32) -> Int32) {
    for index in statements.indices {
      switch statements[index] {
      case .assign(let old): statements[index] = .assign(Assignment(target: new(old.target), place: old.place, value: old.value, location: old.location))
      case .branch(let branch): for arm in branch.arms { arm.block.retarget(new) }
      case .match(let match):
        for arm in match.arms { arm.block.retarget(new) }
        match.otherwise?.retarget(new)
      }
    }
  }
}
