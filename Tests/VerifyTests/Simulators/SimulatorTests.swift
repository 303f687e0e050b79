import Emit
import Machine
import Testing
@testable import Verify

/// All simulators through their one protocol.
@Suite(.serialized) struct SimulatorTests {
  private func workload(_ numbers: Int...) throws -> Workload {
    let mapping = try Digits.mapping(), samples = try Digits.samples(2)
    return Workload(mapping: mapping, images: MemoryImages(mapping), samples: numbers.map { Workload.Sample($0, samples[$0].inputs) })
  }

  /// The feature memory as the writes of a run leave it; nil where nothing was written.
  private func memory(_ run: SampleRun, of hardware: Hardware) -> [UInt8?] {
    var memory = [UInt8?](repeating: nil, count: hardware.featureBytes)
    for write in run.writes {
      for (index, byte) in write.data.enumerated() { memory[write.address + index] = byte }
    }
    return memory
  }

  private func expectTheReference(_ kind: SimulatorKind) throws {
    let both = try workload(0, 1), mapping = both.mapping
    let reference = try ReferenceSimulator().run([[both]], HostBehaviour())[0]
    // Two simulations, and in the second two networks one after the other.
    let results = try kind.simulator(for: mapping.hardware).run(
      [[try workload(0)], [try workload(1), try workload(0)]], HostBehaviour())
    #expect(results.map { $0.samples.map(\.sample) } == [[0], [1, 0]])
    for run in results.flatMap(\.samples) {
      let expected = reference.samples[run.sample]
      #expect(run.finished && run.problems.isEmpty, "\(run.problems)")
      #expect(memory(run, of: mapping.hardware) == memory(expected, of: mapping.hardware))
      for tensor in mapping.graph.outputs {
        let address = try #require(mapping.address(of: tensor)), count = mapping.graph.tensors[tensor].byteCount
        #expect(run.features(address, count: count) == expected.features(address, count: count))
      }
    }
  }

  @Test func inProcess() throws { try expectTheReference(.inProcess) }
  @Test(.enabled(if: hasVerilator)) func verilator() throws { try expectTheReference(.verilator) }
  @Test(.enabled(if: hasIcarus)) func icarus() throws { try expectTheReference(.icarus) }

  @Test func theInterpreterIsNoHardware() throws {
    let hardware = try Digits.mapping().hardware
    #expect(throws: SimulationFailure.self) { _ = try SimulatorKind.interpreter.hardwareSimulator(for: hardware) }
    #expect(try SimulatorKind.interpreter.simulator(for: hardware) is ReferenceSimulator)
    #expect(SimulatorKind.ofHardware == [.verilator, .icarus, .inProcess])
  }
}
