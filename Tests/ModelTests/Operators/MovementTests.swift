import Foundation
import Model
import Testing

/// The seed of random tests: `$WEFT_SEED`, or one for each run.
let movementSeed = ProcessInfo.processInfo.environment["WEFT_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...999_999)

/// Runs a layer of one operator that moves bytes of its first computed input, and compares with its definition: the
/// input index that an output index shows, nil for the fill. Every output byte must be written once, the fill's never.
func expectMoves(_ layer: Graph, fill: Int8? = nil, _ source: ([Int]) -> [Int]?) throws {
  let operation = try #require(layer.nodes[0].operation as? any Movement)
  let (input, output) = (layer.tensors[layer.inputs[0]], layer.tensors[layer.outputs[0]])
  let x = (0..<input.elementCount).map { Int8(truncatingIfNeeded: $0 &* 37 &+ $0 / 256) }
  let comment: Comment = "\(operation) of \(layer.tensors.map(\.shape)), seed \(movementSeed)"
  let y = try run(layer, x)
  var writes = [Int](repeating: 0, count: y.count)
  for move in operation.moves(layer.nodes[0], in: layer) {
    #expect(move == move.merged, comment)
    for position in 0..<move.shape.reduce(1, *) {
      let index = indices(position, move.shape)
      writes[move.to.offset + zip(index, move.to.strides).reduce(0) { $0 + $1.0 * $1.1 }] += 1
    }
  }
  for position in y.indices {
    let from = source(indices(position, output.shape))
    let value = from.map { x[zip($0, Move.strides(input.shape)).reduce(0) { $0 + $1.0 * $1.1 }] } ?? fill
    guard y[position] == value, writes[position] == (from == nil ? 0 : 1) else {
      #expect(y[position] == value && writes[position] == (from == nil ? 0 : 1), comment)
      return
    }
  }
  #expect((operation.fill(layer.nodes[0], in: layer) != nil) == writes.contains(0), comment)
}

/// The index of an element in C order.
func indices(_ position: Int, _ shape: [Int]) -> [Int] {
  zip(shape, Move.strides(shape)).map { position / $1 % $0 }
}

@Suite struct MovementTests {
  /// A stranger's movement: the first half of a vector backwards, each byte twice.
  private struct Stutter: Movement {
    var name: String { "STUTTER" }
    func validate(_ node: Node, in graph: Graph) {}
    func moves(_ node: Node, in graph: Graph) -> [Move] {
      let count = graph.tensors[node.inputs[0]].elementCount / 2
      return [
        Move(
          shape: [count, 2], from: .init(tensor: node.inputs[0], offset: count - 1, strides: [-1, 0]),
          to: .init(tensor: node.outputs[0], offset: 1, strides: [2, 1]))
      ]
    }
    func fill(_ node: Node, in graph: Graph) -> Int8? { -9 }
  }

  @Test func bytesGoWhereTheMoveSays() throws {
    let layer = graph(Stutter(), [activation([6])], output: activation([8]))
    #expect(try run(layer, [1, 2, 3, 4, 5, 6]) == [-9, 3, 3, 2, 2, 1, 1, -9])
  }

  @Test func dimensionsAreMerged() {
    func move(_ shape: [Int], _ from: [Int], _ to: [Int]) -> Move {
      Move(shape: shape, from: .init(tensor: 0, offset: 3, strides: from), to: .init(tensor: 1, offset: 4, strides: to))
    }
    func merged(_ shape: [Int], _ from: [Int], _ to: [Int]) -> Move { move(shape, from, to).merged }
    #expect(merged([2, 3, 4], [12, 4, 1], [12, 4, 1]) == move([24], [1], [1]))
    #expect(merged([2, 1, 4], [9, 5, 1], [4, 7, 1]) == move([2, 4], [9, 1], [4, 1]))
    #expect(merged([2, 3], [0, 0], [3, 1]).shape == [6])
    #expect(merged([2, 3], [0, 1], [3, 1]).shape == [2, 3])
    #expect(merged([2, 3], [-3, -1], [3, 1]).from.strides == [-1])
    #expect(merged([1, 1], [4, 4], [4, 4]).shape == [1] && merged([], [], []).shape == [1])
  }

  @Test func stridesAreInCOrder() {
    #expect(Move.strides([2, 3, 4]) == [12, 4, 1])
    #expect(Move.strides([]).isEmpty)
  }

  /// All that moves in the networks of the corpus, every output byte once.
  @Test(.enabled(if: Corpus.isPresent)) func everyByteOfTheCorpusIsWrittenOnce() throws {
    var names: Set<String> = []
    for network in GoldenModelTests.operatorNetworks where GoldenModelTests.refused[network] == nil {
      let graph = try loadTFLite(contentsOf: Corpus.path(network) + "/model.tflite")
      for node in graph.nodes {
        guard let operation = node.operation as? any Movement else { continue }
        names.insert(node.operation.name)
        var writes: [Int: [Int]] = [:]
        for output in node.outputs { writes[output] = [Int](repeating: 0, count: graph.tensors[output].elementCount) }
        for move in operation.moves(node, in: graph) {
          for position in 0..<move.shape.reduce(1, *) {
            let index = indices(position, move.shape)
            writes[move.to.tensor]?[zip(index, move.to.strides).reduce(move.to.offset) { $0 + $1.0 * $1.1 }] += 1
          }
        }
        let filled = operation.fill(node, in: graph) != nil
        #expect(writes.values.allSatisfy { $0.allSatisfy { $0 == 1 || (filled && $0 == 0) } }, "\(network), operator \(node.index)")
      }
    }
    #expect(names.count == 16, "\(names.sorted())")
  }
}
