// Which operators become which layers: one plan per layer of the hardware.
//
// Passes over the plans fold paddings, activations and additions into the layers beside them; what is left is
// lowered, one plan at a time, in order.

import Machine
import Model

/// The second operand of an addition.
enum AddedOperand: Sendable {
  case tensor(Int)
  /// Bytes that repeat over the tensor: 1, one per channel, ... up to the whole tensor.
  case constant([Int8])
}

/// An addition at the end of a layer: x1 is what the layer computes, x2 the other operand.
struct PlannedAddition: Sendable {
  var node: Node
  /// Which input of the ADD is x1: 0 or 1.
  var firstOperand: Int
  var other: AddedOperand
  var clamp: ClosedRange<Int>
}

/// One layer to be.
struct LayerPlan: Sendable {
  /// The operator that decides what the layer is.
  var node: Node
  /// All operators of the layer, in the order of execution.
  var nodes: [Node]
  /// The tensor it reads.
  var input: Int
  /// Zero-point padding that a folded PAD adds around the image.
  var padTop = 0, padBottom = 0, padLeft = 0, padRight = 0
  /// The tensor before the addition or the table.
  var result: Int
  /// The limits of `result`.
  var clamp: ClosedRange<Int>
  var addition: PlannedAddition?
  /// A function of `result` at the end, instead of an addition: its outputs for −128...127.
  var table: [Int8]?
  /// The tensor it writes.
  var output: Int

  /// Whether all of it goes through the array and the post unit.
  var usesArray: Bool { !(node.operation is Softmax) }

  init(_ node: Node, in graph: Graph) {
    self.node = node
    nodes = [node]
    input = node.inputs[0]
    result = node.outputs[0]
    output = node.outputs[0]
    let tensor = graph.tensors[node.outputs[0]]
    func limits(_ activation: Activation) -> ClosedRange<Int> {
      let limits = activation.limits(of: tensor)
      return Int(limits.lowerBound)...Int(limits.upperBound)
    }
    clamp =
      switch node.operation {
      case let operation as Convolution2D: limits(operation.activation)
      case let operation as DepthwiseConvolution2D: limits(operation.activation)
      case let operation as FullyConnected: limits(operation.activation)
      case let operation as AveragePool2D: limits(operation.activation)
      case let operation as MaxPool2D: limits(operation.activation)
      case let operation as Multiplication: limits(operation.activation)
      case is Relu: limits(.relu)
      case let operation as Relu6:
        Int(operation.limits(node, in: graph).lowerBound)...Int(operation.limits(node, in: graph).upperBound)
      default: -128...127
      }
    // A rectifier is arithmetic that the lanes do; any other function of a byte is a table.
    if let operation = node.operation as? any TableOperation, !(operation is Relu || operation is Relu6) {
      table = operation.table(node, in: graph)
      result = node.inputs[0]
    }
  }
}

/// The plans of a graph, in order of execution, and which tensors share bytes.
struct LayerPlans {
  let graph: Graph
  /// Tensors that share the bytes of another one.
  private(set) var aliases: [Int: Int] = [:]
  /// One place per node of the graph; nil where there is no layer (any more).
  private(set) var places: [LayerPlan?]

  var plans: [LayerPlan] { places.compactMap { $0 } }

  /// Makes a plan per operator and applies the passes.
  init(_ graph: Graph) throws(MappingError) {
    self.graph = graph
    places = [LayerPlan?](repeating: nil, count: graph.nodes.count)
    for (position, node) in graph.nodes.enumerated() {
      if node.operation is Reshape {
        aliases[node.outputs[0]] = root(node.inputs[0])
      } else {
        var plan = LayerPlan(node, in: graph)
        if let addition = node.operation as? Addition { try plan.prepare(addition, self) }
        if node.operation is Multiplication, graph.tensors[root(node.inputs[0])].isConstant { plan.input = node.inputs[1] }
        places[position] = plan
      }
    }
    let uses = TensorUses(self)
    foldPadding(uses)
    fuseActivations(uses)
    fuseTables(uses)
    fuseAdditions(uses)
    for plan in plans where graph.tensors[root(plan.input)].isConstant {
      throw MappingError(
        source: graph.name,
        message: "operator \(plan.node.index) \(plan.node.operation.name) reads the constant \(graph.label(plan.input)) "
          + "as its activations, which is not supported; fold constants when converting")
    }
  }

