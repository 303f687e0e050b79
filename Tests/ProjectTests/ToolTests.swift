import Foundation
import TestTools
import Testing

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// When a test may be skipped, and that nothing is skipped behind the back of the one place that decides it.
@Suite struct ToolTests {
  @Test func nothingIsSkippedWhereTestsAreTheGate() {
    #expect(Tool.runs(missing: [], isGate: false) && Tool.runs(missing: [], isGate: true))
    #expect(!Tool.runs(missing: [.z3], isGate: false))
    #expect(Tool.runs(missing: [.z3], isGate: true))
    #expect(Tool.isGate(["CI": "true"]) && !Tool.isGate([:]) && !Tool.isGate(["CI": ""]) && !Tool.isGate(["CI": "false"]))
    #expect(Tool.z3.path(on: "/nonexistent:/") == nil)
  }

  /// Every condition of a test goes through `Tool`, but for the corpus, which strangers do not have.
  @Test func everyConditionGoesThroughOnePlace() throws {
    let known = ["Tool.available(", "BoundedProof.isAvailable", "Compiler.isAvailable", "Corpus.isPresent", "corpus != nil", "UnboundedProof.isAvailable", "hasVerilator", "hasIcarus"]
    for file in try sources() where file.lastPathComponent != "ToolTests.swift" {
      let text = try String(contentsOf: file, encoding: .utf8), name = file.lastPathComponent
      let rest = text.components(separatedBy: ".enabled(if: ").dropFirst()
      for condition in rest {
        #expect(known.contains { condition.hasPrefix($0) || condition.hasPrefix("try \($0)") }, "\(name): .enabled(if: \(condition.prefix(60))")
      }
      #expect(!text.contains(".disabled("), "\(name) disables a test")
      let looksForPrograms = text.contains("[\"PATH\"]") || text.contains("\"/usr/bin/")
      #expect(!looksForPrograms || file.path.contains("/TestTools/"), "\(name) looks for programs by itself; use Tool")
    }
  }

  /// `scripts/setup` sees that a tool is missing, whichever it is, and asks for its package.
  @Test(arguments: Tool.allCases.filter { $0 != .swiftc }) func setupInstallsTheMissingTool(_ missing: Tool) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("weft-setup-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    func stub(_ name: String, _ text: String) throws {
      let file = directory.appendingPathComponent(name)
      try "#!/bin/sh\n\(text)\n".write(to: file, atomically: false, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
    for tool in Tool.allCases where tool != missing { try stub(tool.rawValue, "exit 0") }
    for name in ["swift", "git"] { try stub(name, "exit 0") }
    try stub("id", "echo 0")
    try stub("env", "while [ \"${1#*=}\" != \"$1\" ]; do shift; done; exec \"$@\"")
    try stub("apt-get", "echo \"$@\" >> \"\(directory.path)/asked\"")
    let result = try runProgram(
      "/bin/sh", [repository.appendingPathComponent("scripts/setup").path], in: directory, environment: ["PATH": directory.path])
    let asked = (try? String(contentsOf: directory.appendingPathComponent("asked"), encoding: .utf8)) ?? ""
    #expect(asked.contains("install"), "\(missing.rawValue) is missing, and setup says: \(result.output)")
  }

  private func sources() throws -> [URL] {
    let tests = repository.appendingPathComponent("Tests")
    let paths = FileManager.default.enumerator(atPath: tests.path)?.compactMap { $0 as? String } ?? []
    return paths.filter { $0.hasSuffix(".swift") }.sorted().map { tests.appendingPathComponent($0) }
  }
}
