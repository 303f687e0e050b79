// How long the rows of every tensor of int16 are: as its readers want them.
//
// Windows see rows of an image, sums over time rows of a filter, and matrices take rows as they are, or want their own. What works element by
// element sees operands and results in rows of one length, and the next value of a state lies where the present one does. All others are one row.

import Model

extension Graph {
  /// How the tensors of int16 lie: those that are the same bytes in the same rows.
  ///
  /// - Parameter roots: by tensor the one whose bytes, all of them in their order, are its own.
  /// - Throws: `MappingError` where operators want rows of two lengths.
  func int16Rows(_ roots: [Int: Int]) throws(MappingError) -> [Int: Int16Rows] {
    var lengths = RowLengths(self, roots)
    for node in nodes where node.operation is any Windowed {
      let shape = tensors[node.inputs[0]].shape
      if shape.count == 4 { try lengths.require(shape[2] * shape[3], of: node.inputs[0], for: node) }
    }
    for node in nodes where node.operation is StateSum { try lengths.require(tensors[node.inputs[1]].shape[1], of: node.inputs[0], for: node) }
    for node in nodes where node.operation is FullyConnected { lengths.prefer(tensors[node.inputs[1]].shape[1], of: node.inputs[0]) }
    for node in nodes where node.operation is AssignVariable { lengths.prefer(node.inputs[0], as: node.outputs[0]) }
    return lengths.rows
  }
}

/// The lengths of rows, while operators say what they want.
private struct RowLengths {
  private let graph: Graph
  /// By tensor one that stands for all whose rows are as long.
  private var families: [Int: Int]
  /// By the tensor that stands for them, elements of a row.
  private var lengths: [Int: Int] = [:]

  init(_ graph: Graph, _ roots: [Int: Int]) {
    (self.graph, families) = (graph, roots)
    for state in graph.states { join(state.tensor, state.next) }
    for node in graph.nodes where Int16Activations.worksByElement(node.operation) {
      let tensors = (node.inputs + node.outputs).filter(hasRows)
      for tensor in tensors.dropFirst() { join(tensors[0], tensor) }
    }
  }

  private func hasRows(_ tensor: Int) -> Bool { tensor >= 0 && graph.tensors[tensor].type == .int16 && !graph.tensors[tensor].isConstant }

  private func family(of tensor: Int) -> Int { families[tensor].map { $0 == tensor ? $0 : family(of: $0) } ?? tensor }

  private mutating func join(_ first: Int, _ second: Int) {
    let (one, other) = (family(of: first), family(of: second))
    if one != other { families[other] = one }
  }

  /// - Throws: `MappingError` where others want another length.
  mutating func require(_ length: Int, of tensor: Int, for node: Node) throws(MappingError) {
    guard hasRows(tensor) else { return }
    guard lengths[family(of: tensor), default: length] == length else {
      throw MappingError(
        source: graph.name,
        message: "operator \(node.index) \(node.operation.name) reads \(graph.label(tensor)) in rows of \(length) elements of int16, another operator in "
          + "rows of \(lengths[family(of: tensor)] ?? 0); give them tensors of one shape")
    }
    lengths[family(of: tensor)] = length
  }

  /// Gives a tensor a length, if it has none.
  mutating func prefer(_ length: Int, of tensor: Int) {
    if hasRows(tensor), lengths[family(of: tensor)] == nil { lengths[family(of: tensor)] = length }
  }

  /// Gives the same length to two tensors, if one of them has none.
  mutating func prefer(_ first: Int, as second: Int) {
    if let length = lengths[family(of: first)] { prefer(length, of: second) }
    if let length = lengths[family(of: second)] { prefer(length, of: first) }
  }

  var rows: [Int: Int16Rows] {
    graph.activations.reduce(into: [:]) { rows, tensor in
      guard hasRows(tensor) else { return }
      rows[tensor] = Int16Rows(length: lengths[family(of: tensor)] ?? max(graph.tensors[tensor].elementCount, 1))
    }
  }
}
