import Machine
import Model
import Testing

@testable import Mapper

@Suite struct AffineAdditionTests {
  /// Solutions exist for random scales and hold for every pair, compared with the golden operator itself.
  @Test func randomScales() throws {
    var b = GraphBuilder(seed: 99)
    var unsolved = 0
    for _ in 0..<40 {
      let x1 = b.tensor([256 * 256]), x2 = b.tensor([256 * 256])
      let larger = max(b.tensors[x1].scale, b.tensors[x2].scale)
      let y = b.tensor([256 * 256], Quantization(scale: larger * b.scale(0.5...3), zeroPoint: b.zero()))
      let zeroOut = b.tensors[y].zeroPoint
      let node = Node(index: 0, operation: Addition(), inputs: [x1, x2], outputs: [y])
      var shapes = GraphBuilder()
      (shapes.tensors, shapes.inputs) = (b.tensors, [x1, x2])
      let added = try #require(try Addition().plans(node, in: Network(shapes.graph(outputs: [x1]))).first?.ending.addition)
      let problem = AdditionProblem(added)
      guard let affine = problem.solve() else {
        unsolved += 1
        continue
      }
      var graph = GraphBuilder()
      graph.tensors = b.tensors
      graph.inputs = [x1, x2]
      graph.add(Addition(), [x1, x2], y)
      let pairs = (0..<65_536).map { (UInt8($0 & 255), UInt8($0 >> 8)) }
      let golden = try GoldenModel(graph.graph(outputs: [y])).run(inputs: [pairs.map(\.0), pairs.map(\.1)])
      let expected = try #require(golden[y])
      var wrong = 0
      for (index, pair) in pairs.enumerated() {
        let value = affine.value(Int(Int8(bitPattern: pair.0)), Int(Int8(bitPattern: pair.1))) + zeroOut
        if UInt8(bitPattern: Int8(min(max(value, -128), 127))) != expected[index] { wrong += 1 }
      }
      #expect(wrong == 0)
      #expect(abs(affine.a) < 1 << 23 && abs(affine.b) < 1 << 23 && abs(affine.delta) < 1 << 23)
    }
    #expect(unsolved == 0)
  }

  @Test func impossibleScalesAreNamed() throws {
    var b = GraphBuilder()
    let x1 = b.tensor([1, 4], Quantization(scale: 1e-3, zeroPoint: 0))
    let x2 = b.tensor([1, 4], Quantization(scale: 1e20, zeroPoint: 0))
    b.inputs = [x1, x2]
    let y = b.add(Addition(), [x1, x2], b.tensor([1, 4], Quantization(scale: 1, zeroPoint: 0)))
    let graph = b.graph(outputs: [y])
    #expect(throws: MappingError.self) { try Mapper.map(graph, for: .edge64) }
  }
}