  /// The tensor that owns the bytes of `tensor`.
  func root(_ tensor: Int) -> Int { aliases[tensor] ?? tensor }
}

/// Who reads a tensor's bytes.
struct TensorUses {
  /// By root tensor: the number of operators (other than reshapes) that read it.
  private var readers: [Int: Int] = [:]
  private var wanted: Set<Int> = []

  init(_ plans: LayerPlans) {
    for node in plans.graph.nodes where !(node.operation is Reshape) {
      for root in Set(node.inputs.filter { $0 >= 0 }.map { plans.root($0) }) { readers[root, default: 0] += 1 }
    }
    wanted = Set((plans.graph.outputs + plans.graph.inputs).map { plans.root($0) })
  }

  /// Whether the bytes of a root tensor are read by one operator only and by nobody outside.
  func isPrivate(_ root: Int) -> Bool { readers[root] == 1 && !wanted.contains(root) }
}

// MARK: Passes

extension LayerPlans {
  /// For each root tensor, the place of the plan that writes it.
  private var writers: [Int: Int] {
    var result: [Int: Int] = [:]
    for (position, plan) in places.enumerated() { if let plan { result[plan.output] = position } }
    return result
  }

  /// A PAD of height and width before a convolution becomes the convolution's padding: both pad with the zero point.
  private mutating func foldPadding(_ uses: TensorUses) {
    let writers = writers
    for position in places.indices {
      guard var plan = places[position],
        plan.node.operation is Convolution2D || plan.node.operation is DepthwiseConvolution2D,
        let source = writers[plan.input], let padding = places[source], let pad = padding.node.operation as? Pad,
        uses.isPrivate(plan.input), root(padding.input) != plan.input
      else { continue }
      let amounts = pad.amounts(padding.node, in: graph)
      guard amounts.count == 4, amounts[0] == (0, 0), amounts[3] == (0, 0) else { continue }
      plan.nodes.insert(padding.node, at: 0)
      plan.input = padding.input
      (plan.padTop, plan.padBottom) = amounts[1]
      (plan.padLeft, plan.padRight) = amounts[2]
      places[position] = plan
      places[source] = nil
    }
  }

  /// A rectifier that only narrows the limits of the layer before it becomes these limits.
  private mutating func fuseActivations(_ uses: TensorUses) {
    var writers = writers
    for position in places.indices {
      guard let plan = places[position], let source = writers[plan.input], var producer = places[source],
        producer.usesArray, producer.table == nil, uses.isPrivate(plan.input)
      else { continue }
      let table: [Int8]
      switch plan.node.operation {
      case let operation as Relu: table = operation.table(plan.node, in: graph)
      case let operation as Relu6: table = operation.table(plan.node, in: graph)
      default: continue
      }
      let clamp = producer.addition?.clamp ?? producer.clamp
      let low = Int(table[clamp.lowerBound + 128]), high = Int(table[clamp.upperBound + 128])
      guard low <= high, clamp.allSatisfy({ Int(table[$0 + 128]) == min(max($0, low), high) }) else { continue }
      if producer.addition == nil {
        producer.clamp = low...high
        producer.result = plan.output
      } else {
        producer.addition?.clamp = low...high
      }
      producer.output = plan.output
      producer.nodes += plan.nodes
      places[source] = producer
      places[position] = nil
      writers[plan.output] = source
    }
  }

  /// A function of a byte moves into the layer that makes the byte, if that has nothing else at its end.
  private mutating func fuseTables(_ uses: TensorUses) {
    var writers = writers
    for position in places.indices {
      guard let plan = places[position], let table = plan.table, let source = writers[plan.input], var producer = places[source],
        producer.usesArray, producer.table == nil, producer.addition == nil, !(producer.node.operation is Pad),
        uses.isPrivate(plan.input)
      else { continue }
      producer.table = table
      producer.output = plan.output
      producer.nodes += plan.nodes
      places[source] = producer
      places[position] = nil
      writers[plan.output] = source
    }
  }

