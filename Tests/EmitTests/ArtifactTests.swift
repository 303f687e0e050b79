import Foundation
import Machine
import Testing

@testable import Emit

/// The table of a bundle's parts against what they make.
@Suite struct ArtifactTests {
  private func contents(hasNetwork: Bool) throws -> BundleContents {
    let mapping = try Digits.mapping()
    let network = BundleContents.Network(mapping: mapping, images: MemoryImages(mapping), model: try Digits.bytes())
    return BundleContents(
      hardware: mapping.hardware, verilog: [VerilogFile(name: "weft_top", text: "")], prefix: ModulePrefix(mapping.hardware),
      network: hasNetwork ? network : nil)
  }

  private func belongs(_ file: String, to path: String) -> Bool {
    path.hasSuffix("/") ? file.hasPrefix(path) : path.hasPrefix("*") ? !file.contains("/") && file.hasSuffix(path.dropFirst()) : file == path
  }

  /// Every file is of exactly one part, and every part of a bundle has a file for each of its paths.
  @Test(arguments: [true, false]) func everyFileIsOfOnePart(_ hasNetwork: Bool) throws {
    let contents = try contents(hasNetwork: hasNetwork)
    let files = try Artifact.files(of: contents).map(\.path), paths = Artifact.all(of: contents).flatMap(\.paths)
    for file in files { #expect(paths.filter { belongs(file, to: $0) }.count == 1, "\(file)") }
    for path in paths { #expect(files.contains { belongs($0, to: path) }, "\(path)") }
    #expect(Set(files).count == files.count)
    #expect(files.dropLast() == files.dropLast().sorted()[...] && files.last == "manifest.json")
  }

  /// Whatever a file here calls a part is one.
  @Test func everyPartIsInTheTable() throws {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = here.appendingPathComponent("Sources/Emit").resolvingSymlinksInPath(), files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    let declared = try files.filter { $0.hasSuffix(".swift") }.flatMap { file in
      try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8).matches(of: /static let ([a-zA-Z]+) = Artifact\(/)
        .map { String($0.1) }
    }
    let table = try String(contentsOf: folder.appendingPathComponent("Artifacts/Artifact.swift"), encoding: .utf8)
    let rows = try #require(table.firstMatch(of: /static let all: \[Artifact\] = \[([^\]]*)\]/)).1
    #expect(Set(rows.matches(of: /\.([a-zA-Z]+)/).map { String($0.1) }) == Set(declared))
    #expect(declared.count == Artifact.all.count)
  }

  /// The read-me has a line for every part but itself, and none for what is not there.
  @Test(arguments: [true, false]) func theReadMeListsTheTable(_ hasNetwork: Bool) throws {
    let contents = try contents(hasNetwork: hasNetwork)
    let readMe = try #require(try Artifact.files(of: contents).first { $0.path == "README.md" })
    let text = String(decoding: readMe.bytes, as: UTF8.self)
    let parts = Set(Artifact.all(of: contents).map(\.paths)), missing = Artifact.all.filter { !parts.contains($0.paths) }
    for artifact in Artifact.all where artifact.paths != ["README.md"] {
      let line = "| \(artifact.paths.map { "`\($0)`" }.joined(separator: ", ")) | "
      #expect(text.contains(line) == !missing.contains { $0.paths == artifact.paths }, "\(line)")
    }
  }
}
