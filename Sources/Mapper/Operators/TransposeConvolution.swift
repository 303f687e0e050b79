// TRANSPOSE_CONV: a convolution for every phase of the output.
//
// Output pixels that are a stride apart see the same taps of the kernel: phase p of a dimension, the outputs o with
// (o + before) mod stride = p, sums the taps p, p + stride, … of inputs that go backwards as the taps go on. So each phase is an
// ordinary window of stride 1 over the input, with its taps in reverse order, whose outputs are a stride apart.

import Model

extension TransposeConvolution: Mappable {
  func plans(_ node: Node, in network: Network) -> [LayerPlan] {
    let graph = network.graph, kernel = graph.tensors[node.inputs[1]], weights = kernel.int8Values()
    let input = graph.tensors[node.inputs[2]], output = graph.tensors[node.outputs[0]]
    let arithmetic = arithmetic(node, in: graph), place = placement(node, in: graph)
    let (height, width, depth) = (kernel.shape[1], kernel.shape[2], kernel.shape[3])
    let strides = Move.strides(output.shape)
    let rows = phases(output.shape[1], filter: height, stride: place.strideHeight, before: place.padTop)
    let columns = phases(output.shape[2], filter: width, stride: place.strideWidth, before: place.padLeft)
    var parts: [Part] = []
    for y in rows {
      for x in columns {
        let window = Window(
          inputHeight: input.shape[1], inputWidth: input.shape[2], depth: depth, outputHeight: y.count, outputWidth: x.count,
          kernelHeight: max(y.taps.count, 1), kernelWidth: max(x.taps.count, 1), padTop: y.before, padLeft: x.before)
        var some = [Int8](repeating: 0, count: arithmetic.channels * window.taps * depth)
        for channel in 0..<arithmetic.channels {
          for (row, tapRow) in y.taps.enumerated() {
            for (column, tapColumn) in x.taps.enumerated() {
              let from = ((channel * height + tapRow) * width + tapColumn) * depth
              let to = ((channel * window.kernelHeight + row) * window.kernelWidth + column) * depth
              for index in 0..<depth { some[to + index] = weights[from + index] }
            }
          }
        }
        parts.append(
          Part(
            kernel: .sum(window, weights: some), from: Box(whole: node.inputs[2], input.shape),
            to: Box(
              node.outputs[0], offset: y.first * strides[1] + x.first * strides[2],
              shape: [output.shape[0], y.count, x.count, output.shape[3]],
              strides: [strides[0], place.strideHeight * strides[1], place.strideWidth * strides[2], 1]),
            rescaling: .sums(
              bias: arithmetic.bias, factors: arithmetic.factors, zeroIn: input.zeroPoint, zeroOut: output.zeroPoint),
            detail: rows.count * columns.count == 1 ? "" : "rows from \(y.first), columns from \(x.first)"))
      }
    }
    return [LayerPlan(node, parts: parts, ending: Ending(limits: activation, of: output))]
  }

  /// The outputs of one dimension that see the same taps.
  private struct Phase {
    /// The first output, and how many there are, a stride apart.
    var first: Int, count: Int
    /// The taps in the order of the inputs that they see.
    var taps: [Int]
    /// Inputs before the first that the first window sees; negative when it begins inside.
    var before: Int
  }

  private func phases(_ outputs: Int, filter: Int, stride: Int, before: Int) -> [Phase] {
    (0..<min(stride, outputs)).map { first in
      // Input i adds tap k to output i·stride + k − before: here k = first + before − i·stride.
      let taps = Array(Swift.stride(from: (first + before) % stride, to: filter, by: stride).reversed())
      let earliest = taps.first.map { (first + before - $0) / stride } ?? 0
      return Phase(first: first, count: (outputs - first + stride - 1) / stride, taps: taps, before: -earliest)
    }
  }
}
