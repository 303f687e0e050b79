// RESIZE_BILINEAR: every output pixel is a weighted mean of up to four input pixels.
//
// Along a dimension of m input and n output elements, output i lies at p = i·s, in units of 1/1024 of an input element, with
// s = (1024·m + n/2)/n, with aligned corners (1024·(m − 1) + (n − 1)/2)/(n − 1), all divisions without remainder. With half
// pixel centres it lies at p + s/2 − 512. Its neighbours are ⌊p/1024⌋ and ⌈p/1024⌉, both inside of the image; the second one's
// weight is what p lies beyond the first one. The weights of rows and columns are multiplied, and the sum of four products is
// divided by 2^20, halves away from zero.

/// A change of height and width by interpolation.
public struct ResizeBilinear: Operation {
  public var name: String { "RESIZE_BILINEAR" }
  /// Whether the corner pixels of input and output have the same centres.
  public var alignsCorners: Bool
  /// Whether pixels have their centres at halves.
  public var halfPixelCenters: Bool

  public init(alignsCorners: Bool = false, halfPixelCenters: Bool = false) {
    self.alignsCorners = alignsCorners
    self.halfPixelCenters = halfPixelCenters
  }

  /// What one weight is a multiple of: the weights of two neighbours add up to this.
  public static let one = 1 << 10

  /// Two neighbours and the weight of the second one; both are one element where that has no weight.
  public struct Place: Equatable, Sendable {
    public var first: Int
    public var second: Int
    /// 0..<`one`.
    public var fraction: Int

    public init(first: Int, second: Int, fraction: Int) {
      (self.first, self.second, self.fraction) = (first, second, fraction)
    }
  }

  /// Where the elements of a dimension of `output` elements lie between the `input` elements.
  public func places(_ input: Int, _ output: Int) -> [Place] {
    let step = alignsCorners && output > 1
      ? (Self.one * (input - 1) + (output - 1) / 2) / (output - 1) : (Self.one * input + output / 2) / output
    return (0..<output).map { index in
      let place = index * step + (halfPixelCenters ? step / 2 - Self.one / 2 : 0)
      let first = min(max(place / Self.one, 0), input - 1), second = min((place + Self.one - 1) / Self.one, input - 1)
      return first == second ? Place(first: first, second: first, fraction: 0)
        : Place(first: first, second: second, fraction: place - Self.one * first)
    }
  }

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    try check.requireMovable()
    try check.requireRank(node.inputs[0], 4...4, "input")
    try check.require(
      !(alignsCorners && halfPixelCenters), .invalidGraph, "aligned corners and half pixel centres exclude each other")
    let (sizes, shape) = (try check.constantIndices(1, "sizes"), check.input().shape)
    try check.require(sizes.count == 2, .invalidShape, "there are \(sizes.count) sizes, expected 2", tensor: node.inputs[1])
    try check.requireShape(node.outputs[0], [shape[0], sizes[0], sizes[1], shape[3]])
    // 2^31/1024: beyond it places overflow in the reference.
    let largest = 1 << 20
    try check.require(
      (sizes + shape[1...2]).allSatisfy { $0 <= largest }, .resourceLimit, "resizing \(shape[1])x\(shape[2]) to \(sizes) is beyond \(largest)",
      tensor: node.inputs[1])
  }

  public func evaluate(_ node: Node, in graph: Graph, on store: inout TensorStore) {
    let (input, output) = (graph.tensors[node.inputs[0]].shape, graph.tensors[node.outputs[0]].shape)
    let (rows, columns) = (places(input[1], output[1]), places(input[2], output[2]))
    let depth = input[3], half = 1 << 19
    store[node.outputs[0]] = withInt8(store[node.inputs[0]]) { x in
      makeInt8(output.reduce(1, *)) { y in
        var position = 0
        for image in 0..<input[0] {
          for row in rows {
            for column in columns {
              func pixel(_ row: Int, _ column: Int) -> Int { ((image * input[1] + row) * input[2] + column) * depth }
              let corners = [
                (pixel(row.first, column.first), (Self.one - row.fraction) * (Self.one - column.fraction)),
                (pixel(row.first, column.second), (Self.one - row.fraction) * column.fraction),
                (pixel(row.second, column.first), row.fraction * (Self.one - column.fraction)),
                (pixel(row.second, column.second), row.fraction * column.fraction),
              ]
              for channel in 0..<depth {
                let sum = corners.reduce(0) { $0 + Int(x[$1.0 + channel]) * $1.1 }
                y[position] = Int8(truncatingIfNeeded: (sum > 0 ? sum + half : sum - half) / (2 * half))
                position += 1
              }
            }
          }
        }
      }
    }
  }
}
