// One hardware configuration, built once, on which many small networks run one after the other.

import Emit
import Foundation
import Machine
import Mapper
import Model

/// A bench for networks that all fit one configuration of fixed sizes.
struct NetworkBench<Drawn: RandomCase> {
  let configuration: Configuration
  private let hardware: Hardware
  private let kind: SimulatorKind
  private let simulator: any Simulator

  /// A network, mapped.
  struct Case {
    var drawn: Drawn
    var mapping: Mapping
    var inputs: [[UInt8]]
  }

  /// Why a network cannot be tested.
  struct Refusal: Error {
    var reason: String
  }

  init(_ configuration: Configuration, _ simulator: SimulatorKind) throws {
    self.configuration = configuration
    var hardware = try Hardware(standalone: configuration)
    // A network of several functions needs a table for each.
    if hardware.byteTables > 0 { hardware.byteTables = 16 }
    if hardware.scalarTables > 0 { hardware.scalarTables = 16 }
    self.hardware = hardware
    kind = simulator
    self.simulator = try simulator.simulator(for: hardware)
  }

  func prepare(_ drawn: Drawn) -> Result<Case, Refusal> {
    func refusal(_ text: String) -> Refusal {
      // The numbers differ from one to the next; the reason is what counts.
      Refusal(reason: String(text.split(separator: ":").last ?? "").replacing(/[-0-9.]+(e-?[0-9]+)?/, with: "#").trimmingCharacters(in: .whitespaces))
    }
    do {
      let graph = try drawn.graph()
      let mapping = try Mapper.map(graph, on: hardware)
      return .success(Case(drawn: drawn, mapping: mapping, inputs: drawn.inputBytes(graph)))
    } catch {
      return .failure(refusal("\(error)"))
    }
  }

  /// What one network gave.
  struct Outcome {
    var elements: Int
    var failure: String?
  }

  func run(_ cases: [Case]) throws -> [Outcome] {
    let workloads = cases.enumerated().map { number, ready in
      Workload(mapping: ready.mapping, images: MemoryImages(ready.mapping), samples: [Workload.Sample(number, ready.inputs, state: ready.mapping.initialState)])
    }
    let results = try simulator.run([workloads], HostBehaviour())[0]
    return try cases.enumerated().map { number, ready in
      guard let sample = results.samples.first(where: { $0.sample == number }) else {
        return Outcome(elements: 0, failure: "the simulation did not reach this network")
      }
      let golden = try GoldenModel(ready.mapping.graph).run(inputs: ready.inputs)
      let check = TensorCheck(ready.mapping).check(sample, golden: golden, expected: [:])
      let wrong = check.mismatches == 0 ? nil : check.problems.first ?? check.first.first?.description ?? "\(check.mismatches) mismatches"
      return Outcome(elements: check.elements, failure: wrong ?? misprediction(sample, ready.mapping))
    }
  }

  /// The first step that does not take as long as predicted.
  private func misprediction(_ sample: SampleRun, _ mapping: Mapping) -> String? {
    guard kind.knowsTime, let measured = measuredSteps(sample, count: mapping.steps.count) else { return nil }
    return zip(measured, mapping.steps).first { $0 != $1.predictedCycles }.map { cycles, step in
      "layer \(mapping.layers[step.layer].name): step \(step.index) takes \(cycles) cycles, predicted \(step.predictedCycles)"
    }
  }
}
