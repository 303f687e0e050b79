// By how much a program differs from ONNX Runtime, where its rounding has no equal in the post unit.

import Model

/// In how many of the sums, or pairs of bytes, that can occur outputs differ, each by one step.
public struct RoundingDifference: Equatable, Sendable {
  public var sums = 0
  /// All that can occur.
  public var of = 0
}

extension RoundingDifference {
  /// The sums whose products with a factor are within a tolerance of where a step begins, half a step before it.
  init(undecided all: ClosedRange<Int>, _ factor: Double, _ tolerance: Double, _ steps: ClosedRange<Int>) {
    self.init(sums: 0, of: all.count)
    guard factor > 0 else { return }
    var next = all.lowerBound
    for step in steps {
      let threshold = (Double(step) - 0.5) / factor, reach = tolerance / factor
      // Sums are integers: what is not between these two is not one of them.
      let first = max(threshold - reach, Double(next)).rounded(.up), last = min(threshold + reach, Double(all.upperBound)).rounded(.down)
      guard first <= last else { continue }
      sums += Int(last) - Int(first) + 1
      next = Int(last) + 1
    }
  }
}

/// The differences of a network, layer by layer.
public struct RoundingDifferences: Equatable, Sendable {
  /// One operator with its output channels.
  public struct Layer: Equatable, Sendable {
    /// The operator's number in the file, and its name.
    public var node: Int, name: String
    /// The tensor that it writes.
    public var tensor: Int
    /// Output channels, and those of them that differ at some sum.
    public var channels = 0, differing = 0
    /// Of all channels together.
    public var difference = RoundingDifference()
    /// Whether it joins pairs of bytes and has no channels.
    public var joinsPairs = false
  }

  /// The operators that ONNX Runtime's rounding was asked of, in the order of execution.
  public private(set) var layers: [Layer] = []

  /// Whether no sum differs.
  public var isNone: Bool { layers.allSatisfy { $0.differing == 0 } }

  /// Adds a channel of the operator that is settled.
  mutating func add(_ difference: RoundingDifference, of node: Node, pairs: Bool = false) {
    if layers.last?.tensor != node.outputs[0] {
      layers.append(Layer(node: node.index, name: node.operation.name, tensor: node.outputs[0], joinsPairs: pairs))
    }
    let last = layers.count - 1
    layers[last].channels += 1
    layers[last].differing += difference.sums > 0 ? 1 : 0
    layers[last].difference.sums += difference.sums
    layers[last].difference.of += difference.of
  }

  /// One line for each operator that differs.
  public func lines(in graph: Graph) -> [String] {
    layers.filter { $0.differing > 0 }.map {
      "operator \($0.node) \($0.name), \(graph.label($0.tensor)): one step at \($0.difference.sums) of \($0.difference.of) "
        + ($0.joinsPairs ? "pairs of bytes" : "sums, in \($0.differing) of \($0.channels) channels")
    }
  }

  /// Why a network cannot be compiled exactly; nil when it can.
  func error(in graph: Graph) -> MappingError? {
    if isNone { return nil }
    return MappingError(
      source: graph.name,
      message: "the post unit cannot round as ONNX Runtime does at every sum (\(lines(in: graph).joined(separator: "; "))); "
        + "compile with --rounding nearest, or choose other scales")
  }
}
