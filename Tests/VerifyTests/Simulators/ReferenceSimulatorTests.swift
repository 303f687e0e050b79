import Emit
import Mapper
import Testing
@testable import Verify

@Suite struct ReferenceSimulatorTests {
  @Test func aFaultOfTheProgramIsAProblemOfTheRun() throws {
    var mapping = try Digits.mapping()
    mapping.program.removeLast()
    let workload = Workload(mapping: mapping, images: MemoryImages(mapping), samples: [(0, try Digits.samples(1)[0].inputs)])
    let run = try ReferenceSimulator().run([[workload]], HostBehaviour())[0].samples[0]
    #expect(run.problems.count == 1 && run.problems[0].hasSuffix("the program ends without halt"), "\(run.problems)")
  }

  @Test func otherImagesAreRefused() throws {
    let mapping = try Digits.mapping()
    var images = MemoryImages(mapping)
    images.images[0].words[0] ^= 1
    let workload = Workload(mapping: mapping, images: images, samples: [])
    #expect(throws: SimulationFailure.self) { _ = try ReferenceSimulator().run([[workload]], HostBehaviour()) }
  }
}
