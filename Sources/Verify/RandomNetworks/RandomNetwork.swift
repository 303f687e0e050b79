// Random networks of several operators, as data that can be made smaller while a failure stays.
//
// An operator is a kind, a seed of its own and the operator that it reads. What it is in detail (sizes, constants, partners of a
// sum) follows from its seed and from the tensors that are there when its turn comes; where it does not suit its tensor it is
// left out, and whoever reads it reads its source. So any operator can be dropped, and any input made smaller, and there is
// still a network.

import Emit
import Model

/// A network to be made from seeds.
public struct RandomNetwork: RandomCase, CustomStringConvertible {
  public enum Kind: String, CaseIterable, Codable, Sendable {
    case convolution, grouped, depthwise, transposeConvolution, fullyConnected, averagePool, maximumPool, mean, softmax
    case add, subtract, addConstant, multiply, multiplyTensors, unary, reduction, extreme, parametricRectifier, resizeBilinear
    case matrixProduct, computedWeights, squaredDifference
    case pad, padValue, mirrorPad, concatenation, split, slice, stridedSlice, pack, unpack, transpose, reshape, resize, tile
    case expandDimensions, squeeze, broadcast, gather, spaceToDepth, depthToSpace, spaceToBatch, batchToSpace
    /// The last rows of a stream, kept from run to run; filters that keep what they found; cells that keep what they are.
    case state, filter, memory
  }

  public struct Operator: Equatable, Codable, Sendable {
    public var id: Int
    public var kind: Kind
    public var seed: UInt64
    /// The operator that it reads by its id, or an input of the graph as −1, −2, …
    public var source: Int
    /// Whether somebody outside wants its results, too.
    public var isOutput: Bool
  }

  public var seed: UInt64
  /// Shapes.
  public var inputs: [[Int]]
  public var operators: [Operator]

  public init(seed: UInt64) {
    var random = SplitMix64(seed: seed ^ 0x51_2E)
    self.init(seed: seed, count: random.int(2...12))
  }

  /// A network of up to `count` operators: those of `kinds`, each as often as it is there.
  public init(seed: UInt64, count: Int, kinds: [Kind] = Kind.allCases + [.convolution, .concatenation, .concatenation, .slice, .split, .add, .unary]) {
    self.seed = seed
    var random = SplitMix64(seed: seed)
    inputs = (0..<random.int(1...2)).map { _ in
      [random.chance(8) ? 2 : 1, random.int(1...6), random.int(1...6), random.pick([1, 2, 3, 4, 6, 8, 12])]
    }
    let inputs = inputs.count
    operators = (0..<count).map { id in
      // Mostly what came last: chains are where rewrites meet.
      let source = random.chance(60) ? id - 1 : random.int(-inputs...id - 1)
      return Operator(id: id, kind: random.pick(kinds), seed: random.next(), source: max(source, -inputs), isOutput: random.chance(12))
    }
  }

  /// The graphs as a file would hold them: the network, then what it calls; empty when nothing is left of it, or when the inputs of a
  /// saved one are none.
  public var graphs: [Graph] {
    guard inputs.allSatisfy({ $0.count == 4 && $0.allSatisfy((1...64).contains) }) else { return [] }
    var assembly = NetworkAssembly(self)
    for next in operators { assembly.add(next) }
    return assembly.graphs()
  }

  /// The network, prepared as one that is read from a file, not validated; nil when nothing is left of it.
  public var assembled: Graph? {
    let graphs = graphs
    guard var network = graphs.first else { return nil }
    network.prepare(graphs)
    return network
  }

  public func graph() throws(ModelError) -> Graph {
    guard let graph = assembled else { throw ModelError(.unsupported, "no operator suits its tensors") }
    try graph.validate()
    return graph
  }

  public func inputBytes(_ graph: Graph) -> [[UInt8]] {
    randomInputs(graph, seed: seed ^ 0x1A)
  }

  public var kinds: [String] { graphs.flatMap(\.nodes).map(\.operation.name) }
  public var summary: String { description.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }.joined(separator: "; ") }

  // MARK: Making it smaller

  private func without(_ index: Int) -> RandomNetwork {
    var result = self
    let dropped = result.operators.remove(at: index)
    for other in result.operators.indices where result.operators[other].source == dropped.id { result.operators[other].source = dropped.source }
    return result
  }

  public var smaller: [RandomNetwork] {
    var result = operators.indices.reversed().map { without($0) }
    for (index, next) in operators.enumerated() where next.isOutput {
      result.append(self)
      result[result.count - 1].operators[index].isOutput = false
    }
    for (input, shape) in inputs.enumerated() {
      for (dimension, size) in shape.enumerated() {
        for less in Set([1, size / 2, size - 1]).sorted() where less >= 1 && less < size {
          result.append(self)
          result[result.count - 1].inputs[input][dimension] = less
        }
      }
    }
    return result
  }

  public var description: String {
    guard let graph = assembled else { return "seed \(seed): nothing" }
    func name(_ tensor: Int) -> String {
      guard graph.tensors.indices.contains(tensor) else { return "none" }
      let tensor = (tensor, graph.tensors[tensor])
      return "\(tensor.0):\(tensor.1.shape)" + (tensor.1.type == .int32 && tensor.1.elementCount <= 8 ? "=\(tensor.1.indexValues() ?? [])" : "")
    }
    let lines = graph.nodes.map { "  \($0.inputs.map(name)) -> \($0.operation) -> \($0.outputs.map(name))" }
    return (["seed \(seed), outputs \(graph.outputs)"] + lines).joined(separator: "\n")
  }
}
