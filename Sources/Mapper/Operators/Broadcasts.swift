// Operands of elementwise operators that repeat.
//
// The second operand of an addition lies as the output does, so the one that repeats is the first: the array reads it again and
// again, and nothing is copied. Where it repeats along channels, a sum of one channel with weights of one makes all of them.

import Model

extension Network {
  /// Which operand of an elementwise `node` is read by the array; the other one is a constant, or a tensor of the output's shape.
  func arrayOperand(of node: Node) throws(MappingError) -> Int {
    if constant(node.inputs[0]) != nil { return 1 }
    if constant(node.inputs[1]) != nil { return 0 }
    let count = graph.tensors[node.outputs[0]].elementCount
    let repeating = [0, 1].filter { graph.tensors[node.inputs[$0]].elementCount != count }
    guard repeating.count < 2 else {
      throw LayerPlan(node, parts: []).error(
        "two computed tensors that both repeat are not supported by the hardware", in: graph, advice: "give one of them the output's shape")
    }
    return repeating.first ?? 0
  }
}

extension Part {
  /// Every byte of a tensor as it is, as often as the output's shape asks for it.
  /// - Parameter sums: whether it may be a sum, and not a copy alone.
  static func repeated(_ input: Int, _ output: Int, in graph: Graph, sums: Bool = true) -> Part {
    let shape = graph.tensors[output].shape, unchanged = Part.unchanged(input, output, in: graph)
    guard graph.tensors[input].elementCount != unchanged.to.count, let map = Broadcast(graph.tensors[input].shape, to: shape) else { return unchanged }
    var view = View(whole: input, shape)
    view.strides = map.strides
    // As few dimensions as there are: rows that are read once, and what each becomes.
    let merged = view.merged
    if sums, merged.strides.last == 0, let channels = merged.shape.last, merged.strides.dropLast().allSatisfy({ $0 == 1 }), merged.strides.count < 3 {
      let rows = unchanged.to.count / channels
      let window = Window(inputHeight: 1, inputWidth: rows, depth: 1, outputHeight: 1, outputWidth: rows, kernelHeight: 1, kernelWidth: 1)
      return Part(
        kernel: .sum(window, weights: [Int8](repeating: 1, count: channels)), from: Box(pixels: input, rows, 1),
        to: Box(pixels: output, rows, channels))
    }
    var part = unchanged
    part.from = Box(input, offset: 0, shape: shape, strides: map.strides)
    return part
  }
}

extension LayerPlan {
  /// Whether elements of the tensor before its addition are read more than once, for an output of a larger shape.
  func repeatsOperand(in graph: Graph) -> Bool {
    ending.addition != nil && graph.tensors[result].elementCount != graph.tensors[output].elementCount
  }
}
