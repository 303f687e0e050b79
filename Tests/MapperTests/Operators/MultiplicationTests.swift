import Machine
import Model
import Testing

@testable import Mapper

@Suite struct MultiplicationTests {
  /// Factors beyond int8 are the sum of several, and the byte is read as often.
  @Test(arguments: [-128, 0, 127]) func factorsOfAllBytes(_ zero: Int) throws {
    var b = GraphBuilder(seed: zero)
    let x = b.input([1, 3, 256])
    let c = b.constant([256], Quantization(scale: 0.01, zeroPoint: zero))
    b.tensors[c].constant = (0..<256).map { UInt8($0) }
    let y = b.add(Multiplication(activation: .relu), [c, x], b.tensor([1, 3, 256], Quantization(scale: b.tensors[x].scale, zeroPoint: -7)))
    try expectExact(&b, outputs: [y])
  }

  @Test(arguments: [[1], [5], [3, 5], [2, 3, 5], [3, 1], [2, 1, 1]]) func factorsThatRepeat(_ shape: [Int]) throws {
    var b = GraphBuilder(seed: shape.count)
    let x = b.input([1, 2, 3, 5])
    let c = b.constant(shape, Quantization(scale: 0.01, zeroPoint: 3))
    let y = b.add(Multiplication(), [x, c], b.tensor([1, 2, 3, 5], Quantization(scale: b.tensors[x].scale, zeroPoint: 3)))
    try expectExact(&b, outputs: [y])
  }

  private func product(_ a: Int, _ c: Int, _ b: inout GraphBuilder, _ shape: [Int]? = nil, activation: Activation = .none) -> Int {
    let scale = b.tensors[a].scale * b.tensors[c].scale * b.scale(10...200)
    return b.add(
      Multiplication(activation: activation), [a, c],
      b.tensor(shape ?? b.tensors[a].shape, Quantization(scale: scale, zeroPoint: .random(in: -60...60, using: &b.random))))
  }

  /// The layer that makes one factor multiplies; the product waits for the other.
  @Test func twoTensors() throws {
    for seed in 0..<4 {
      var b = GraphBuilder(seed: seed)
      let x = b.input([1, 5, 4, 8])
      let y = try required(b.convolution(x, channels: 8, kernel: (3, 3)))
      // What nobody reads is computed all the same: a network for each.
      func expect(_ expected: [String], _ make: (inout GraphBuilder) -> Int) throws {
        var network = b
        try expectLayers(&network, [make(&network)], expected)
      }
      try expect(["CONV_2D + MUL"]) { product(y, x, &$0) }
      try expect(["CONV_2D + MUL"]) { product(x, y, &$0, activation: .relu) }
      let z = try required(b.depthwise(x, kernel: (3, 3)))
      try expect(["CONV_2D", "DEPTHWISE_CONV_2D + MUL"]) { product(y, z, &$0) }
      let both = product(x, b.input([1, 5, 4, 8]), &b)
      try expectExact(&b, outputs: [both, product(both, y, &b)])
    }
  }

  /// Networks without such products get hardware without the multipliers, and hardware without them is refused by name.
  @Test func onlyNetworksWithProductsHaveThem() throws {
    var b = GraphBuilder()
    let x = b.input([1, 40]), y = b.input([1, 40]), sum = b.sum(x, y)
    let hardware = try Mapper.map(b.graph(outputs: [sum]), for: .edge64).hardware
    let graph = b.graph(outputs: [product(x, y, &b)])
    let mapping = try Mapper.map(graph, for: .edge64)
    #expect(!hardware.extensions.contains(.products) && mapping.hardware.extensions.contains(.products))
    #expect(
      throws: ConfigurationError(
        source: "edge64", message: "the network multiplies computed tensors, the hardware has no products; make hardware for this network")
    ) { try Mapper.map(graph, on: hardware) }
    var withoutLanes = Configuration.edge64
    withoutLanes.units.residual = false
    #expect(
      throws: ConfigurationError(
        source: "edge64", message: "\"units.residual\" is false, the network has MUL of two computed tensors; set it to true")
    ) { try Mapper.map(graph, for: withoutLanes) }
  }

  /// Where the reference wraps around, there is nothing to compute.
  @Test func productsThatWrapAreRefused() throws {
    var b = GraphBuilder()
    let x = b.tensor([1, 4], Quantization(scale: 1, zeroPoint: 0)), y = b.tensor([1, 4], Quantization(scale: 1, zeroPoint: 0))
    b.inputs = [x, y]
    let z = b.add(Multiplication(), [x, y], b.tensor([1, 4], Quantization(scale: 1e-6, zeroPoint: 0)))
    let graph = b.graph(outputs: [z])
    #expect(
      throws: MappingError(
        source: "made",
        message: "operator 0 MUL, tensor 2 't2': the product of tensors with these scales has no exact form in the post unit; "
          + "choose another output scale")
    ) { try Mapper.map(graph, for: .edge64) }
  }

  @Test func randomNetworks() {
    expectExactNetworks("products", [.multiplyTensors, .multiplyTensors, .multiplyTensors, .convolution, .unary, .add, .averagePool, .fullyConnected])
  }
}
