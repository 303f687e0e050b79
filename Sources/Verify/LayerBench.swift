// One hardware configuration, built once, on which many small networks run one after the other.

import Emit
import Foundation
import Machine
import Mapper
import Model

/// A bench for networks that all fit one configuration of fixed sizes.
struct LayerBench {
  let configuration: Configuration
  private let hardware: Hardware
  private let simulator: any Simulator

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

  init(_ configuration: Configuration, _ simulator: SimulatorKind) throws {
    self.configuration = configuration
    hardware = try Hardware(standalone: configuration)
    self.simulator = try simulator.simulator(for: hardware)
  }

  func prepare(_ layer: RandomLayer) -> Result<Case, Refusal> {
    func refusal(_ text: String) -> Refusal {
      // The numbers differ from layer to layer; the reason is what counts.
      Refusal(reason: String(text.split(separator: ":").last ?? "").replacing(/[-0-9.]+(e-?[0-9]+)?/, with: "#").trimmingCharacters(in: .whitespaces))
    }
    do {
      let graph = try layer.graph()
      let mapping = try Mapper.map(graph, for: configuration)
      // The sizes that a configuration cannot fix.
      guard mapping.hardware.byteTables <= hardware.byteTables, mapping.hardware.scalarTables <= hardware.scalarTables else {
        return .failure(refusal("the bench has fewer tables"))
      }
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
    let workloads = cases.enumerated().map { number, ready in
      Workload(mapping: ready.mapping, images: MemoryImages(ready.mapping), samples: [(number, ready.inputs)])
    }
    let results = try simulator.run([workloads], HostBehaviour())[0]
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
