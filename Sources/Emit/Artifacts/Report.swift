// What a network costs on a configuration: per layer and in all, as JSON, CSV and a table for the terminal.
//
// A cycle count never stands alone: multiply-accumulates per cycle, requantizer lanes and memories stand
// beside it, and area and clock are said to be unknown until a synthesis run has measured them.

import Machine
import Mapper

extension Artifact {
  static let report = Artifact("report.json", "layers.csv", needsNetwork: true, summary: { _ in "every layer with its cycles" }) { contents, _ in
    contents.network.map {
      let report = NetworkReport($0.mapping)
      return [BundleFile(path: "report.json", text: report.json.text), BundleFile(path: "layers.csv", text: report.csv)]
    } ?? []
  }
}

/// The cost of one layer.
public struct LayerReport: Sendable, Equatable {
  public var name: String
  public var operatorName: String
  /// Measured, or nil when nothing ran.
  public var cycles: Int?
  public var predictedCycles: Int
  public var macs: Int
  /// `macs` over what the array could do in the measured (else predicted) cycles.
  public var utilization: Double
  /// What limits the layer: array, reads, post or latency.
  public var bound: String
}

/// The cost of a network on a configuration.
public struct NetworkReport: Sendable, Equatable {
  public var model: String
  public var hardware: Hardware
  public var layers: [LayerReport]
  public var cycles: Int?
  public var predictedCycles: Int
  public var macs: Int
  public var featureMemoryPeakBytes: Int
  public var weightBytes: Int
  public var parameterBytes: Int
  public var programWords: Int

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
        macs: layer.macs, utilization: arrayUtilization(layer.macs, measured ?? layer.predictedCycles, peak), bound: layer.bound)
    }
    self.cycles = cycles
    predictedCycles = mapping.predictedCycles
    macs = mapping.macs
    featureMemoryPeakBytes = mapping.featureMemoryPeakBytes
    weightBytes = mapping.weightBytes
    parameterBytes = mapping.parameters.count * 12
    programWords = mapping.program.count
  }

  /// Of the whole network.
  public var utilization: Double { arrayUtilization(macs, cycles ?? predictedCycles, hardware.configuration.macs) }

  /// Measured layers that do not take exactly as many cycles as predicted.
  public var mispredicted: [LayerReport] {
    layers.filter { layer in layer.cycles.map { $0 != layer.predictedCycles } ?? false }
  }

  /// The layers as JSON objects: name, operator, cycles, predictedCycles, macs, utilization, bound.
  public var layerValues: [JSONValue] {
    layers.map {
      [
        "name": .string($0.name), "operator": .string($0.operatorName), "cycles": JSONValue($0.cycles),
        "predictedCycles": .integer($0.predictedCycles), "macs": .integer($0.macs),
        "utilization": .number($0.utilization), "bound": .string($0.bound),
      ]
    }
  }

  /// `report.json`.
  public var json: JSONValue {
    [
      "model": .string(model), "configuration": .string(hardware.configuration.name),
      "cycles": JSONValue(cycles), "predictedCycles": .integer(predictedCycles), "macs": .integer(macs),
      "utilization": .number(utilization),
      "hardware": [
        "macsPerCycle": .integer(hardware.configuration.macs), "requantizerLanes": .integer(hardware.configuration.postLanes),
        "accumulatorBits": .integer(hardware.accumulatorBits), "featureMemoryBytes": .integer(hardware.featureBytes),
        "weightMemoryBytes": .integer(hardware.weightBytes), "area": .null, "clockMHz": .null,
      ],
      "featureMemoryPeakBytes": .integer(featureMemoryPeakBytes), "weightBytes": .integer(weightBytes),
      "parameterBytes": .integer(parameterBytes), "programWords": .integer(programWords),
      "layers": .array(layerValues),
    ]
  }

  /// `layers.csv`, a line per layer under a line of names.
  public var csv: String {
    var text = "layer,operator,cycles,predicted_cycles,macs,utilization,bound\n"
    for layer in layers {
      let fields = [
        layer.name, layer.operatorName, layer.cycles.map(String.init) ?? "", String(layer.predictedCycles),
        String(layer.macs), decimal(layer.utilization, 4), layer.bound,
      ]
      text += fields.map(csvField).joined(separator: ",") + "\n"
    }
    return text
  }

  /// The table for a terminal.
  public var table: String {
    let measured = cycles != nil
    var rows = [["layer", "operator"] + (measured ? ["cycles"] : []) + ["predicted", "MACs", "use", "bound"]]
    for layer in layers {
      rows.append(
        [shorten(layer.name, 36), layer.operatorName]
          + (measured ? [layer.cycles.map { grouped($0) } ?? "-"] : [])
          + [grouped(layer.predictedCycles), grouped(layer.macs), percent(layer.utilization), layer.bound])
    }
    rows.append(
      ["total", ""] + (measured ? [cycles.map { grouped($0) } ?? "-"] : [])
        + [grouped(predictedCycles), grouped(macs), percent(utilization), ""])
    let configuration = hardware.configuration
    return aligned(rows, left: [0, 1, rows[0].count - 1])
      + "\(configuration.name): \(configuration.macs) MACs a cycle, \(configuration.postLanes) requantizer lanes, "
      + "\(kibibytes(hardware.featureBytes)) feature and \(kibibytes(hardware.weightBytes)) weight memory "
      + "(peak use \(kibibytes(featureMemoryPeakBytes)), \(kibibytes(weightBytes))); area and clock not measured\n"
  }
}

