import Emit
import Foundation
import Testing

@Suite struct ReportTests {
  @Test func numbersForPeople() {
    #expect(grouped(0) == "0")
    #expect(grouped(1_234_567) == "1,234,567")
    #expect(grouped(-1_000) == "-1,000")
    #expect(decimal(0.8234, 2) == "0.82")
    #expect(decimal(2, 1) == "2.0")
    #expect(decimal(0.05, 2) == "0.05")
    #expect(kibibytes(16_000) == "15.6 KiB")
    #expect(percent(0.5) == "50.0 %")
  }

  @Test func utilizationIsOfWhatWasPossible() {
    #expect(arrayUtilization(640, 20, 64) == 0.5)
    #expect(arrayUtilization(640, 0, 64) == 0)
  }

  @Test func aPredictionIsOffByOneCycle() throws {
    let mapping = try Digits.mapping()
    func measured(_ change: (Int) -> Int) -> NetworkReport { NetworkReport(mapping, stepCycles: mapping.steps.map { change($0.predictedCycles) }) }
    #expect(measured { $0 }.mispredicted.isEmpty)
    #expect(measured { $0 + 1 }.mispredicted.count == mapping.layers.count)
    #expect(measured { $0 - 1 }.mispredicted.count == mapping.layers.count)
    #expect(measured { $0 + 1_000 }.mispredicted.count == mapping.layers.count)
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
