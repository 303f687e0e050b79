// RESIZE_BILINEAR: windows of one or two rows and columns, a part for all outputs that lie alike between their neighbours.
//
// The weights are multiples of 1/2^20 and add up to one. In lowest terms w/n they are a window with small integers, divided
// by n as an average is: to the nearest, halves away from zero. For resizing by two with half pixel centres they are 9, 3, 3
// and 1 of 16, in four orders. At the borders, where both neighbours are one pixel, a window has fewer taps. Weights that do
// not fit int8 come digit by digit, over all channels, of which each output channel takes one.

import Model

extension ResizeBilinear: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph
    let input = graph.tensors[node.inputs[0]].shape, output = graph.tensors[node.outputs[0]].shape
    let rows = runs(input[1], output[1]), columns = runs(input[2], output[2]), strides = Move.strides(output), depth = input[3]
    let plan = LayerPlan(node, parts: [])
    let most = 4096
    guard rows.count * columns.count <= most else {
      throw plan.error(
        "resizing \(input[1])x\(input[2]) to \(output[1])x\(output[2]) needs \(rows.count * columns.count) parts, at most \(most)", in: graph,
        advice: "resize by a whole factor")
    }
    var parts: [Part] = []
    for y in rows {
      for x in columns {
        let products = y.weights.flatMap { row in x.weights.map { row * $0 } }
        let divisor = products.reduce(0) { greatestCommonDivisor($0, $1) }, weights = products.map { $0 / divisor }
        let isNarrow = weights.allSatisfy { $0 <= Int8.max }
        let window = Window(
          inputHeight: input[1], inputWidth: input[2], depth: depth, outputHeight: y.count, outputWidth: x.count,
          kernelHeight: y.weights.count, kernelWidth: x.weights.count, strideY: y.fromStep, strideX: x.fromStep, padTop: -y.from,
          padLeft: -x.from)
        parts.append(
          Part(
            kernel: isNarrow
              ? .each(window, weights: weights.flatMap { [Int8](repeating: Int8(truncatingIfNeeded: $0), count: depth) })
              : .wide(window, weights: (0..<depth).flatMap { channel in weights.flatMap { weight in (0..<depth).map { $0 == channel ? weight : 0 } } }),
            from: Box(whole: node.inputs[0], input),
            to: Box(
              node.outputs[0], offset: y.to * strides[1] + x.to * strides[2], shape: [output[0], y.count, x.count, depth],
              strides: [strides[0], y.toStep * strides[1], x.toStep * strides[2], 1]),
            rescaling: .average(count: ResizeBilinear.one * ResizeBilinear.one / divisor),
            detail: rows.count * columns.count == 1 ? "" : "rows from \(y.to), columns from \(x.to)"))
      }
    }
    return [LayerPlan(node, parts: parts)]
  }

  /// Outputs `to + i·toStep` that lie alike behind the inputs `from + i·fromStep`.
  struct Run: Equatable {
    var to: Int, toStep: Int
    var from: Int, fromStep = 1
    var count = 1
    /// Of one or two neighbours.
    var weights: [Int]
  }

  /// The outputs of a dimension as few runs: those that are a period apart, cut where their neighbours stop being as far apart.
  func runs(_ input: Int, _ output: Int) -> [Run] {
    let places = places(input, output)
    let periods = [
      1, (output + input - 1) / input, output / max(greatestCommonDivisor(output, input), 1),
      (output - 1) / max(greatestCommonDivisor(output - 1, input - 1), 1),
    ]
    return Set(periods).filter { $0 > 0 }.sorted().map { period in
      (0..<min(period, output)).flatMap { first in
        var runs: [Run] = []
        for to in stride(from: first, to: output, by: period) {
          let place = places[to], weights = place.fraction == 0 ? [Self.one] : [Self.one - place.fraction, place.fraction]
          if let last = runs.last, last.weights == weights, place.first > last.from,
            last.count == 1 || place.first == last.from + last.count * last.fromStep
          {
            if last.count == 1 { runs[runs.count - 1].fromStep = place.first - last.from }
            runs[runs.count - 1].count += 1
          } else {
            runs.append(Run(to: to, toStep: period, from: place.first, weights: weights))
          }
        }
        return runs
      }
    }.min { $0.count < $1.count } ?? []
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
