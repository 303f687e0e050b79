import Emit
import Foundation
import Generators
import Machine
import Mapper
import Model
import TestNetworks
import Testing

@Suite struct BenchmarkTests {
  private static let snapshot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Snapshots/benchmark.md")

  /// A compiled network, with what was measured of it, if anything: cycles that are some more than predicted.
  private func row(
    _ configuration: String, _ graph: Graph? = nil, measured: BenchmarkMeasurement? = nil, later: Int = 0
  ) throws -> Benchmark.Row {
    let mapping = try graph.map { try Mapper.map($0, for: Configuration.load(nameOrPath: configuration)) } ?? Digits.mapping(configuration)
    let report = NetworkReport(mapping, cycles: measured == nil ? nil : mapping.predictedCycles + later)
    return Benchmark.Row(report.model, configuration, .compiled(report, try Multipliers(mapping.hardware), measured))
  }

  private func measurement(_ mismatches: Int = 0, _ golden: Int = 0, isPredicted: Bool = true) -> BenchmarkMeasurement {
    BenchmarkMeasurement(simulator: "in-process", samples: 360, mismatches: mismatches, goldenMismatches: golden, isPredicted: isPredicted)
  }

  private func peers(_ text: String = "{\"digits_resnet\": {\"one\": {\"cycles_total\": 12345}}}") throws -> PeerFigures {
    try PeerFigures(Array(text.utf8), path: "there/figures.json")
  }

  /// The whole page for the embedded network, with a refusal and another machine. `WEFT_UPDATE=1` writes it anew.
  @Test func theTableIsWhatWasKept() throws {
    let rows = try ["edge16", "edge64", "edge256"].map { try row($0) } + [Benchmark.Row("b|d", "up5k", .refused("does not fit <here>"))]
    let text = Benchmark(rows, peers: try peers()).markdown
    if ProcessInfo.processInfo.environment["WEFT_UPDATE"] == "1" { try text.write(to: Self.snapshot, atomically: true, encoding: .utf8) }
    #expect(try text == String(contentsOf: Self.snapshot, encoding: .utf8))
  }

  /// In a terminal the same figures stand in the same columns.
  @Test func terminalAndMarkdownSayTheSame() throws {
    let benchmark = Benchmark([try row("edge64"), Benchmark.Row("b", "up5k", .refused("does not fit"))], peers: try peers())
    let lines = benchmark.text.split(separator: "\n"), cells = benchmark.markdown.split(separator: "\n")
    func words(_ line: Substring) -> [Substring] { line.split(separator: " ").filter { $0 != "|" } }
    #expect(words(lines[0]) == words(cells[0]) && words(lines[1]) == words(cells[2]) && words(lines[2]) == words(cells[3]))
    #expect(lines.last == "b on up5k is refused: does not fit" && lines.contains("one: cycles as figures.json says them, not measured here"))
    #expect(lines.contains("cycles of one inference are predicted, not measured") && benchmark.text.contains("area and clock not measured"))
  }

  /// A measured count stands beside the prediction, and whatever differs is said of its row.
  @Test func whatWasMeasuredIsCalledSo() throws {
    let good = Benchmark([try row("edge64", measured: measurement()), try row("edge16", measured: measurement())])
    #expect(good.text.hasPrefix("network        configuration  cycles  predicted  ") && good.text.contains(
      "\ncycles: measured in in-process, 720 samples in all, every tensor equal to golden kernels and vectors, every layer as predicted\n"))
    let wrong = Benchmark([
      try row("edge64", measured: measurement()), try row("edge16", measured: measurement(1234, 1, isPredicted: false), later: 7),
    ])
    #expect(wrong.text.contains("\ncycles: measured in in-process, 720 samples in all\n") && wrong.text.hasSuffix(
      "digits_resnet on edge16 is wrong: 1,234 mismatches, 1 between golden kernels and vectors, not as many cycles as predicted\n"))
    let report = try #require(wrong.rows[1].report)
    #expect(report.cycles == report.predictedCycles + 7 && wrong.text.contains(" \((report.predictedCycles + 7).grouped) "))
  }

  @Test(arguments: [(1, 0, true), (0, 1, true), (0, 0, false)]) func anyDifferenceFails(_ difference: (Int, Int, Bool)) {
    let measurement = measurement(difference.0, difference.1, isPredicted: difference.2)
    #expect(!measurement.passed && measurement.difference != nil && self.measurement().passed && self.measurement().difference == nil)
  }

  /// What a report says, too, has the report's key and value; MACs that are not computed are in neither share nor multipliers.
  @Test func keysAreThoseOfAReport() throws {
    let benchmark = Benchmark([try row("edge16", networkWithAConstant()), Benchmark.Row("b", "up5k", .refused("does not fit"))])
    func object(_ text: String) throws -> NSDictionary {
      try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    }
    let networks = try #require(try object(benchmark.json)["networks"] as? [NSDictionary])
    let report = try object(#require(benchmark.rows[0].report).json)
    for key in report.allKeys.compactMap({ $0 as? String }) where !["layers", "cycles"].contains(key) {
      #expect(networks[0][key] as? NSObject == report[key] as? NSObject, "\(key)")
    }
    #expect(networks[0]["refused"] is NSNull && networks[0]["cycles"] == nil)
    #expect(networks[0]["macs"] as? Int == 12 && networks[0]["computedMACs"] as? Int == 8)
    #expect(networks[0]["multiplierBits"] as? [String: Int] == ["array": 1024, "post": 1152, "scalar": 1024])
    #expect(networks[0]["programBytes"] as? Int == (networks[0]["programWords"] as? Int).map { 4 * $0 })
    #expect(networks[1] == ["model": "b", "configuration": "up5k", "refused": "does not fit", "peers": [NSObject]()] as NSDictionary)
  }

  @Test func measurementsAndPeersAreInTheObject() throws {
    let benchmark = Benchmark([try row("edge64", measured: measurement(3))], peers: try peers())
    let lines = [
      "\"simulator\": \"in-process\"", "\"samples\": 360", "\"mismatches\": 3", "\"machine\": \"one\", \"cycles\": 12345",
      "\"peers\": \"figures.json\"",
    ]
    for line in lines { #expect(benchmark.json.contains(line), "\(line)") }
  }
}
