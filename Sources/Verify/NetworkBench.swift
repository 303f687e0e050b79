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
    /// Of the network, in its types.
    var inputs: [[UInt8]]
    /// Inferences in a row: a network with state shows only in the second what it kept.
    var runs: Int { mapping.graph.states.isEmpty ? 1 : 3 }
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
    hardware.extensions = .all
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
    // What the golden kernels make of every run, by the number of its sample.
    var golden: [[Int: [UInt8]]] = [], workloads: [Workload] = []
    for ready in cases {
      let model = try GoldenModel(ready.mapping.network), graph = ready.mapping.graph
      var state = ready.mapping.initialState, samples: [Workload.Sample] = []
      for run in 0..<ready.runs {
        let tensors = try model.run(inputs: ready.inputs, state: state)
        samples.append(Workload.Sample(golden.count, graph.inputs.map { tensors[$0] ?? [] }, state: run == 0 ? state : nil))
        golden.append(tensors)
        state = model.state(after: tensors)
      }
      workloads.append(Workload(mapping: ready.mapping, images: MemoryImages(ready.mapping), samples: samples))
    }
    let results = try simulator.run([workloads], HostBehaviour())[0]
    return zip(cases, workloads).map { ready, workload in
      var outcome = Outcome(elements: 0, failure: nil)
      for run in workload.samples {
        guard let sample = results.samples.first(where: { $0.sample == run.number }) else {
          return Outcome(elements: 0, failure: "the simulation did not reach this network")
        }
        let check = TensorCheck(ready.mapping).check(sample, golden: golden[run.number], expected: [:])
        let wrong = check.mismatches == 0 ? nil : check.problems.first ?? check.first.first?.description ?? "\(check.mismatches) mismatches"
        outcome.elements += check.elements
        outcome.failure = outcome.failure ?? wrong ?? misprediction(sample, ready.mapping)
      }
      return outcome
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
