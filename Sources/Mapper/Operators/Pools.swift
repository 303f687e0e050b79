// AVERAGE_POOL_2D and MAX_POOL_2D: windows with weights of one, or a maximum.

import Model

extension AveragePool2D: Mappable {
  /// Padding counts neither in the sum nor in the divisor: the output is cut into rectangles of equal divisor, and padding
  /// reads as 0.
  func plans(_ node: Node, in network: Network) -> [LayerPlan] {
    let graph = network.graph, geometry = geometry(node, in: graph)
    let input = graph.tensors[node.inputs[0]], output = graph.tensors[node.outputs[0]]
    let whole = Window(geometry, depth: input.shape[3]), strides = Move.strides(output.shape)
    let rowBands = bands(geometry.rows), columnBands = bands(geometry.columns)
    var parts: [Part] = []
    for rows in rowBands {
      for columns in columnBands {
        let count = geometry.rows.taps(rows.lowerBound).count * geometry.columns.taps(columns.lowerBound).count
        var window = whole
        window.padTop -= rows.lowerBound * strideHeight
        window.padLeft -= columns.lowerBound * strideWidth
        (window.outputHeight, window.outputWidth) = (rows.count, columns.count)
        parts.append(
          Part(
            kernel: .each(window, weights: nil), from: Box(whole: node.inputs[0], input.shape),
            to: Box(
              node.outputs[0], offset: rows.lowerBound * strides[1] + columns.lowerBound * strides[2],
              shape: [output.shape[0], rows.count, columns.count, output.shape[3]], strides: strides),
            rescaling: .average(count: count, halvesUp: isUnsigned),
            detail: rowBands.count * columnBands.count == 1 ? "" : "rows \(rows), columns \(columns), average of \(count)"))
      }
    }
    return [LayerPlan(node, parts: parts, ending: Ending(limits: activation, of: output))]
  }

  /// Runs of windows with equally many taps inside the image.
  private func bands(_ geometry: WindowGeometry) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for window in 0..<geometry.output {
      if let last = result.last, geometry.taps(last.lowerBound).count == geometry.taps(window).count {
        result[result.count - 1] = last.lowerBound..<window + 1
      } else {
        result.append(window..<window + 1)
      }
    }
    return result
  }
}

extension MaxPool2D: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, input = graph.tensors[node.inputs[0]], output = graph.tensors[node.outputs[0]]
    let window = Window(geometry(node, in: graph), depth: input.shape[3])
    if network.readsInt16(node) {
      return [try LayerPlan(int16: node, in: network, window, activation, rescaling: .unchanged) { .maximum($0) }]
    }
    return [
      LayerPlan(
        node,
        parts: [Part(kernel: .maximum(window), from: Box(whole: node.inputs[0], input.shape), to: Box(whole: node.outputs[0], output.shape))],
        ending: Ending(limits: activation, of: output))
    ]
  }
}
