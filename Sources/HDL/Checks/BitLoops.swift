/// Whether a loop of words is one of bits, too.
///
/// A carry chain in one word follows itself, but bit 3 only follows bit 2. Where values pass bit by bit (selections, bitwise
/// logic, bundles, slices), each bit is followed by itself; everything else depends on all bits of its operands. Only the
/// modules in which words do form a loop are looked at so closely.
struct BitLoops {
  private struct Place: Hashable { let node: Int32, bit: Int32 }
  private let graph: Graph
  /// Every assignment of a variable, with the conditions around it.
  private let assignments: [Int32: [(assignment: Assignment, conditions: [Int32])]]
  private var isDone: Set<Place> = []

  init(_ graph: Graph) {
    self.graph = graph
    var found: [Int32: [(assignment: Assignment, conditions: [Int32])]] = [:]
    graph.body.visitAssignments { found[$0.target, default: []].append(($0, $1)) }
    assignments = found
  }

  /// The nodes of a loop in the order in which each follows the next; nil if no bit of `root` is in one.
  mutating func loop(through root: Int32) -> [Int32]? {
    for bit in 0..<graph.nodes[Int(root)].width { if let found = loop(from: Place(node: root, bit: Int32(bit))) { return found } }
    return nil
  }

  private mutating func loop(from root: Place) -> [Int32]? {
    if isDone.contains(root) { return nil }
    var stack = [(place: root, sources: sources(of: root), next: 0)]
    var onPath: Set<Place> = [root]
    while let (place, sources, next) = stack.last {
      if next == sources.count {
        isDone.insert(place)
        onPath.remove(place)
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].next += 1
      let source = sources[next]
      if onPath.contains(source) {
        var path = stack.map(\.place).drop { $0 != source }.map(\.node)
        path = path.enumerated().filter { $0 == 0 || path[$0 - 1] != $1 }.map(\.1)
        if path.count > 1 && path.first == path.last { path.removeLast() }
        return path
      }
      if isDone.contains(source) { continue }
      onPath.insert(source)
      stack.append((source, self.sources(of: source), 0))
    }
    return nil
  }

  private func all(_ id: Int32) -> [Place] { (0..<graph.nodes[Int(id)].width).map { Place(node: id, bit: Int32($0)) } }

  private func sources(of place: Place) -> [Place] {
    let node = graph.nodes[Int(place.node)], bit = Int(place.bit)
    func at(_ id: Int32, _ bit: Int) -> Place { Place(node: id, bit: Int32(bit)) }
    switch node.operation {
    case .constant, .input, .register: return []
    case .memoryRead: return graph.asynchronousRead(place.node).map { all($0.address) } ?? []
    case .variable:
      return (assignments[place.node] ?? []).flatMap { assignment, conditions -> [Place] in
        let size = graph.nodes[Int(assignment.value)].width
        let value: [Place]
        switch assignment.place {
        case .whole: value = [at(assignment.value, bit)]
        case .bits(let low):
          if !(low..<low + size).contains(bit) { return [] }
          value = [at(assignment.value, bit - low)]
        case .part(let index): value = [at(assignment.value, bit % size)] + all(index)
        }
        return value + conditions.flatMap(all)
      }
    case .instanceOutput:
      let instance = graph.instances[Int(node.a)]
      return instance.definition.dependencies[Int(node.b)].map { instance.inputs[$0] }.filter { $0 >= 0 }.flatMap(all)
    case .and, .or, .xor: return [at(node.a, bit), at(node.b, bit)]
    case .not, .reinterpret: return [at(node.a, bit)]
    case .select: return all(node.a) + [at(node.b, bit), at(node.c, bit)]
    case .slice: return [at(node.a, bit + node.immediate)]
    case .extend:
      let inner = graph.nodes[Int(node.a)]
      if bit < inner.width { return [at(node.a, bit)] }
      return inner.isSigned ? [at(node.a, inner.width - 1)] : []
    case .replicate: return [at(node.a, bit % graph.nodes[Int(node.a)].width)]
    case .concatenate:
      var low = 0
      for part in graph.operands(of: node) {
        let width = graph.nodes[Int(part)].width
        if bit < low + width { return [at(part, bit - low)] }
        low += width
      }
      return []
    case .choose: return all(node.a) + graph.operands(of: node).dropFirst().map { at($0, bit) }
    default: return graph.operands(of: node).flatMap(all)
    }
  }
}
