// A verification's report in public JSON.

import Emit
import Model

/// What `weft verify --json` prints.
struct VerificationInfo: Encodable {
  struct Other: Encodable {
    var name: String
    var behaviour: String
  }
  struct Exception: Encodable {
    var name: String
    var operatorName: String
    var operators: [Int]
    var condition: String
    var followed: String
    var others: [Other]

    private enum CodingKeys: String, CodingKey {
      case name, operatorName = "operator", operators, condition, followed, others
    }
  }

  var model: String
  var configuration: String
  var simulator: String
  var samples: Int, tensors: Int, elements: Int
  var mismatches: Int, goldenMismatches: Int
  var cycles: [Int]
  var predictedCycles: Int
  var macs: Int
  var computedMACs: Int
  var removedChannels: Int
  var utilization: Double
  var featureMemoryPeakBytes: Int
  var hardware: HardwareInfo
  @OrNull var goldenAccuracy: Double?
  var foldedTensors: [Int]
  var problems: [String]
  @OrNull var waveform: String?
  var reference: String
  var exceptions: [Exception]
  var layers: [LayerReport]

  init(_ report: VerificationReport) {
    let network = report.network
    (model, configuration, simulator) = (network.model, network.hardware.configuration.name, report.simulator.rawValue)
    (samples, tensors, elements) = (report.samples, report.tensors, report.elements)
    (mismatches, goldenMismatches, cycles) = (report.mismatches, report.goldenMismatches, report.cycles)
    (predictedCycles, macs, utilization) = (network.predictedCycles, network.macs, network.utilization)
    (computedMACs, removedChannels) = (network.computedMACs, network.removedChannels)
    (featureMemoryPeakBytes, hardware) = (network.featureMemoryPeakBytes, HardwareInfo(network.hardware))
    _goldenAccuracy = OrNull(wrappedValue: report.accuracy.map { Double($0.right) / Double(max(1, $0.samples)) })
    (foldedTensors, problems) = (report.folded, report.problems + report.first.map(\.description))
    _waveform = OrNull(wrappedValue: report.waveform)
    reference = report.followed.name
    exceptions = report.exceptions.map { met in
      Exception(
        name: met.exception.rawValue, operatorName: met.exception.operatorName, operators: met.operators,
        condition: met.exception.condition, followed: met.exception.behaviour(report.reference),
        others: ReferenceInterpreter.allCases.filter { $0 != report.reference }.map {
          Other(name: $0.rawValue, behaviour: met.exception.behaviour($0))
        })
    }
    layers = network.layers
  }
}