/// MACs done over MACs possible; 0 for no cycles.
public func arrayUtilization(_ macs: Int, _ cycles: Int, _ perCycle: Int) -> Double {
  cycles > 0 && perCycle > 0 ? (Double(macs) / Double(cycles * perCycle) * 1e6).rounded() / 1e6 : 0
}

/// Columns padded to the same width; numbers to the right.
public func aligned(_ rows: [[String]], left: Set<Int> = [0]) -> String {
  guard let columns = rows.map(\.count).max() else { return "" }
  let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
  var text = ""
  for row in rows {
    var line = ""
    for (column, field) in row.enumerated() {
      let space = String(repeating: " ", count: widths[column] - field.count)
      line += (column == 0 ? "" : "  ") + (left.contains(column) ? field + space : space + field)
    }
    while line.last == " " { line.removeLast() }
    text += line + "\n"
  }
  return text
}

/// 1234567 → 1,234,567.
public func grouped(_ value: Int) -> String {
  var digits = String(value.magnitude), groups: [String] = []
  while digits.count > 3 {
    groups.insert(String(digits.suffix(3)), at: 0)
    digits.removeLast(3)
  }
  return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
}

/// `0.8234` → `82.3 %`.
public func percent(_ value: Double) -> String { decimal(value * 100, 1) + " %" }

/// Bytes as `15.6 KiB`, or `120 B`.
public func kibibytes(_ bytes: Int) -> String { bytes < 1024 ? "\(bytes) B" : decimal(Double(bytes) / 1024, 1) + " KiB" }

/// A number with so many digits after the point.
public func decimal(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "-" }
  var scale = 1
  for _ in 0..<digits { scale *= 10 }
  let scaled = Int((abs(value) * Double(scale)).rounded())
  let fraction = String(scaled % scale)
  let sign = value < 0 && scaled > 0 ? "-" : ""
  return digits == 0 ? sign + String(scaled)
    : sign + "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
}

/// The end of a long name; names of layers differ there.
public func shorten(_ text: String, _ limit: Int) -> String {
  text.count <= limit ? text : "…" + text.suffix(limit - 1)
}

/// A cell: quoted where it must be, and with an apostrophe before what a spreadsheet would run as a formula.
private func csvField(_ text: String) -> String {
  let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains($0) } ?? false
  let cell = isFormula ? "'" + text : text
  return cell.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
    ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
}
