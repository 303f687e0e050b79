import Emit
import Machine
import Testing
@testable import Verify

@Suite struct WorkloadTests {
  @Test func workloadsAreLoadedOnceWithAResetBetweenThem() throws {
    let mapping = try Digits.mapping(), inputs = try Digits.samples(2).map(\.inputs)
    let one = Workload(mapping: mapping, images: MemoryImages(mapping), samples: [Workload.Sample(3, inputs[0]), Workload.Sample(4, inputs[1])])
    let commands = Job([one, one], HostBehaviour(waiting: .polling, waitStates: 7, seed: 5)).commands
    func count(_ isCounted: (BenchCommand) -> Bool) -> Int { commands.filter(isCounted).count }
    #expect(commands.compactMap { if case .sample(let number) = $0 { number } else { nil } } == [3, 4, 3, 4])
    #expect(count { $0 == .reset(cycles: 4) } == 1)
    #expect(count { $0 == .waitStates(seed: 5, probability: 7) } == 1)
    #expect(count { if case .writeBlock(RegisterMap.Region.weights.base, _, _, _) = $0 { true } else { false } } == 2)
    #expect(count { if case .wait(.polling, _, _, _) = $0 { true } else { false } } == 4)
    #expect(commands.first == .readBlock(address: RegisterMap.Register.identity.address, count: 1))
  }
}
