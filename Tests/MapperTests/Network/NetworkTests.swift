import Machine
import Model
import Testing

@testable import Mapper

@Suite struct NetworkTests {
  /// A reshaped tensor is its source's bytes, however often the shape changes.
  @Test func namesOfOneTensor() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 2])
    let y = b.reshape(x, [1, 32]), z = b.reshape(y, [8, 4])
    let u = b.add(UnaryFunction("RELU"), [z], b.tensor([8, 4]))
    var network = try Network(b.graph(outputs: [u]))
    #expect(network.root(z) == x && network.root(u) == u)
    #expect(network.view(of: z) == View(whole: x, [8, 4]))
    #expect(network.plans.count == 1 && network.writers == [u: 0])
    // In a whole of its own the source takes its names with it.
    network.place(x, in: Box(u, offset: 0, shape: [1, 4, 4, 2], strides: Move.strides([1, 4, 4, 2])))
    #expect(network.root(z) == u)
    network.place(x, in: Box(u, offset: 4, shape: [7], strides: [4]))
    #expect(network.root(z) == x)
    network.place(x, in: nil)
    #expect(network.view(of: z)?.buffer == x)
  }

  @Test func reshapesShareBytes() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 2])
    let y = b.reshape(x, [1, 32])
    let z = b.add(UnaryFunction("LOGISTIC"), [y], b.tensor([1, 32], Quantization(scale: 1 / 256, zeroPoint: -128)))
    let mapping = try Mapper.map(b.graph(outputs: [y, z]), for: .edge64)
    #expect(mapping.views == [y: View(whole: x, [1, 32])])
    #expect(mapping.address(of: y) == mapping.address(of: x))
    #expect(mapping.steps.map(\.outputTensor) == [z])
  }

  /// Private is what one layer makes for one layer, and nobody outside sees by any name.
  @Test func privateTensors() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4, 4, 2])
    func tanh(_ x: Int) -> Int { b.add(UnaryFunction("TANH"), [x], b.tensor(b.tensors[x].shape, Quantization(scale: 1 / 128, zeroPoint: 0))) }
    let one = tanh(x), several = tanh(one), seen = tanh(several), end = tanh(seen), other = tanh(several)
    let twice = b.sum(end, end), name = b.reshape(seen, [32])
    let network = try Network(b.graph(outputs: [twice, other, name]))
    #expect(network.privateTensors == [one, end])
    #expect(network.onlySource(of: one, network.writers, network.privateTensors)?.position == 0)
    #expect(network.onlySource(of: several, network.writers, network.privateTensors) == nil)
    #expect(network.onlySource(of: x, network.writers, network.privateTensors) == nil)
    #expect(network.onlySource(of: nil, network.writers, network.privateTensors) == nil)
  }

  @Test func constantsByAnyName() throws {
    var b = GraphBuilder()
    let x = b.input([2, 3])
    let c = b.constant([6], b.tensors[x].quantization)
    let y = b.sum(x, b.reshape(c, [2, 3]))
    let network = try Network(b.graph(outputs: [y]))
    #expect(network.constant(b.nodes[1].inputs[1]) == b.tensors[c].constant && network.constant(x) == nil)
    try expectExact(&b, outputs: [y])
  }

  @Test func constantsAreNoActivations() throws {
    var b = GraphBuilder()
    b.inputs = []
    let c = b.constant([1, 6], Quantization(scale: 1, zeroPoint: 0))
    let y = b.add(UnaryFunction("RELU"), [c], b.tensor([1, 6]))
    let graph = b.graph(outputs: [y])
    #expect(
      throws: MappingError(
        source: "made",
        message: "operator 0 RELU reads the constant tensor 0 'c0' as its activations, which is not supported; fold constants when converting")
    ) { try Network(graph) }
  }

  @Test func whatNoKernelComputesIsRefused() throws {
    var b = GraphBuilder()
    let x = b.input([1, 4]), z = b.input([1, 4])
    let y = b.add(UnsupportedOperation(name: "FLOOR_DIV"), [x, z], b.tensor([1, 4]))
    let graph = b.graph(outputs: [y])
    #expect(throws: MappingError(source: "made", message: "operator 0 FLOOR_DIV, tensor 2 't2': is not supported by the hardware")) {
      try Network(graph)
    }
  }
}
