// The checks that operators share, and the sentence in which they fail.
//
// Every failure reads `what (operator 3 CONV_2D, tensor 5 'name'); what to do`, so that
// whoever reads it can find the place in a model viewer.

/// The validation of one node: finds its tensors and words its errors.
package struct NodeCheck {
  package let node: Node
  package let graph: Graph

  package init(_ node: Node, in graph: Graph) {
    self.node = node
    self.graph = graph
  }

  // MARK: The sentence

  /// An error about this node, and about `tensor` when one is given.
  package func error(
    _ category: ModelError.Category, _ what: String, tensor: Int? = nil, advice: String? = nil
  ) -> ModelError {
    var place = "operator \(node.index) \(node.operation.name)"
    if let tensor { place += ", \(graph.label(tensor))" }
    return ModelError(category, what: what, place: place, advice: advice)
  }

  /// Throws `error` unless `condition` holds.
  package func require(
    _ condition: Bool, _ category: ModelError.Category, _ what: @autoclosure () -> String, tensor: Int? = nil,
    advice: String? = nil
  ) throws(ModelError) {
    if !condition { throw error(category, what(), tensor: tensor, advice: advice) }
  }

  // MARK: Finding tensors

  /// Checks how many inputs and outputs there are; the first `inputs.lowerBound` inputs must be present.
  package func requireCounts(inputs: ClosedRange<Int>, outputs: Int = 1) throws(ModelError) {
    let expected = inputs.count == 1 ? "\(inputs.lowerBound)" : "\(inputs.lowerBound) to \(inputs.upperBound)"
    try require(
      inputs.contains(node.inputs.count), .invalidGraph, "has \(node.inputs.count) inputs, expected \(expected)")
    try require(
      node.outputs.count == outputs, .invalidGraph, "has \(node.outputs.count) outputs, expected \(outputs)")
    for position in 0..<inputs.lowerBound {
      try require(node.inputs[position] >= 0, .invalidGraph, "input \(position) is absent but needed")
    }
  }

  /// The tensor at input `position`; `requireCounts` must have found it.
  package func input(_ position: Int = 0) -> Tensor { graph.tensors[node.inputs[position]] }

  /// The tensor at output `position`; `requireCounts` must have found it.
  package func output(_ position: Int = 0) -> Tensor { graph.tensors[node.outputs[position]] }

  // MARK: Types

  /// Checks that the activations are int8, or all int16 where the operator knows them, with advice that fits what they are instead.
  package func requireActivations(inputs positions: [Int] = [0]) throws(ModelError) {
    let all = positions.map { node.inputs[$0] } + node.outputs
    for tensor in all { try requireActivation(tensor) }
    guard let first = all.first, let other = all.first(where: { graph.tensors[$0].type != graph.tensors[first].type }) else { return }
    let types = "\(graph.tensors[first].type) and \(graph.tensors[other].type)"
    throw error(
      .unsupported, "\(types) activations in one operator are not supported", tensor: other, advice: "quantize all activations to one type")
  }

  /// Checks that activations are of one type and outputs of another one, which parts of operators have.
  func requireActivations(inputs positions: [Int] = [0], _ type: ElementType, to other: ElementType) throws(ModelError) {
    for (tensors, type) in [(positions.map { node.inputs[$0] }, type), (node.outputs, other)] {
      for tensor in tensors {
        try require(graph.tensors[tensor].type == type, .unsupported, "\(graph.tensors[tensor].type) in the place of \(type)", tensor: tensor)
        try requireActivation(tensor)
      }
    }
  }

  /// Checks that one activation is int8, or int16 where the operator knows it, with one scale and a zero point that fits.
  package func requireActivation(_ index: Int) throws(ModelError) {
    let tensor = graph.tensors[index], knowsInt16 = Int16Activations.areKnown(by: node, in: graph)
    if tensor.type != .int8, !(knowsInt16 && tensor.type == .int16) {
      let hybrid =
        tensor.type.isFloatingPoint
        && node.inputs.contains { $0 >= 0 && graph.tensors[$0].isConstant && graph.tensors[$0].type == .int8 }
      if hybrid {
        throw error(
          .unsupported, "hybrid quantization (\(tensor.type) activations, int8 weights) is not supported",
          tensor: index, advice: "give the converter a representative_dataset, so that activations are quantized, too")
      }
      throw unknownActivation(index)
    }
    let count = tensor.quantization.scales.count
    try require(
      count == 1, .invalidQuantization,
      count == 0 ? "\(tensor.type) activations have no scale" : "activations have \(count) scales, only one is possible",
      tensor: index)
    try require(
      tensor.type == .int8 || tensor.zeroPoint == 0, .invalidQuantization,
      "int16 activations must have zero point 0, have \(tensor.zeroPoint)", tensor: index,
      advice: "convert the model with symmetric activations")
    try require(
      tensor.shape.allSatisfy { $0 >= 1 }, .invalidShape,
      "shape \(describe(tensor.shape)) has an empty dimension", tensor: index)
    if tensor.isConstant { try requireContents(index) }
  }

  /// The refusal of activations of a type that the operator does not compute on.
  func unknownActivation(_ index: Int) -> ModelError {
    let type = graph.tensors[index].type
    return error(
      .unsupported, "\(type) activations are not supported, only int8", tensor: index,
      advice: type.isFloatingPoint
        ? "quantize the model to int8 (TFLite: optimizations and a representative_dataset); inputs and outputs may stay float32"
        : "quantize activations to int8")
  }

  /// Checks that a constant has as many bytes as its shape and type need.
  package func requireContents(_ index: Int) throws(ModelError) {
    let tensor = graph.tensors[index]
    let count = tensor.constant?.count ?? 0
    try require(
      count == tensor.byteCount, .invalidGraph,
      "buffer has \(count) bytes, shape \(describe(tensor.shape)) of \(tensor.type) needs \(tensor.byteCount)",
      tensor: index)
  }

  /// The constant integers at input `position`: axes, paddings, a target shape. `role` is what messages call them.
  package func constantIndices(_ position: Int, _ role: String) throws(ModelError) -> [Int] {
    let index = node.inputs[position]
    let tensor = graph.tensors[index]
    try require(tensor.isConstant, .unsupported, "\(role) that are computed are not supported", tensor: index)
    try require(
      tensor.type == .int32 || tensor.type == .int64, .unsupported, "\(role) must be int32, are \(tensor.type)",
      tensor: index)
    try requireContents(index)
    return tensor.indexValues() ?? []
  }

  // MARK: Shapes

  /// Checks the rank of a tensor.
  package func requireRank(_ index: Int, _ ranks: ClosedRange<Int>, _ role: String) throws(ModelError) {
    let rank = graph.tensors[index].shape.count
    let expected =
      ranks.count == 1 ? "rank \(ranks.lowerBound)" : "rank \(ranks.lowerBound) to \(ranks.upperBound)"
    try require(
      ranks.contains(rank), .invalidShape,
      "\(node.operation.name) \(role) must be \(expected), is rank \(rank)", tensor: index)
  }

  /// Checks that an output has the shape that the operator computes.
  package func requireShape(_ index: Int, _ shape: [Int], _ role: String = "output") throws(ModelError) {
    try require(
      graph.tensors[index].shape == shape, .invalidShape,
      "\(role) shape is \(describe(graph.tensors[index].shape)), but \(describe(shape)) is computed", tensor: index)
  }

  /// A shape as messages write it: `1x8x8x16`, `scalar`.
  package func describe(_ shape: [Int]) -> String {
    shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "x")
  }

  // MARK: Quantization

  /// Checks that the output has the input's scale and zero point, for operators that only move or compare bytes.
  package func requireSameQuantization(_ a: Int, _ b: Int, advice: String? = nil) throws(ModelError) {
    let (first, second) = (graph.tensors[a], graph.tensors[b])
    // The tolerance is that of the reference; within it the bytes are moved unchanged.
    let close = abs(first.scale - second.scale) <= 1e-6 * max(1, abs(first.scale))
    try require(
      close && first.zeroPoint == second.zeroPoint, .invalidQuantization,
      "does not rescale, but input has scale \(first.scale), zero point \(first.zeroPoint) "
        + "and output scale \(second.scale), zero point \(second.zeroPoint)", tensor: b, advice: advice)
  }

  /// Checks that a real rescaling factor can be expressed as a multiplier with an exponent of at most 30.
  package func requireMultiplier(
    _ real: Double, _ formula: @autoclosure () -> String, tensor: Int
  ) throws(ModelError) {
    try require(
      QuantizedMultiplier.isRepresentable(real), .invalidQuantization,
      "multiplier \(formula()) = \(real) is out of range (a shift of more than 30 bits)", tensor: tensor)
  }

  /// Checks that a real rescaling factor can be expressed as a multiplier, and is less than 1, so that nothing is shifted to the left.
  func requireFraction(_ real: Double, _ formula: @autoclosure () -> String) throws(ModelError) {
    try require(
      QuantizedMultiplier.isRepresentable(real) && QuantizedMultiplier(real).exponent <= 0, .invalidQuantization,
      "multiplier \(formula()) = \(real) is out of range, must be less than 1 on int16", tensor: node.outputs[0],
      advice: "choose a larger output scale")
  }
}
