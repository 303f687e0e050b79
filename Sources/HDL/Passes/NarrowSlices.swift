/// Moves a slice into the expression that it is taken from: the low bits of a sum are the sum of the
/// low bits, any bits of a selection are the selection of those bits.
///
/// `(a + b).truncated(to: 8)` then is an eight-bit addition, not a named nine-bit one whose top nobody
/// reads. Only expressions without a name and without another use are taken apart.
func narrowSlices(_ graph: Graph) {
  var pass = NarrowSlices(graph: graph, uses: countUses(graph))
  pass.run()
}

private struct NarrowSlices {
  let graph: Graph
  var uses: [Int32]

  mutating func run() {
    var id = 0
    while id < graph.nodes.count {
      if graph.nodes[id].operation == .slice, uses[id] > 0 { rewrite(id) }
      id += 1
    }
  }

  private mutating func rewrite(_ id: Int) {
    let slice = graph.nodes[id], inner = graph.nodes[Int(slice.a)]
    if uses[Int(slice.a)] != 1 || graph.expressionNames[slice.a] != nil || graph.attributes[slice.a] != nil { return }
    let shape = slice.shape, low = slice.immediate
    switch inner.operation {
    case .add where low == 0, .subtract where low == 0, .and, .or, .xor:
      graph.nodes[id] = Node(inner.operation, shape, a: part(inner.a, of: slice), b: part(inner.b, of: slice))
    case .negate where low == 0, .not:
      graph.nodes[id] = Node(inner.operation, shape, a: part(inner.a, of: slice))
    case .shiftLeft where low == 0:
      graph.nodes[id] = Node(.shiftLeft, shape, a: part(inner.a, of: slice), b: inner.b)
    case .multiply where low == 0:
      let product = Node(.multiply, Shape(width: shape.width, isSigned: inner.isSigned), a: factor(inner.a, of: slice), b: factor(inner.b, of: slice))
      graph.nodes[id] = Node(.reinterpret, shape, a: used(graph.intern(product)))
    case .select:
      graph.nodes[id] = Node(.select, shape, a: inner.a, b: part(inner.b, of: slice), c: part(inner.c, of: slice))
    case .replicate where graph.nodes[Int(inner.a)].width == 1 && shape.width > 1:
      graph.nodes[id] = Node(.replicate, shape, a: inner.a, immediate: shape.width)
    case .concatenate: concatenate(id, slice, inner)
    default: return
    }
    uses[Int(slice.a)] = 0
  }

  private mutating func concatenate(_ id: Int, _ slice: Node, _ inner: Node) {
    var parts: [Int32] = []
    var position = 0
    for operand in graph.operands(of: inner) {
      let width = graph.nodes[Int(operand)].width
      let low = max(0, slice.immediate - position), high = min(width, slice.immediate + slice.width - position)
      if low < high {
        parts.append(low == 0 && high == width ? operand : used(graph.intern(Node(.slice, .unsigned(high - low), a: operand, immediate: low))))
      }
      position += width
    }
    graph.nodes[id] = Node(.concatenate, slice.shape, count: Int32(truncatingIfNeeded: parts.count), immediate: graph.arguments.count)
    graph.arguments += parts
  }

  /// The same bits of an operand.
  private mutating func part(_ operand: Int32, of slice: Node) -> Int32 {
    used(graph.intern(Node(.slice, slice.shape, a: operand, immediate: slice.immediate)))
  }
  /// A factor with no more bits than the narrowed product.
  private mutating func factor(_ operand: Int32, of slice: Node) -> Int32 {
    let node = graph.nodes[Int(operand)]
    if node.width <= slice.width { return operand }
    let low = used(graph.intern(Node(.slice, slice.shape, a: operand)))
    return node.isSigned ? used(graph.intern(Node(.reinterpret, .signed(slice.width), a: low))) : low
  }
  private mutating func used(_ id: Int32) -> Int32 {
    while uses.count < graph.nodes.count { uses.append(0) }
    uses[Int(id)] += 1
    return id
  }
}
