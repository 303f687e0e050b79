import Foundation
import HDL
import TestTools
import Testing

/// The snippets of the language guide, and its tests, which run here as they would at a reader's.
@Suite struct Guide {}

/// The language guide says what is so: what it shows is compiled, run, and compared with what the tool prints.
///
/// With `UPDATE_GUIDE=1` in the environment the shown outputs are written into the guide, to be read before they are kept.
@Suite struct GuideTests {
  private let guide: GuideDocument
  init() throws { guide = try GuideDocument() }

  @Test func everySnippetIsCompiled() {
    let snippets = guide.blocks.filter { $0.language == "swift" && $0.name != "manifest" }
    #expect(snippets.count > 20)
    for snippet in snippets { #expect(guide.isCompiled(snippet.lines), "\(snippet.place): this snippet is in no source of the tests") }
  }

  /// One letter more or less is another snippet.
  @Test func comparisonIsExact() throws {
    let snippet = try #require(guide.blocks.first { $0.language == "swift" && $0.name != "manifest" }).lines
    for line in snippet.indices where !snippet[line].isEmpty {
      var changed = snippet
      changed[line] += ";"
      #expect(!guide.isCompiled(changed))
    }
  }

  @Test func everyOutputIsWhatTheToolPrints() throws {
    // What other languages are compared with is theirs.
    let shown = guide.blocks.filter { !["swift", "sh", "v", "scala", "python"].contains($0.language) }
    for block in shown {
      let output = try #require(block.name.flatMap { GuideOutputs.all[$0] }, "\(block.place): nothing is known that this block shows")
      let text = guide.readersView(try output())
      if text != block.text && isUpdating { try write(text, into: block) } else { #expect(text == block.text, "\(block.place)") }
    }
    #expect(Set(shown.compactMap(\.name)) == Set(GuideOutputs.all.keys))
  }

  private var isUpdating: Bool { ProcessInfo.processInfo.environment["UPDATE_GUIDE"] == "1" }

  /// The first lines of the block find it again, since others in its chapter may have grown.
  private func write(_ text: String, into block: GuideDocument.Block) throws {
    let lines = GuideDocument.lines(of: try String(contentsOf: block.chapter, encoding: .utf8))
    let begin = try #require(lines.firstIndex(of: "<!-- \(block.name ?? "") -->")) + 2
    let end = try #require(lines[begin...].firstIndex(of: "```"))
    let result = lines[..<begin] + GuideDocument.lines(of: text).dropLast() + lines[end...]
    try result.joined(separator: "\n").write(to: block.chapter, atomically: true, encoding: .utf8)
  }

  /// What the guide says is there names the file of tests that shows it.
  @Test func featuresHaveTheirTests() throws {
    let chapter = try #require(guide.chapters.first { $0.lastPathComponent == "features.md" })
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().resolvingSymlinksInPath()
    let there = Set(FileManager.default.enumerator(atPath: tests.path)?.compactMap { ($0 as? String)?.components(separatedBy: "/").last } ?? [])
    let cells = try String(contentsOf: chapter, encoding: .utf8).components(separatedBy: "| has: ").dropFirst().map { $0.prefix { $0 != "|" } }
    #expect(cells.count > 20)
    for name in cells.flatMap({ $0.components(separatedBy: ", ") }) {
      let file = name.trimmingCharacters(in: .whitespaces) + ".swift"
      #expect(there.contains(file), "\(file)")
    }
  }

  /// Every chapter is reached from the first, and every link leads somewhere.
  @Test func linksLeadSomewhere() throws {
    var reached: Set<String> = []
    for chapter in guide.chapters {
      let text = try String(contentsOf: chapter, encoding: .utf8)
      for part in text.components(separatedBy: "](").dropFirst() {
        let target = chapter.deletingLastPathComponent().appendingPathComponent(String(part.prefix { $0 != ")" })).standardizedFileURL
        #expect(FileManager.default.fileExists(atPath: target.path), "\(chapter.lastPathComponent): \(target.path)")
        if chapter == guide.chapters[0] { reached.insert(target.path) }
      }
    }
    #expect(reached.isSuperset(of: guide.chapters.dropFirst().map(\.path)))
  }

  /// The Verilog that the guide shows is as silent as it says.
  @Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) func lintersAreSilent() throws {
    let modules: [any Module] = [
      Guide.Accumulator(limit: 1000, amount: 8), Guide.Delay(cycles: 2), Guide.Sequencer(), Guide.Door(), Guide.Chain(),
      Guide.Arithmetic(), Guide.Rotation(), Guide.Machine(), Guide.Squarer(), Guide.Brightness(), Guide.Averager(), Guide.LineBuffer(),
      Guide.SineTable(), Guide.Button(), Guide.Camera(), Guide.TimerPeripheral(), Guide.Recorder(), Guide.Handshake(), Guide.Scratch(), Guide.Top(),
      Guide.Tokens(limit: 9), Guide.Limiter(width: 8), Guide.Traffic(), Guide.Registers(), Guide.Packer(), Guide.Gate(),
    ]
    func complaints(_ module: some Module) throws -> String { try lint(elaborate(module)) }
    for module in modules { #expect(try complaints(module) == "", "\(module.moduleName)") }
  }

  // MARK: what does not compile

  /// The rows of the table of mistakes that the compiler finds.
  private func mistakes() throws -> [(code: String, message: String)] {
    let chapter = try #require(guide.chapters.first { $0.lastPathComponent == "values.md" })
    let lines = GuideDocument.lines(of: try String(contentsOf: chapter, encoding: .utf8))
    let begin = try #require(lines.firstIndex(of: "<!-- compiler -->")) + 3
    return try lines[begin...].prefix { $0.hasPrefix("|") }.map { row in
      let cells = row.components(separatedBy: " | ")
      try #require(cells.count == 2, "\(row)")
      return (String(cells[0].dropFirst(3).dropLast()), String(cells[1].dropLast(2)).replacing("\\|", with: "|"))
    }
  }
  /// The module that the guide describes before the table.
  private func source(_ body: String) -> String {
    """
    import HDL
    private struct Child: Module {
      @Input() var enable: Bit
      @Input(8) var amount: Unsigned
      @Output(8) var total: Unsigned
      func body() { total = amount }
    }
    private struct Fixture: Module {
      enum State: Int, CaseIterable { case idle, run }
      @Input(8) var a: Unsigned
      @Input(8) var b: Unsigned
      @Input(8) var s: Signed
      @Input() var bit: Bit
      @Output(8) var y: Unsigned
      @Output() var flag: Bit
      @StateRegister var state: State = .idle
      init() {}
      func body() {
        let child = instance("child", Child())
        child.$enable = bit
        \(body)
      }
    }

    """
  }

  @Test(.enabled(if: Compiler.isAvailable)) func mistakesDoNotCompile() throws {
    let mistakes = try mistakes()
    #expect(mistakes.count > 8)
    let right = ("right", source("y = a &+ b; flag = a === b; state = .run; child.$amount = a"))
    let files = mistakes.enumerated().map { (name: "mistake\($0)", text: source($1.code)) } + [right]
    let errors = try Compiler.typecheck(files, slowestExpression: 1_000).split(separator: "\n").filter { $0.contains(": error: ") }
    for (index, mistake) in mistakes.enumerated() {
      let first = errors.first { $0.contains("mistake\(index).swift:") }
      #expect(first?.components(separatedBy: ": error: ").last == mistake.message, "\(mistake.code)")
    }
    #expect(!errors.contains { $0.contains("right.swift:") })
  }

  // MARK: proofs

  /// The commands that the guide shows prove what it says, of the Verilog that it shows.
  @Test(.enabled(if: Tool.available(.yosys, .yosysSMTBMC, .z3))) func theProofSucceeds() throws {
    let commands = try #require(guide.blocks.first { $0.name == "proof" }).text
    let verilog = try #require(guide.blocks.first { $0.name == "Tokens" }).text
    func log(_ verilog: String) throws -> String {
      try withTemporaryDirectory { directory in
        try verilog.write(to: directory.appendingPathComponent("tokens.v"), atomically: true, encoding: .utf8)
        return try runProgram("/bin/sh", ["-c", commands], in: directory).output
      }
    }
    #expect(try log(verilog).components(separatedBy: "Status: PASSED").count == 4)
    let broken = verilog.replacingOccurrences(of: "take && count == 4'd9", with: "take && count == 4'd10")
    #expect(try log(broken).contains("Assert failed"))
  }

  // MARK: a project

  @Test func aProgramWritesTheVerilog() throws {
    try withTemporaryDirectory { directory in
      let rtl = directory.appendingPathComponent("rtl")
      try Guide().writeVerilog(Guide.Chain(), to: rtl)
      #expect(try FileManager.default.contentsOfDirectory(atPath: rtl.path).sorted() == ["chain.v", "counter.v"])
      let counter = try String(contentsOf: rtl.appendingPathComponent("counter.v"), encoding: .utf8)
      #expect(try counter == VerilogPrinter.files(elaborate(Guide.Counter(width: 4))).last?.text)
    }
  }

  /// The manifest is one, and names this package's library as it is called.
  @Test(.enabled(if: Tool.available(.swiftc))) func manifestIsValid() throws {
    let manifest = try #require(guide.blocks.first { $0.name == "manifest" })
    let output = try withTemporaryDirectory { directory in
      try manifest.text.write(to: directory.appendingPathComponent("Package.swift"), atomically: true, encoding: .utf8)
      let swift = try #require(Tool.swiftc.path).replacingOccurrences(of: "/swiftc", with: "/swift")
      return try runProgram(swift, ["package", "dump-package"], in: directory)
    }
    #expect(output.status == 0 && output.output.contains("\"HDL\""), "\(output.output)")
    let ours = try String(contentsOf: guide.chapters[0].appendingPathComponent("../../Package.swift").standardizedFileURL, encoding: .utf8)
    #expect(ours.contains(".library(name: \"HDL\""))
  }
}
