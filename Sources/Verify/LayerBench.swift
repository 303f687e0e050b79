// One hardware configuration, built once, on which many small networks run one after the other.

import Emit
import Foundation
import Machine
import Mapper
import Model

/// A bench for networks that all fit one configuration of fixed sizes.
struct LayerBench {
  let configuration: Configuration
  let simulator: Simulator
  private let player: JobPlayer

  /// A layer, mapped.
  struct Case {
    var layer: RandomLayer
    var mapping: Mapping
    var inputs: [[UInt8]]
  }

  /// Why a layer cannot be tested.
  struct Refusal: Error {
    var reason: String
  }

  init(_ configuration: Configuration, _ simulator: Simulator) throws {
    self.configuration = configuration
    self.simulator = simulator
    player = try JobPlayer(try Hardware(standalone: configuration), simulator)
  }

  func prepare(_ layer: RandomLayer) -> Result<Case, Refusal> {
    func refusal(_ text: String) -> Refusal {
      // The numbers differ from layer to layer; the reason is what counts.
      Refusal(reason: String(text.split(separator: ":").last ?? "").replacing(/[-0-9.]+(e-?[0-9]+)?/, with: "#").trimmingCharacters(in: .whitespaces))
    }
    do {
      let graph = try layer.graph()
      let mapping = try Mapper.map(graph, for: configuration)
      return .success(Case(layer: layer, mapping: mapping, inputs: layer.inputBytes(graph)))
    } catch {
      return .failure(refusal("\(error)"))
    }
  }

  /// What one layer gave.
  struct Outcome {
    var elements: Int
    var failure: String?
  }

  func run(_ cases: [Case]) throws -> [Outcome] {
    if simulator == .interpreter {
      return try cases.map { ready in
        let request = VerificationRequest(
          ready.mapping, verilog: [], samples: [VerificationSample(inputs: ready.inputs)], simulator: .interpreter)
        do {
          let report = try verify(request)
          return Outcome(elements: report.elements, failure: report.passed ? nil : report.problems.first ?? report.first.first?.description ?? "mismatch")
        } catch let error as SimulationFailure {
          return Outcome(elements: 0, failure: error.description)
        }
      }
    }
    var job = Job()
    job.write(.interruptEnable, 3)
    for (number, ready) in cases.enumerated() {
      job.reset()
      job.write(.interruptEnable, 3)
      for image in MemoryImages(ready.mapping).images { job.load(image) }
      job.addSample(number, ready.inputs, ready.mapping, .interrupt)
    }
    let results = try player.play(job)
    return try cases.enumerated().map { number, ready in
      guard let sample = results.samples.first(where: { $0.sample == number }) else {
        return Outcome(elements: 0, failure: "the simulation did not reach this layer")
      }
      let golden = try GoldenModel(ready.mapping.graph).run(inputs: ready.inputs)
      let check = TensorCheck(ready.mapping).check(sample, golden: golden, expected: [:])
      return Outcome(
        elements: check.elements,
        failure: check.mismatches == 0 ? nil : check.problems.first ?? check.first.first?.description ?? "\(check.mismatches) mismatches")
    }
  }
}
