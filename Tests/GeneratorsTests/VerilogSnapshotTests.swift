import Foundation
import Generators
import HDL
import Machine
import Testing

/// The accelerator's Verilog as a reviewer gets it, module by module, for a small configuration with every unit. A change of a
/// generator or of the printer shows as a difference of text. `WEFT_UPDATE=1` writes the snapshots anew, to be read before they
/// are kept.
@Suite struct VerilogSnapshotTests {
  private static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Snapshots")

  @Test func acceleratorVerilog() throws {
    let hardware = try Hardware(
      #require(Configuration.named("edge16")),
      for: .init(featureBytes: 4000, weightWords: 256, parameterEntries: 64, programWords: 256, scalarTables: 2, byteTables: 2))
    let files = try VerilogPrinter.files(elaborateAccelerator(hardware))
    let isUpdating = ProcessInfo.processInfo.environment["WEFT_UPDATE"] == "1"
    if isUpdating {
      try? FileManager.default.removeItem(at: Self.directory)
      try FileManager.default.createDirectory(at: Self.directory, withIntermediateDirectories: true)
    }
    for file in files {
      let url = Self.directory.appendingPathComponent("\(file.name).v")
      if isUpdating { try file.text.write(to: url, atomically: true, encoding: .utf8) }
      let kept = try? String(contentsOf: url, encoding: .utf8)
      let line = zip(file.text.split(separator: "\n"), (kept ?? "").split(separator: "\n")).enumerated().first { $0.element.0 != $0.element.1 }
      #expect(
        file.text == kept,
        "\(file.name).v differs\(line.map { " from line \($0.offset + 1) on: '\($0.element.0)' for '\($0.element.1)'" } ?? "")")
    }
    let kept = Set(try FileManager.default.contentsOfDirectory(atPath: Self.directory.path))
    #expect(kept == Set(files.map { "\($0.name).v" }))
  }
}
