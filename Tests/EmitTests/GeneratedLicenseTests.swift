import Emit
import Machine
import Testing

@Suite struct GeneratedLicenseTests {
  /// REUSE.toml says of every file whose it is, and every file that can hold a comment says it in its first two lines.
  @Test(arguments: [true, false]) func everyFileSaysWhoseItIs(_ hasNetwork: Bool) throws {
    let hardware = try Digits.mapping().hardware
    let small = try Hardware(try #require(Configuration.named("edge16")), for: .init())
    let bundle = hasNetwork
      ? try OutputBundle(try Digits.mapping(), model: try Digits.bytes(), verilog: try makeVerilog(for: hardware))
      : try OutputBundle(small, verilog: try makeVerilog(for: small))
    func text(_ path: String) throws -> String {
      String(decoding: try #require(bundle.files.first { $0.path == path }).bytes, as: UTF8.self)
    }
    let list = try text("REUSE.toml")
    for file in bundle.files where !file.path.hasPrefix("LICENSES/") {
      let head = String(decoding: file.bytes.prefix(200), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).prefix(2)
      let holdsLine = head.contains { $0.contains(licenseLine) }
      let canHoldComment = [".v", ".c", ".h", ".cpp", ".md", ".lst", ".core", ".toml"].contains { file.path.hasSuffix($0) }
      #expect(holdsLine == canHoldComment, "\(file.path)")
      #expect(list.contains("  \"\(file.path)\",\n"), "\(file.path) in REUSE.toml")
    }
    #expect(try text("LICENSES/0BSD.txt").contains("for any\npurpose with or without fee is hereby granted"))
    #expect(try text("README.md").contains("belongs to its user, free of obligations"))
    // The model is the user's own, under whatever terms it has.
    #expect(list.contains("path = [\n  \"model.tflite\",\n]\nprecedence = \"closest\"\nSPDX-FileCopyrightText = \"NONE\"\nSPDX-License-Identifier = \"LicenseRef-Model\"") == hasNetwork)
  }
}
