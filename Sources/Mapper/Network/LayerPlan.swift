// One layer to be: kernels, an ending, and the operators that it stands for.

import Machine
import Model

/// A kernel on a box of one tensor, whose results are a box of another. Both boxes of an elementwise kernel have one shape;
/// those of windows are N×H×W×C.
struct Part: Sendable {
  var kernel: Kernel
  var from: Box
  var to: Box
  var rescaling = Rescaling.unchanged
  /// Whether the rows of its input are high and low bytes of int16 in turn.
  var isInt16 = false
  /// For the comment on its steps.
  var detail = ""

  /// Elements after which the parameters repeat: 1 when all have the same.
  var period: Int { if case .words(let words, _) = rescaling { words.count } else { 1 } }

  /// Multiply-accumulates of a window over weights, those on padding included; 0 for other kernels.
  var macs: Int {
    guard let window = kernel.weightedWindow else { return 0 }
    let taps = to.count * window.kernelHeight * window.kernelWidth
    if case .sum = kernel { return taps * window.depth }
    return taps
  }

  /// Whether every byte stays as it is.
  var isCopy: Bool {
    guard case .bytes(nil) = kernel else { return false }
    return switch rescaling {
    case .unchanged: true
    case .words(let words, let zero): words == [.identity] && zero == 0
    case .sums, .average: false
    }
  }
}

/// One layer to be.
struct LayerPlan: Sendable {
  /// All operators of the layer, in the order of execution.
  var nodes: [Node]
  /// The one of them that messages name.
  var node: Node
  /// They have one ending. Their results together are one tensor: `result`, as long as the ending is open, else `output`.
  var parts: [Part]
  var ending: Ending
  /// If all of the layer is a function of a byte: its outputs for −128...127.
  var function: [Int8]?
  /// The tensor before the addition or the table.
  var result: Int
  /// The tensor it writes.
  var output: Int
  /// Whether it must stay the copy that it is, at the end of the program.
  var isPinned = false
  /// Its multiply-accumulates with the channels that were removed from it; nil when none were.
  var wholeMACs: Int?

  init(
    _ node: Node, parts: [Part], ending: Ending = Ending(), function: [Int8]? = nil, result: Int? = nil, output: Int? = nil
  ) {
    (self.nodes, self.node, self.parts, self.ending, self.function) = ([node], node, parts, ending, function)
    self.output = output ?? node.outputs[0]
    self.result = result ?? self.output
  }

  /// The only tensor that kernels read; nil when there are several.
  var input: Int? {
    let first = parts.first?.from.tensor
    return parts.allSatisfy { $0.from.tensor == first } ? first : nil
  }

  /// Every tensor the layer reads.
  var reads: Set<Int> {
    var tensors = Set(parts.map(\.from.tensor))
    if let other = ending.addition?.otherTensor { tensors.insert(other) }
    for part in parts {
      if let other = part.kernel.scalarOperand { tensors.insert(other) }
      if case .product(let product) = part.kernel { tensors.insert(product.second.tensor) }
    }
    return tensors
  }

  /// Multiply-accumulates of its windows over weights, those on padding included.
  var kernelMACs: Int { parts.reduce(0) { $0 + $1.macs } }

  /// Whether more can follow at its end.
  var isOpen: Bool { ending.isOpen && parts.allSatisfy(\.kernel.usesPostUnit) }

  /// Whether it only moves bytes, and may be left out where they need not move.
  var onlyMoves: Bool { !isPinned && onlyCopies && function == nil }

  /// Whether no byte becomes another.
  var onlyCopies: Bool { ending.isOpen && ending.limits == -128...127 && parts.allSatisfy(\.isCopy) }

  /// `CONV_2D`, or `CONV_2D + ADD`.
  var operatorName: String { nodes.map(\.operation.name).joined(separator: " + ") }

  /// What people call the layer: the name of its output.
  func name(in graph: Graph) -> String {
    let name = graph.tensors[output].name.filter { $0 != "\n" && $0 != "\r" }
    return name.isEmpty ? "\(node.operation.name)_\(node.index)" : String(name.prefix(80))
  }

  /// What is wrong with the layer, and what to do.
  func error(_ what: String, in graph: Graph, advice: String? = nil) -> MappingError {
    MappingError(
      source: graph.name,
      message: "operator \(node.index) \(node.operation.name), \(graph.label(output)): \(what)" + (advice.map { "; \($0)" } ?? ""))
  }
}
