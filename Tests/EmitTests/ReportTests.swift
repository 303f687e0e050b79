import Emit
import Foundation
import Machine
import Mapper
import Model
import TestNetworks
import Testing

@Suite struct ReportTests {
  @Test func numbersForPeople() {
    #expect(0.grouped == "0")
    #expect(1_234_567.grouped == "1,234,567")
    #expect((-1_000).grouped == "-1,000")
    #expect(0.8234.decimal(2) == "0.82")
    #expect(2.0.decimal(1) == "2.0")
    #expect(0.05.decimal(2) == "0.05")
    #expect(16_000.kibibytes == "15.6 KiB")
    #expect(0.5.percent == "50.0 %")
    #expect("abcdef".shortened(to: 4) == "…def")
  }

  @Test func utilizationIsOfWhatWasPossible() {
    #expect(NetworkReport.utilization(640, 20, 64) == 0.5)
    #expect(NetworkReport.utilization(640, 0, 64) == 0)
  }

  @Test func aPredictionIsOffByOneCycle() throws {
    let mapping = try Digits.mapping()
    func measured(_ change: (Int) -> Int) -> NetworkReport { NetworkReport(mapping, stepCycles: mapping.steps.map { change($0.predictedCycles) }) }
    #expect(measured { $0 }.mispredicted.isEmpty)
    #expect(measured { $0 + 1 }.mispredicted.count == mapping.layers.count)
    #expect(measured { $0 - 1 }.mispredicted.count == mapping.layers.count)
    #expect(measured { $0 + 1_000 }.mispredicted.count == mapping.layers.count)
  }

  /// A layer that only moves bytes says how many; others say none.
  @Test func copiesAreCounted() throws {
    let quantization = Quantization(scale: 0.1, zeroPoint: 0)
    func tensor(_ name: String) -> Tensor { Tensor(name: name, shape: [1, 4, 2], type: .int8, quantization: quantization) }
    let axes = Tensor(name: "axes", shape: [3], type: .int32, constant: [0, 2, 1].flatMap { [UInt8($0), 0, 0, 0] })
    var turned = tensor("y")
    turned.shape = [1, 2, 4]
    let graph = Graph(
      name: "turn", tensors: [tensor("x"), tensor("a"), axes, turned],
      nodes: [
        Node(index: 0, operation: UnaryFunction("ABS"), inputs: [0], outputs: [1]),
        Node(index: 1, operation: Transpose(), inputs: [0, 2], outputs: [3]),
      ], inputs: [0], outputs: [1, 3])
    let report = NetworkReport(try Mapper.map(graph, for: .edge16))
    #expect(report.layers.map { [$0.operatorName, "\($0.copiedBytes)"] } == [["ABS", "0"], ["TRANSPOSE", "8"]])
    #expect(report.csv.hasPrefix("layer,operator,cycles,predicted_cycles,macs,copied_bytes,"))
  }

  /// Both counts of multiply-accumulates, and what is left out by layer; nothing of that where all is computed.
  @Test func constantChannelsAreCounted() throws {
    let graph = networkWithAConstant(), report = NetworkReport(try Mapper.map(graph, for: .edge16))
    let kept = NetworkReport(try Mapper.map(graph, for: .edge16, keepsConstantChannels: true))
    #expect(report.layers.map { [$0.macs, $0.computedMACs, $0.removedChannels] } == [[6, 4, 1], [6, 4, 0]])
    #expect(report.constantChannels == "12 MACs, 8 of them computed: 1 channel is constant and left out")
    #expect(report.table.contains("  MACs  computed  left out  ") && report.table.contains("\n12 MACs, 8 of them computed"))
    #expect(report.utilization == NetworkReport.utilization(8, report.predictedCycles, 16))
    #expect(report.csv.hasPrefix("layer,operator,cycles,predicted_cycles,macs,copied_bytes,utilization,bound,computed_macs,removed_channels\n"))
    #expect(report.csv.split(separator: "\n").dropFirst().map { $0.hasSuffix(",4,1") } == [true, false])
    #expect(report.json.contains("\"macs\": 12,\n  \"computedMACs\": 8,\n  \"removedChannels\": 1,"))
    #expect(kept.constantChannels == nil && !kept.table.contains("computed") && kept.computedMACs == kept.macs)
  }

  /// A spreadsheet runs cells that begin so; names of layers come from somebody else's file.
  @Test(arguments: ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
  func aNameIsNoFormula(_ name: String) throws {
    var report = NetworkReport(try Digits.mapping())
    report.layers[0].name = name
    report.layers[1].operatorName = name
    let lines = report.csv.split(separator: "\n")
    let cell = "'" + name.replacingOccurrences(of: "\"", with: "\"\"")
    #expect(lines[1].hasPrefix(cell) || lines[1].hasPrefix("\"" + cell + "\""), "\(lines[1])")
    #expect(lines[2].contains("," + cell) || lines[2].contains(",\"" + cell + "\""), "\(lines[2])")
  }

  @Test func measuredCyclesStandBesidePredictedOnes() throws {
    let mapping = try Digits.mapping()
    let steps = mapping.steps.indices.map { 100 + $0 }
    let report = NetworkReport(mapping, stepCycles: steps, cycles: 600)
    #expect(report.layers.map { $0.cycles ?? 0 }.reduce(0, +) == steps.reduce(0, +))
    #expect(report.cycles == 600)
    #expect(report.table.contains("predicted") && report.table.contains("64 MACs a cycle"))
    #expect(report.csv.split(separator: "\n").count == report.layers.count + 1)
    #expect(NetworkReport(mapping).layers.allSatisfy { $0.cycles == nil && $0.predictedCycles > 0 })
  }
}
