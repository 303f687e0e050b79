// The graph in the hardware's own terms: layers of kernels, and where tensors lie that have no bytes of their own.

import Model

/// An operator that becomes layers.
protocol Mappable: Model.Operation {
  /// The layers of a validated `node`, in the order in which they run.
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan]
}

/// The layers of a graph, while rewrites change them.
struct Network: Sendable {
  /// The graph; its tensors have the shapes of what is stored of them.
  private(set) var graph: Graph
  /// In the order of execution; nil where there is no layer any more.
  var plans: [LayerPlan?] = []
  /// Tensors that lie in another one: the box of that other.
  private(set) var places: [Int: Box] = [:]
  /// Tensors of which some channels are not stored.
  private(set) var channels: [Int: StoredChannels] = [:]
  /// How tensors of int16 lie; once there are layers, the graph's tensors are the bytes of them.
  private(set) var int16: [Int: Int16Rows] = [:]
  /// What is known of the tensors' values.
  var ranges: [Int: ValueRanges] = [:]
  /// Bits that hold every sum.
  var accumulatorBits = 16
  /// Where sums are not rounded as in the file's own interpreter.
  var roundings = RoundingDifferences()

  init(_ graph: Graph) throws(MappingError) {
    self.graph = graph
    for node in graph.nodes {
      // Of int16 only changes of shape keep their bytes whoever reads them; another movement may lead to rows of another length.
      let mayMoveRows = graph.tensors[node.outputs[0]].type == .int16 && Int16Activations.movements.contains(node.operation.name)
      guard !mayMoveRows, let renamed = (node.operation as? any Movement)?.renamed(node, in: graph) else { continue }
      places[node.outputs[0]] = Box(whole: renamed, graph.tensors[node.outputs[0]].shape)
    }
    int16 = try graph.int16Rows(Dictionary(uniqueKeysWithValues: places.keys.map { ($0, root($0)) }))
    for node in graph.nodes where places[node.outputs[0]] == nil {
      if let operation = node.operation as? any Mappable {
        plans += try operation.plans(node, in: self)
      } else if let operation = node.operation as? any Movement, operation.fill(node, in: graph) == nil {
        plans += try operation.copies(node, in: self)
      } else {
        throw LayerPlan(node, parts: []).error("is not supported by the hardware", in: graph)
      }
    }
    for (tensor, rows) in int16 {
      (self.graph.tensors[tensor].type, self.graph.tensors[tensor].shape) = (.int8, rows.shape(of: graph.tensors[tensor].elementCount))
      if let place = places[tensor] { places[tensor] = Box(whole: place.tensor, self.graph.tensors[tensor].shape) }
    }
    for case let plan? in plans {
      for tensor in plan.parts.map(\.from.tensor) where constant(tensor) != nil {
        throw MappingError(
          source: graph.name,
          message: "operator \(plan.node.index) \(plan.node.operation.name) reads the constant \(graph.label(tensor)) "
            + "as its activations, which is not supported; fold constants when converting")
      }
    }
  }

  // MARK: Tensors

  /// The tensor whose bytes are those of `tensor`, all of them in the same order.
  func root(_ tensor: Int) -> Int {
    guard let place = places[tensor], place.isContiguous, place.count == graph.tensors[place.tensor].elementCount else { return tensor }
    return root(place.tensor)
  }

  /// The bytes of a tensor that is part of the model.
  func constant(_ tensor: Int) -> [UInt8]? { graph.tensors[root(tensor)].constant }

  /// Where a tensor lies; nil where that is no affine map.
  func view(of tensor: Int) -> View? {
    guard let place = places[tensor] else { return View(whole: tensor, graph.tensors[tensor].shape) }
    return view(of: place.tensor)?.taking(place)
  }

  /// Puts a tensor into another one, or back into bytes of its own.
  mutating func place(_ tensor: Int, in box: Box?) { places[tensor] = box }

  func range(of tensor: Int) -> ValueRanges { ranges[root(tensor)] ?? .all }

  /// Leaves out channels of a tensor, which has all of its own bytes so far.
  mutating func store(_ stored: StoredChannels, of tensor: Int) {
    channels[tensor] = stored
    if let range = ranges[tensor]?.channels(stored.count) { ranges[tensor] = ValueRanges(low: stored.kept(range.low), high: stored.kept(range.high)) }
    graph.tensors[tensor].shape = stored.shape(graph.tensors[tensor].shape)
    if let place = places[tensor] { places[tensor] = Box(whole: place.tensor, graph.tensors[tensor].shape) }
  }

  // MARK: Layers

  /// By root tensor, the position of the layer that writes it.
  var writers: [Int: Int] {
    var result: [Int: Int] = [:]
    for (position, plan) in plans.enumerated() { if let plan { result[root(plan.output)] = position } }
    return result
  }

  /// The tensors that only one layer reads, and nobody outside, by their roots.
  var privateTensors: Set<Int> {
    var readers: [Int: Int] = [:]
    for case let plan? in plans {
      for tensor in Set(plan.reads.map { root($0) }) { readers[tensor, default: 0] += 1 }
    }
    let wanted = Set((graph.outputs + graph.supplied).map { root($0) })
    return Set(readers.filter { $0.value == 1 }.keys).subtracting(wanted)
  }

  /// The layer that makes `tensor` for the layer at `position` alone.
  func onlySource(of tensor: Int?, _ writers: [Int: Int], _ privateTensors: Set<Int>) -> (position: Int, plan: LayerPlan)? {
    guard let tensor = tensor.map({ root($0) }), privateTensors.contains(tensor), let position = writers[tensor], let plan = plans[position]
    else { return nil }
    return (position, plan)
  }
}

extension Movement {
  /// The tensor whose bytes, all in their order, are the only output: nothing moves but the name.
  func renamed(_ node: Node, in graph: Graph) -> Int? {
    let moves = moves(node, in: graph)
    guard moves.count == 1, let move = moves.first, fill(node, in: graph) == nil else { return nil }
    let from = Box(move.from, move.shape), to = Box(move.to, move.shape)
    guard from.isContiguous, to.isContiguous, from.count == graph.tensors[from.tensor].elementCount,
      to.count == graph.tensors[to.tensor].elementCount
    else { return nil }
    return from.tensor
  }
}

extension Box {
  init(_ box: Move.Box, _ shape: [Int]) { self.init(box.tensor, offset: box.offset, shape: shape, strides: box.strides) }
}
