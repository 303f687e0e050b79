import Machine
import Model
import Testing

@testable import Mapper

@Suite struct GeometryTests {
  /// A network of one operator that reads x and writes y, and the geometry of its part with both placed in wholes.
  private func geometry(
    _ b: inout GraphBuilder, _ output: Int, _ boxes: [Int: Box], settled: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Geometry? {
    var network = try Network(b.graph(outputs: [output]))
    if settled { try network.settleArithmetic(.edge64) }
    for (tensor, box) in boxes { network.place(tensor, in: box) }
    let plan = try #require(network.plans.compactMap { $0 }.first { $0.output == output }, sourceLocation: sourceLocation)
    return network.geometry(of: plan.parts[0], in: plan)
  }

  private func elements(_ geometry: Geometry?) -> [[Int]]? {
    if case .elements(let elements)? = geometry { elements.dimensions.map { [$0.size, $0.input, $0.output] } } else { nil }
  }

  /// As few dimensions as describe both sides.
  @Test func elementsOfBothSides() throws {
    var b = GraphBuilder()
    let x = b.input([2, 3, 4]), whole = b.input([2, 3, 10])
    let y = b.add(UnaryFunction("TANH"), [x], b.tensor([2, 3, 4], Quantization(scale: 1 / 128, zeroPoint: 0)))
    #expect(try elements(geometry(&b, y, [:])) == [[24, 1, 1]])
    let columns = Box(whole, offset: 3, shape: [2, 3, 4], strides: [30, 10, 1])
    #expect(try elements(geometry(&b, y, [x: columns])) == [[6, 10, 4], [4, 1, 1]])
    let geometry = try geometry(&b, y, [x: columns, y: Box(whole, offset: 0, shape: [2, 3, 4], strides: [4, 8, 1])])
    #expect(elements(geometry) == [[2, 30, 4], [3, 10, 8], [4, 1, 1]])
    guard case .elements(let elements) = try #require(geometry) else { return }
    #expect((elements.count, elements.run, elements.isFlat, elements.input, elements.output) == (24, 4, false, 3, 0))
    // What is written may not go backwards; what is read may.
    let backwards = Box(whole, offset: 3, shape: [2, 3, 4], strides: [30, 10, -1])
    #expect(try self.geometry(&b, y, [y: backwards]) == nil && self.elements(self.geometry(&b, y, [x: backwards])) == [[6, 10, 4], [4, -1, 1]])
  }

  /// A part with elements one behind the other keeps its offset in every shape.
  @Test func partsInOtherShapes() throws {
    var b = GraphBuilder()
    let x = b.input([4, 2]), whole = b.input([2, 6])
    let halves = b.split(x, 2, axis: 0)
    let geometry = try geometry(&b, halves[1], [halves[1]: Box(whole, offset: 4, shape: [2, 2], strides: [6, 1])])
    guard case .elements(let elements) = try #require(geometry) else { return }
    #expect((elements.input, elements.output, elements.dimensions.map(\.input), elements.dimensions.map(\.output)) == (4, 4, [2, 1], [6, 1]))
  }

  /// Channels of windows are runs of bytes, pixels in the order of their addresses.
  @Test func images() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 5, 2]), whole = b.input([1, 8, 10, 4])
    let y = try required(b.convolution(x, channels: 3, kernel: (1, 1)))
    func works(_ strides: [Int], offset: Int = 0) throws -> Bool {
      if case .images? = try geometry(&b, y, [x: Box(whole, offset: offset, shape: [1, 4, 5, 2], strides: strides)]) { true } else { false }
    }
    #expect(try works([320, 40, 4, 1]) && works([320, 80, 8, 1], offset: 2) && works([320, 4, 40, 1]))
    #expect(try !works([320, 40, 4, 2]) && !works([320, 40, -4, 1], offset: 16) && !works([320, 0, 4, 1]) && !works([320, 40, 4, 1], offset: 3 * 40 + 240))
  }

  /// The second operand of an addition lies as the output does, or there is no geometry.
  @Test func secondOperands() throws {
    var b = GraphBuilder()
    let x1 = b.input([3, 4]), x2 = b.input([3, 4]), whole = b.input([3, 20])
    let y = b.sum(x1, x2)
    func columns(_ offset: Int) -> Box { Box(whole, offset: offset, shape: [3, 4], strides: [20, 1]) }
    #expect(try geometry(&b, y, [x2: columns(4)]) == nil && geometry(&b, y, [y: columns(4)]) == nil)
    #expect(try elements(geometry(&b, y, [x1: columns(8)])) == [[3, 20, 4], [4, 1, 1]])
    guard case .elements(let both) = try #require(try geometry(&b, y, [x2: columns(4), y: columns(9)])) else { return }
    #expect((both.residual, both.output, both.input) == (4, 9, 0))
  }

  /// Softmax wants whole rows one behind the other; they may begin anywhere.
  @Test func flatKernels() throws {
    var b = GraphBuilder()
    let x = b.input([2, 4]), whole = b.input([4, 8])
    let y = b.add(Softmax(), [x], b.tensor([2, 4], Quantization(scale: 1 / 256, zeroPoint: -128)))
    #expect(try geometry(&b, y, [x: Box(whole, offset: 0, shape: [2, 4], strides: [8, 1])]) == nil)
    guard case .flat(let input, let output, nil) = try #require(try geometry(&b, y, [x: Box(whole, offset: 16, shape: [2, 4], strides: [4, 1])])) else {
      Issue.record("no flat geometry")
      return
    }
    #expect((input, output) == (16, 0))
  }

  /// Parameters that repeat need whole periods in a row.
  @Test func periods() throws {
    var b = GraphBuilder()
    let x = b.input([3, 4]), whole = b.input([3, 20])
    let factors = b.constant([4], Quantization(scale: 0.01, zeroPoint: 3))
    let y = b.add(Multiplication(), [x, factors], b.tensor([3, 4]))
    #expect(try geometry(&b, y, [x: Box(whole, offset: 0, shape: [3, 4], strides: [20, 1])], settled: true) != nil)
    #expect(try geometry(&b, y, [x: Box(whole, offset: 0, shape: [3, 4], strides: [20, 2])], settled: true) == nil)
    #expect(try geometry(&b, y, [:], settled: true) != nil)
  }
}
