// RESIZE_NEAREST_NEIGHBOR: every output pixel is a copy of the input pixel nearest to it.
//
// Along a dimension of m input and n output elements, output i copies input ⌊(i + h)·s⌋, s = m/n, h = 1/2 with half pixel
// centres and 0 without; with aligned corners s = (m − 1)/(n − 1) and halves are rounded up. All in float32, as the
// reference does it. Output positions whose inputs form an arithmetic progression move together.

/// A change of height and width.
public struct ResizeNearestNeighbor: Movement {
  public var name: String { "RESIZE_NEAREST_NEIGHBOR" }
  /// Whether the corner pixels of input and output have the same centres.
  public var alignsCorners: Bool
  /// Whether pixels have their centres at halves.
  public var halfPixelCenters: Bool

  public init(alignsCorners: Bool = false, halfPixelCenters: Bool = false) {
    self.alignsCorners = alignsCorners
    self.halfPixelCenters = halfPixelCenters
  }

  /// The most moves that one operator may need. Any resizing to at most 64×64 stays below, and any by whole factors.
  public static let largestCount = 4_096
  /// The most rows or columns of an output.
  public static let largestSize = 16_384

  public func validate(_ node: Node, in graph: Graph) throws(ModelError) {
    let check = NodeCheck(node, in: graph)
    try check.requireCounts(inputs: 2...2)
    try check.requireMovable()
    try check.requireRank(node.inputs[0], 4...4, "input")
    let (sizes, shape) = (try check.constantIndices(1, "sizes"), check.input().shape)
    try check.require(sizes.count == 2, .invalidShape, "there are \(sizes.count) sizes, expected 2", tensor: node.inputs[1])
    try check.requireShape(node.outputs[0], [shape[0], sizes[0], sizes[1], shape[3]])
    try check.require(
      sizes.allSatisfy { $0 <= Self.largestSize }, .resourceLimit, "resizing to \(sizes) is beyond \(Self.largestSize)",
      tensor: node.inputs[1])
    let (rows, columns) = (runs(shape[1], sizes[0]).count, runs(shape[2], sizes[1]).count)
    try check.require(
      rows * columns <= Self.largestCount, .unsupported,
      "resizing \(shape[1])x\(shape[2]) to \(sizes[0])x\(sizes[1]) takes \(rows * columns) copies, at most "
        + "\(Self.largestCount) are supported", tensor: node.outputs[0], advice: "resize by a whole factor")
  }

  public func moves(_ node: Node, in graph: Graph) -> [Move] {
    let (input, output) = (graph.tensors[node.inputs[0]].shape, graph.tensors[node.outputs[0]].shape)
    return Move.product(
      [[Move.Run(count: input[0])], runs(input[1], output[1]), runs(input[2], output[2]), [Move.Run(count: input[3])]],
      from: node.inputs[0], to: node.outputs[0], in: graph)
  }

  /// The input position that output position `position` shows, in a dimension of `input` and `output` elements.
  func source(_ position: Int, _ input: Int, _ output: Int) -> Int {
    let scale = alignsCorners && output > 1 ? Float(input - 1) / Float(output - 1) : Float(input) / Float(output)
    let place = (Float(position) + (halfPixelCenters ? 0.5 : 0)) * scale
    return min(Int(place.rounded(alignsCorners ? .toNearestOrAwayFromZero : .down)), input - 1)
  }

  /// The output positions of a dimension as few runs.
  ///
  /// Positions that are `period` apart are cut into progressions; the periods that can be good are the ratio of the sizes
  /// as a fraction in lowest terms and rounded up.
  private func runs(_ input: Int, _ output: Int) -> [Move.Run] {
    func denominator(_ numerator: Int, _ denominator: Int) -> Int {
      var (a, b) = (denominator, numerator)
      while b > 0 { (a, b) = (b, a % b) }
      return max(denominator / max(a, 1), 1)
    }
    let sources = (0..<output).map { source($0, input, output) }
    let periods = [1, (output + input - 1) / input, denominator(input, output), denominator(input - 1, output - 1)]
    let candidates = Set(periods).sorted().map { period in
      (0..<min(period, output)).flatMap { first in
        Move.Run.progressions(stride(from: first, to: output, by: period).map { ($0, sources[$0]) }, step: period)
      }
    }
    return candidates.min { $0.count < $1.count } ?? []
  }
}