  /// An ADD whose operand is made for it alone moves into the layer that makes it. The layer runs where the other
  /// operand is there: at its own place if possible, else at the ADD's.
  private mutating func fuseAdditions(_ uses: TensorUses) {
    var writers = writers
    for position in places.indices {
      guard let sum = places[position], sum.node.operation is Addition, let addition = sum.addition else { continue }
      var candidates: [(source: Int, tensor: Int, other: AddedOperand, first: Int)] = []
      func consider(_ tensor: Int, _ other: AddedOperand, _ first: Int) {
        guard let source = writers[root(tensor)], let plan = places[source], plan.usesArray, plan.addition == nil, plan.table == nil,
          !(plan.node.operation is Pad), uses.isPrivate(root(tensor))
        else { return }
        if case .tensor(let index) = other, root(index) == root(tensor) { return }
        if case .constant(let values) = other {
          let channels = graph.tensors[plan.output].shape.last ?? 1
          guard values.count == 1 || values.count == channels, plan.hasChannelParameters else { return }
        }
        candidates.append((source, tensor, other, first))
      }
      consider(sum.input, addition.other, addition.firstOperand)
      if case .tensor(let other) = addition.other { consider(other, .tensor(sum.input), 1 - addition.firstOperand) }
      guard let best = candidates.max(by: { $0.source < $1.source }), var plan = places[best.source] else { continue }
      var place = best.source
      if case .tensor(let other) = best.other, let ready = writers[root(other)], ready > best.source { place = position }
      plan.addition = PlannedAddition(
        node: sum.node, firstOperand: best.first, other: best.other, clamp: addition.clamp)
      plan.output = sum.output
      plan.nodes += sum.nodes
      places[best.source] = nil
      places[position] = nil
      places[place] = plan
      writers[plan.output] = place
    }
  }
}

extension LayerPlan {
  /// Whether each output channel has parameters of its own.
  fileprivate var hasChannelParameters: Bool {
    node.operation is Convolution2D || node.operation is DepthwiseConvolution2D || node.operation is FullyConnected
  }

  /// Makes this the plan of an ADD that runs by itself: the first operand goes through the array unchanged.
  fileprivate mutating func prepare(_ operation: Addition, _ plans: LayerPlans) throws(MappingError) {
    let graph = plans.graph
    let limits = operation.activation.limits(of: graph.tensors[output])
    let roots = node.inputs.map { plans.root($0) }
    let first = graph.tensors[roots[0]].isConstant ? 1 : 0
    input = node.inputs[first]
    result = input
    let second = 1 - first
    let other: AddedOperand
    if graph.tensors[roots[second]].isConstant {
      other = .constant(try plans.repeatingConstant(node.inputs[second], of: node))
    } else {
      other = .tensor(node.inputs[second])
    }
    addition = PlannedAddition(
      node: node, firstOperand: first, other: other, clamp: Int(limits.lowerBound)...Int(limits.upperBound))
    clamp = -128...127
  }
}

extension LayerPlans {
  /// A constant operand of an elementwise operator, as the shortest run of bytes that repeats over the output: 1,
  /// or whole dimensions.
  func repeatingConstant(_ tensor: Int, of node: Node) throws(MappingError) -> [Int8] {
    try Mapper.repeatingConstant(tensor, stored: root(tensor), of: node, in: graph)
  }
}

/// See `LayerPlans.repeatingConstant`; `stored` is the tensor that holds the bytes.
func repeatingConstant(_ tensor: Int, stored: Int, of node: Node, in graph: Graph) throws(MappingError) -> [Int8] {
  let shape = graph.tensors[node.outputs[0]].shape
  guard let bytes = graph.tensors[stored].constant, let broadcast = Broadcast(graph.tensors[tensor].shape, to: shape) else {
    throw MappingError(
      source: graph.name,
      message: "operator \(node.index) \(node.operation.name): \(graph.label(tensor)) does not broadcast to its output")
  }
  var values = [Int8](repeating: 0, count: graph.tensors[node.outputs[0]].elementCount)
  broadcast.forEach { values[$0] = Int8(bitPattern: bytes[$1]) }
  var period = 1
  for size in [1] + shape.reversed() {
    period *= size
    if values.indices.allSatisfy({ values[$0] == values[$0 % period] }) { return Array(values[..<period]) }
  }
  return values
}
