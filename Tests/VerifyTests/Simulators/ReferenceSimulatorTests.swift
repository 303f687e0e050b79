import Emit
import Machine
import Mapper
import Model
import Testing
@testable import Verify

@Suite struct ReferenceSimulatorTests {
  @Test func aFaultOfTheProgramIsAProblemOfTheRun() throws {
    var mapping = try Digits.mapping()
    mapping.program.removeLast()
    let workload = Workload(mapping: mapping, images: MemoryImages(mapping), samples: [Workload.Sample(0, try Digits.samples(1)[0].inputs)])
    let run = try ReferenceSimulator().run([[workload]], HostBehaviour())[0].samples[0]
    #expect(run.problems.count == 1 && run.problems[0].hasSuffix("the program ends without halt"), "\(run.problems)")
  }

  @Test func aShortByteTableIsAProblemOfTheRun() throws {
    var mapping = try Mapper.map(gatedNetwork(), for: .edge16)
    for table in mapping.byteTables.indices { mapping.byteTables[table].removeLast(192) }
    let workload = Workload(mapping: mapping, images: MemoryImages(mapping), samples: [Workload.Sample(0, [(0..<64).map { UInt8($0 * 4) }])])
    let run = try ReferenceSimulator().run([[workload]], HostBehaviour())[0].samples[0]
    #expect(run.problems.count == 1 && run.problems[0].hasSuffix("has only 64 bytes"), "\(run.problems)")
  }

  @Test func otherImagesAreRefused() throws {
    let mapping = try Digits.mapping()
    var images = MemoryImages(mapping)
    images.images[0].words[0] ^= 1
    let workload = Workload(mapping: mapping, images: images, samples: [])
    #expect(throws: SimulationFailure.self) { _ = try ReferenceSimulator().run([[workload]], HostBehaviour()) }
  }

  /// A host reads whole words; the last of one output may hold the first bytes of another.
  @Test func outputsShareAWord() throws {
    func tensor(_ name: String, _ size: Int, _ scale: Float) -> Tensor {
      Tensor(name: name, shape: [1, size], type: .int8, quantization: Quantization(scale: scale, zeroPoint: 0))
    }
    let graph = Graph(
      name: "two", tensors: [tensor("x", 1, 0.1), tensor("u", 7, 0.1), tensor("y", 1, 1 / 128), tensor("v", 7, 1 / 128)],
      nodes: [
        Node(index: 0, operation: UnaryFunction("TANH"), inputs: [0], outputs: [2]),
        Node(index: 1, operation: UnaryFunction("TANH"), inputs: [1], outputs: [3]),
      ], inputs: [0, 1], outputs: [2, 3])
    let mapping = try Mapper.map(graph, for: .edge16), inputs: [[UInt8]] = [[8], [1, 2, 3, 4, 5, 6, 7]]
    let addresses = try graph.outputs.map { try #require(mapping.address(of: $0)) }
    try #require((addresses[1] + 6) / 4 == addresses[0] / 4, "\(addresses)")
    let workload = Workload(mapping: mapping, images: MemoryImages(mapping), samples: [Workload.Sample(0, inputs)])
    let run = try ReferenceSimulator().run([[workload]], HostBehaviour())[0].samples[0]
    let golden = try GoldenModel(graph).run(inputs: inputs)
    for (output, address) in zip(graph.outputs, addresses) {
      #expect(run.features(address, count: graph.tensors[output].byteCount) == golden[output])
    }
  }
}
