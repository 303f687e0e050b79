import Machine
import Model
import Testing

@testable import Mapper

@Suite struct MappingTests {
  /// Tensors in one piece have an address, wherever they lie; others, constants and those that fusing made disappear have none.
  @Test func addresses() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 5, 6])
    let y = try required(b.convolution(x, channels: 6, kernel: (1, 1)))
    b.tensors[y].quantization = b.tensors[x].quantization
    let rows = b.slice(y, [0, 1, 0, 0], [1, 2, 5, 6]), channels = b.slice(y, [0, 0, 0, 2], [1, 4, 5, 2])
    let first = try required(b.convolution(rows, channels: 3, kernel: (1, 1))), second = try required(b.convolution(channels, channels: 3, kernel: (1, 1)))
    let last = b.add(UnaryFunction("TANH"), [second], b.tensor(b.tensors[second].shape, Quantization(scale: 1 / 128, zeroPoint: 0)))
    let mapping = try expectExact(b.graph(outputs: [first, last]), .edge64, inputs: b.samples())
    let base = try #require(mapping.address(of: y))
    #expect(mapping.address(of: rows) == base + 30 && mapping.view(of: rows).offset == 30 && mapping.view(of: y) == View(whole: y, [1, 4, 5, 6]))
    #expect(mapping.address(of: channels) == nil && mapping.view(of: channels).strides == [6, 1])
    #expect(mapping.address(of: second) == nil && mapping.address(of: b.nodes[0].inputs[1]) == nil && mapping.address(of: last) != nil)
  }

  @Test func sumsOverStepsAndLayers() throws {
    var b = GraphBuilder()
    let x = b.input([2, 4, 5, 6])
    let y = try required(b.convolution(x, channels: 3, kernel: (3, 3))), z = try required(b.maximumPool(y, kernel: (2, 2), stride: (1, 1), padding: .same))
    let mapping = try Mapper.map(b.graph(outputs: [z]), for: .edge16)
    #expect(mapping.macs == 2 * 4 * 5 * 3 * 9 * 6 && mapping.layers.map(\.steps) == [0..<2, 2..<4] && mapping.layers.map(\.nodes) == [[0], [1]])
    #expect(mapping.predictedCycles == mapping.layers.reduce(0) { $0 + $1.predictedCycles } && mapping.steps.allSatisfy { $0.predictedCycles > 0 })
    #expect(mapping.steps.map(\.index) == [0, 1, 2, 3] && mapping.layers.map(\.name) == ["t1", "t4"])
    #expect(MappingError(source: "a", message: "b").description == "a: b")
  }
}
