// What a network costs on a configuration: per layer and in all, as JSON, CSV and a table for the terminal.
//
// A cycle count never stands alone: multiply-accumulates per cycle, requantizer lanes and memories stand
// beside it, and area and clock are said to be unknown until a synthesis run has measured them.

import Machine
import Mapper

extension Artifact {
  static let report = Artifact(
    "report.json", "layers.csv", needsNetwork: true, summary: { _ in "every layer with its cycles" }
  ) { contents, _ in
    contents.network.map {
      let report = NetworkReport($0.mapping)
      return [BundleFile(path: "report.json", text: report.json), BundleFile(path: "layers.csv", text: report.csv)]
    } ?? []
  }
}

/// The cost of one layer.
public struct LayerReport: Codable, Sendable, Equatable {
  public var name: String
  public var operatorName: String
  /// Measured, or nil when nothing ran.
  @OrNull public var cycles: Int?
  public var predictedCycles: Int
  public var macs: Int
  /// Of these, those that are left without constant channels.
  public var computedMACs: Int
  /// Channels of its output that are constant and not computed.
  public var removedChannels: Int
  /// Bytes that it moves and computes nothing of.
  public var copiedBytes: Int
  /// `computedMACs` over what the array could do in the measured (else predicted) cycles.
  public var utilization: Double
  /// What limits the layer: array, reads, post or latency.
  public var bound: String

  private enum CodingKeys: String, CodingKey {
    case name, operatorName = "operator", cycles, predictedCycles, macs, computedMACs, removedChannels, copiedBytes, utilization, bound
  }
}

/// The cost of a network on a configuration.
public struct NetworkReport: Sendable, Equatable {
  public var model: String
  public var hardware: Hardware
  public var layers: [LayerReport]
  public var cycles: Int?
  public var predictedCycles: Int
  public var macs: Int
  /// Of these, those that are left without constant channels.
  public var computedMACs: Int
  public var featureMemoryPeakBytes: Int
  public var weightBytes: Int
  public var parameterBytes: Int
  public var programWords: Int
  /// What the host does; nil when the accelerator does all.
  public var host: HostInfo?

  /// - Parameters:
  ///   - stepCycles: measured cycles of every step, in order of `mapping.steps`; nil when nothing ran.
  ///   - cycles: measured cycles of a whole inference.
  public init(_ mapping: Mapping, stepCycles: [Int]? = nil, cycles: Int? = nil) {
    model = mapping.graph.name
    hardware = mapping.hardware
    let peak = mapping.hardware.configuration.macs
    layers = mapping.layers.map { layer in
      let measured = stepCycles.flatMap { steps in
        steps.indices.contains(layer.steps.upperBound - 1) || layer.steps.isEmpty ? steps[layer.steps].reduce(0, +) : nil
      }
      return LayerReport(
        name: layer.name, operatorName: layer.operatorName, cycles: measured, predictedCycles: layer.predictedCycles,
        macs: layer.macs, computedMACs: layer.computedMACs, removedChannels: layer.removedChannels, copiedBytes: layer.copiedBytes,
        utilization: Self.utilization(layer.computedMACs, measured ?? layer.predictedCycles, peak), bound: layer.bound)
    }
    self.cycles = cycles
    predictedCycles = mapping.predictedCycles
    (macs, computedMACs) = (mapping.macs, mapping.computedMACs)
    featureMemoryPeakBytes = mapping.featureMemoryPeakBytes
    weightBytes = mapping.weightBytes
    parameterBytes = mapping.parameters.count * ParameterWord.bits / 8
    programWords = mapping.program.count
    host = HostInfo(mapping.network)
  }

  /// MACs done over MACs possible; 0 for no cycles.
  public static func utilization(_ macs: Int, _ cycles: Int, _ perCycle: Int) -> Double {
    cycles > 0 && perCycle > 0 ? (Double(macs) / (Double(cycles) * Double(perCycle)) * 1e6).rounded() / 1e6 : 0
  }

  /// Of the whole network.
  public var utilization: Double { Self.utilization(computedMACs, cycles ?? predictedCycles, hardware.configuration.macs) }

  /// Channels of all layers' outputs that are constant and not computed.
  public var removedChannels: Int { layers.reduce(0) { $0 + $1.removedChannels } }

