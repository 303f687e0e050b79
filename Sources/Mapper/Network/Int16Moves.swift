// Moves of int16 as moves of bytes.
//
// A box of elements is a box of high bytes and, as many bytes behind each as a row is long, one of low bytes: a box of one dimension more. A dimension
// that runs over several rows is two, rows and what lies within a row. Rows need not be as long on both sides.

import Model

/// What a copy reads and writes, in bytes as they lie: two boxes of one shape.
struct MovedBytes: Sendable, Hashable {
  let from: Box, to: Box

  /// A move of bytes.
  init(_ move: Move) { (from, to) = (Box(move.from, move.shape), Box(move.to, move.shape)) }

  /// A move of int16; nil where a side's steps run into rows that they do not begin.
  /// - Parameters:
  ///   - rows: of the tensor that it reads.
  ///   - others: of the one that it writes.
  init?(_ move: Move, from rows: Int16Rows, to others: Int16Rows) {
    var source = Box(move.from, move.shape), target = Box(move.to, move.shape), dimension = 0
    while dimension < source.shape.count {
      if let size = source.rowSize(of: dimension, rows) ?? target.rowSize(of: dimension, others) {
        source.divide(dimension, by: size)
        target.divide(dimension, by: size)
      } else {
        dimension += 1
      }
    }
    guard let high = rows.highBytes(of: source), let other = others.highBytes(of: target) else { return nil }
    // The pair stands where it leaves as many sides as possible bytes that lie one behind the other: those may need no copy.
    let pairs = (0...high.shape.count).map { (from: high.paired(with: rows.length, at: $0), to: other.paired(with: others.length, at: $0)) }
    func runs(_ pair: (from: Box, to: Box)) -> Int { [pair.from, pair.to].count { $0.isContiguous } }
    (from, to) = pairs.dropFirst().reduce(pairs[0]) { runs($1) > runs($0) ? $1 : $0 }
  }
}

extension Box {
  /// How many of a dimension's elements lie within a row, where they are whole rows; nil where there is nothing to divide.
  fileprivate func rowSize(of dimension: Int, _ rows: Int16Rows) -> Int? {
    let step = abs(strides[dimension])
    guard step > 0, step < rows.length, rows.length % step == 0 else { return nil }
    let size = rows.length / step
    return shape[dimension] > size && shape[dimension] % size == 0 ? size : nil
  }

  /// Makes a dimension two, of which the inner one has so many elements.
  fileprivate mutating func divide(_ dimension: Int, by size: Int) {
    let step = strides[dimension]
    shape.replaceSubrange(dimension...dimension, with: [shape[dimension] / size, size])
    strides.replaceSubrange(dimension...dimension, with: [size * step, step])
  }
}

extension Network {
  /// What a move reads and writes, in bytes as they lie.
  /// - Parameter plan: the layer that it is a part of.
  /// - Throws: `MappingError` where rows of int16 do not suit it.
  func bytes(of move: Move, in plan: LayerPlan) throws(MappingError) -> MovedBytes {
    guard let rows = int16[move.from.tensor], let others = int16[move.to.tensor] else { return MovedBytes(move) }
    guard let bytes = MovedBytes(move, from: rows, to: others) else {
      throw plan.error(
        "it moves parts of rows of \(rows.length) to rows of \(others.length), which is not supported for activations of int16", in: graph,
        advice: "move whole rows")
    }
    return bytes
  }
}
