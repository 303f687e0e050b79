import Foundation
import Machine
import Testing

/// The reference pages in docs/ are made from the definitions. `WEFT_UPDATE=1` writes them anew.
@Suite struct ReferencePageTests {
  private static let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("docs")

  @Test(arguments: [
    ("registers.md", "# Registers and windows\nWhat a host sees on the AXI4-Lite port.\n\n" + RegisterMap.addressMap().markdown),
    ("instructions.md", instructionReference()),
  ])
  func pagesAgreeWithTheDefinitions(_ name: String, _ text: String) throws {
    let file = Self.docs.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["WEFT_UPDATE"] == "1" { try text.write(to: file, atomically: true, encoding: .utf8) }
    let written = try String(contentsOf: file, encoding: .utf8)
    #expect(written == text, "docs/\(name) is out of date: run the tests once with WEFT_UPDATE=1")
  }
}
