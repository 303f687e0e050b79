// MEAN, SUM and REDUCE_MAX along any dimensions: one window per value.
//
// The dimensions of the tensor, outermost first, are dealt out to those of windows on an image. The innermost one is the
// channels: each has its own window where it stays, and where it is reduced one output channel sums them all with weights of
// one (a maximum has a channel of one byte then, and columns more). The others become rows and columns. Where there are more, neighbours that share their fate become one, and then a row or a column can stand for two:
// a dimension that stays outside of one that is reduced is windows side by side, one that stays inside of it is windows with
// gaps. Whatever the dimensions are, it is one window, because a mean of means is rounded twice.

import Model

extension Reduction: Mappable {
  func plans(_ node: Node, in network: Network) throws(MappingError) -> [LayerPlan] {
    let graph = network.graph, input = graph.tensors[node.inputs[0]], output = graph.tensors[node.outputs[0]]
    if compares, count(node, in: graph) == 1 {
      return [LayerPlan(node, parts: [.unchanged(node.inputs[0], node.outputs[0], in: graph)])]
    }
    guard let fold = ReductionFold(input.shape, dimensions(node, in: graph), byteChannels: compares) else {
      throw LayerPlan(node, parts: []).error(
        "reducing dimensions \(dimensions(node, in: graph).sorted()) of rank \(input.shape.count) in turns is not supported by the hardware",
        in: graph, advice: "transpose before it, so that reduced dimensions are neighbours")
    }
    let window = fold.window, channels = fold.outputChannels
    let kernel: Kernel = switch kind {
    case .maximum, .minimum: .maximum(window)
    case .mean, .sum:
      channels == window.depth
        ? .each(window, weights: nil) : .sum(window, weights: [Int8](repeating: 1, count: window.taps * window.depth))
    }
    return [
      LayerPlan(
        node,
        parts: [
          Part(
            kernel: kernel, from: Box(whole: node.inputs[0], fold.inputShape), to: Box(whole: node.outputs[0], fold.outputShape),
            rescaling: compares ? .unchanged
              : .sums(
                bias: [Int32](repeating: 0, count: channels),
                factors: [SumFactor](repeating: factor(node, in: graph), count: channels), zeroIn: input.zeroPoint,
                zeroOut: output.zeroPoint))
        ])
    ]
  }
}

/// The dimensions of a reduction as windows on images.
struct ReductionFold: Equatable {
  /// N×H×W×C: both have the elements of their tensors in their order.
  private(set) var inputShape: [Int], outputShape: [Int]
  private(set) var window: Window
  var outputChannels: Int { outputShape[3] }

  /// A dimension, or neighbours as one.
  private struct Dimension {
    var size: Int, isReduced: Bool
  }

  /// Rows or columns that stand for up to two dimensions.
  private struct Axis {
    var input = 1, output = 1, kernel = 1, stride = 1, dilation = 1

    init(_ dimensions: ArraySlice<Dimension>) {
      input = dimensions.reduce(1) { $0 * $1.size }
      output = dimensions.reduce(1) { $0 * ($1.isReduced ? 1 : $1.size) }
      kernel = input / output
      guard dimensions.count == 2, let inner = dimensions.last else { return }
      if inner.isReduced { stride = inner.size } else { dilation = inner.size }
    }
  }

  /// - Parameters:
  ///   - reduced: the dimensions of `shape` that disappear.
  ///   - byteChannels: whether a reduced innermost dimension is columns of one byte.
  /// - Returns: nil where too many dimensions are reduced in turns.
  init?(_ shape: [Int], _ reduced: Set<Int>, byteChannels: Bool) {
    var dimensions = shape.enumerated().map { Dimension(size: $1, isReduced: reduced.contains($0)) }
    // Dimensions of one element are neither; as channels they stay.
    let last = dimensions[dimensions.count - 1]
    dimensions = dimensions.dropLast().filter { $0.size > 1 } + [Dimension(size: last.size, isReduced: last.isReduced && last.size > 1)]
    if byteChannels, dimensions[dimensions.count - 1].isReduced { dimensions.append(Dimension(size: 1, isReduced: false)) }
    let channels = dimensions.removeLast()
    var outer = dimensions
    for merges: (Dimension) -> Bool in [{ _ in false }, { !$0.isReduced }, { _ in true }] {
      outer = []
      for dimension in dimensions {
        if let before = outer.last, before.isReduced == dimension.isReduced, merges(dimension) {
          outer[outer.count - 1].size *= dimension.size
        } else {
          outer.append(dimension)
        }
      }
      if outer.count <= 2 { break }
    }
    // Columns and rows take one dimension each, or two that alternate; images are a step each and take one that stays.
    func alternate(_ two: ArraySlice<Dimension>) -> Bool { two.count < 2 || Set(two.map(\.isReduced)).count == 2 }
    let rest: ArraySlice<Dimension>, rows: ArraySlice<Dimension>, columns: ArraySlice<Dimension>
    switch outer.count {
    case 0...1: (rest, rows, columns) = ([], [], outer[...])
    case 2: (rest, rows, columns) = ([], outer.prefix(1), outer.suffix(1))
    default: (columns, rows, rest) = (outer.suffix(2), outer.dropLast(2).suffix(2), outer.dropLast(4))
    }
    guard alternate(rows), alternate(columns), rest.count < 2, rest.allSatisfy({ !$0.isReduced }) else { return nil }
    let images = rest.first?.size ?? 1, (y, x) = (Axis(rows), Axis(columns))
    inputShape = [images, y.input, x.input, channels.size]
    outputShape = [images, y.output, x.output, channels.isReduced ? 1 : channels.size]
    window = Window(
      inputHeight: y.input, inputWidth: x.input, depth: channels.size, outputHeight: y.output, outputWidth: x.output,
      kernelHeight: y.kernel, kernelWidth: x.kernel, strideY: y.stride, strideX: x.stride, dilationY: y.dilation,
      dilationX: x.dilation)
  }
}
