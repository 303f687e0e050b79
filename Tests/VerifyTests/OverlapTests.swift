import Machine
import Mapper
import Model
import Testing
import Verify

/// Layers overlap as far as they can, on the hardware: as predicted with the waits of the compiler, and wrong with shorter ones.
@Suite struct OverlapTests {
  /// Three layers, each of which reads all that the one before writes.
  /// - Parameter isPadded: whether they look at an image of one pixel and what is around it. Two of the images lie at address 0.
  private func chain(isPadded: Bool) -> Graph {
    func tensor(_ name: String, _ shape: [Int], _ constant: [UInt8]? = nil) -> Tensor {
      Tensor(name: name, shape: shape, type: .int8, quantization: Quantization(scale: 0.02, zeroPoint: constant == nil ? 3 : 0), constant: constant)
    }
    let kernel = isPadded ? [16, 3, 3, 16] : [16, 16], image = isPadded ? [1, 1, 1, 16] : [1, 16], count = kernel.reduce(1, *)
    let weights = (0..<3).map { layer in (0..<count).map { UInt8(truncatingIfNeeded: ($0 + layer) &* 0x9E37 >> 3) } }
    let operation: any Model.Operation = isPadded
      ? Convolution2D(strideHeight: 1, strideWidth: 1, dilationHeight: 1, dilationWidth: 1, padding: .same, activation: .none) : FullyConnected()
    return Graph(
      name: "chain", tensors: ["x", "a", "b", "c"].map { tensor($0, image) } + weights.enumerated().map { tensor("w\($0)", kernel, $1) },
      nodes: (0..<3).map { Node(index: $0, operation: operation, inputs: [$0, 4 + $0], outputs: [$0 + 1]) }, inputs: [0], outputs: [3])
  }

  /// The program with waits that are some cycles longer.
  private func changed(_ mapping: Mapping, by cycles: Int) -> Mapping {
    var changed = mapping
    for (index, line) in mapping.program.enumerated() {
      guard case .command(.run, let step, let after) = line.instruction, after > 0 else { continue }
      changed.program[index].instruction = .run(step: step, after: after + cycles)
    }
    let checksum = ProgramChecksum(of: changed.program.dropLast().map(\.instruction.word))
    changed.program[changed.program.count - 1].instruction = .halt(checksum: checksum.value)
    return changed
  }

  private func waits(_ mapping: Mapping) -> [Int] {
    mapping.program.compactMap { if case .command(.run, _, let after) = $0.instruction, after > 0 { after } else { nil } }
  }

  private func report(_ mapping: Mapping) throws -> VerificationReport {
    let samples = (0..<4).map { sample in VerificationSample(inputs: [(0..<16).map { UInt8(truncatingIfNeeded: ($0 + sample) &* 0x3D) }]) }
    return try verify(VerificationRequest(mapping, samples: samples, simulator: .inProcess))
  }

  @Test(arguments: ["edge16", "edge64"], [false, true]) func waitsAreJustLongEnough(_ name: String, _ isPadded: Bool) throws {
    let mapping = try Mapper.map(chain(isPadded: isPadded), for: try Configuration.load(nameOrPath: name))
    #expect(mapping.placements.contains { $0.address == 0 })
    let exact = try report(mapping)
    #expect(exact.passed && exact.network.mispredicted.isEmpty, "\(exact.problems) \(exact.network.mispredicted)")
    // Longer ones cost what they say.
    let longer = try report(changed(mapping, by: 1))
    #expect(longer.first.isEmpty && longer.cycles == exact.cycles.map { $0 + 2 })
    // At edge16 the pixel in the middle of its padding is read so late that nothing waits: a cycle is the least.
    guard waits(mapping) != [1, 1] else { return #expect(name == "edge16" && isPadded) }
    let shorter = try report(changed(mapping, by: -1))
    #expect(!shorter.first.isEmpty, "what is read a cycle too early is right all the same")
  }
}