  /// Of the program memory, whose words have 32 bits.
  public var programBytes: Int { programWords * UInt32.bitWidth / 8 }

  /// Measured layers that do not take exactly as many cycles as predicted.
  public var mispredicted: [LayerReport] {
    layers.filter { layer in layer.cycles.map { $0 != layer.predictedCycles } ?? false }
  }

  /// `report.json`.
  public var json: String {
    OrderedJSON.text(
      Contents(
        model: model, configuration: hardware.configuration.name, cycles: cycles, predictedCycles: predictedCycles, macs: macs,
        computedMACs: computedMACs, removedChannels: removedChannels, utilization: utilization, hardware: HardwareInfo(hardware),
        featureMemoryPeakBytes: featureMemoryPeakBytes,
        weightBytes: weightBytes, parameterBytes: parameterBytes, programWords: programWords, host: host, layers: layers))
  }

  private struct Contents: Encodable {
    var model: String
    var configuration: String
    @OrNull var cycles: Int?
    var predictedCycles: Int
    var macs: Int
    var computedMACs: Int
    var removedChannels: Int
    var utilization: Double
    var hardware: HardwareInfo
    var featureMemoryPeakBytes: Int
    var weightBytes: Int
    var parameterBytes: Int
    var programWords: Int
    var host: HostInfo?
    var layers: [LayerReport]
  }

  /// `layers.csv`, a line per layer under a line of names.
  public var csv: String {
    var text = "layer,operator,cycles,predicted_cycles,macs,copied_bytes,utilization,bound,computed_macs,removed_channels\n"
    for layer in layers {
      let fields = [
        layer.name, layer.operatorName, layer.cycles.map(String.init) ?? "", String(layer.predictedCycles),
        String(layer.macs), String(layer.copiedBytes), layer.utilization.decimal(4), layer.bound,
        String(layer.computedMACs), String(layer.removedChannels),
      ]
      text += fields.map(csvField).joined(separator: ",") + "\n"
    }
    return text
  }

  /// What was not computed; nil when everything is.
  public var constantChannels: String? {
    let channels = removedChannels == 1 ? "1 channel is" : "\(removedChannels.grouped) channels are"
    return removedChannels == 0 ? nil : "\(macs.grouped) MACs, \(computedMACs.grouped) of them computed: \(channels) constant and left out"
  }

  /// The table for a terminal.
  public var table: String {
    let measured = cycles != nil, isWhole = removedChannels == 0
    /// The cells of a line whose columns are not always there.
    func cells(_ cycles: String, _ predicted: String, _ macs: String, _ computed: String, _ removed: String) -> [String] {
      (measured ? [cycles] : []) + [predicted, macs] + (isWhole ? [] : [computed, removed])
    }
    var rows = [["layer", "operator"] + cells("cycles", "predicted", "MACs", "computed", "left out") + ["use", "bound"]]
    for layer in layers {
      let cycles = layer.cycles.map { $0.grouped } ?? "-", removed = layer.removedChannels == 0 ? "" : layer.removedChannels.grouped
      rows.append(
        [layer.name.shortened(to: 36), layer.operatorName]
          + cells(cycles, layer.predictedCycles.grouped, layer.macs.grouped, layer.computedMACs.grouped, removed)
          + [layer.utilization.percent, layer.bound])
    }
    rows.append(
      ["total", ""] + cells(cycles.map { $0.grouped } ?? "-", predictedCycles.grouped, macs.grouped, computedMACs.grouped, removedChannels.grouped)
        + [utilization.percent, ""])
    let configuration = hardware.configuration
    return TextTable(rows, left: [0, 1, rows[0].count - 1]).text
      + "\(configuration.name): \(configuration.macs) MACs a cycle, \(configuration.postLanes) requantizer lanes, "
      + "\(hardware.featureBytes.kibibytes) feature and \(hardware.weightBytes.kibibytes) weight memory "
      + "(peak use \(featureMemoryPeakBytes.kibibytes), \(weightBytes.kibibytes)); area and clock not measured\n"
      + (constantChannels.map { $0 + "\n" } ?? "")
      + (host?.lines ?? []).map { $0 + "\n" }.joined()
  }
}
