import Foundation
import Machine
import Testing

/// The reference pages in docs/ are made from the definitions. `WEFT_UPDATE=1` writes them anew.
@Suite struct ReferencePageTests {
  private static let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("docs")

  /// Every fault that the hardware finds, what it does, and the test that shows it.
  private static let faults: [(fault: String, answer: String, test: String)] = [
    ("access to a window while a program runs", "SLVERR, nothing changes", "HostPortTests.windowsBelongToAnIdleAccelerator"),
    ("access to a window beyond its memory", "SLVERR, nothing changes", "HostPortTests.windowsBelongToAnIdleAccelerator"),
    ("read of a window that can only be written", "SLVERR, data 0", "HostPortTests.windowsBelongToAnIdleAccelerator"),
    ("access where there is no register and no window", "SLVERR", "HostPortTests.registersTellWhatTheHardwareIs"),
    ("write to a register that can only be read", "OKAY, nothing changes", "HostPortTests.registersTellWhatTheHardwareIs"),
    ("byte store, partial strobes, unaligned address", "OKAY, the bytes whose strobe is set", "LoadableMemoryTests.everyByteIsItsOwn"),
    ("`start` while a program runs, or with `reset`", "OKAY, does nothing", "HostPortTests.startAndResetAreOnePulseEach"),
    ("`reset` in the cycle of an error", "status 0, no event", "SequencerTests.aResetIsNoError"),
    ("`reset` after an event was raised", "status 0, the event stays", "HostPortTests.aResetKeepsEventsAndSettings"),
  ]
  private static let tests: [RegisterMap.ErrorCode: String] = [
    .illegalInstruction: "SequencerTests.everyWordIsLegalOrReported, aModeNeedsItsUnits, anEmptyLayerStops", .programOverrun: "SequencerTests.randomPrograms",
    .writeOutOfRange: "RobustnessTests.writesBeyondTheMemoryAreNotDone", .timeout: "SequencerTests.aStandstillStops",
    .programCorrupt: "SequencerTests.randomPrograms", .runLimit: "RobustnessTests.aRunEndsAtItsLimit",
    .featureReadOutOfRange: "RobustnessTests.readsBeyondAMemoryAreErrors", .weightOutOfRange: "RobustnessTests.readsBeyondAMemoryAreErrors",
    .parameterOutOfRange: "RobustnessTests.readsBeyondAMemoryAreErrors", .tableOutOfRange: "RobustnessTests.readsBeyondAMemoryAreErrors",
  ]
  private static var faultTable: String {
    var text = """

      ## Faults

      What goes wrong on the bus is answered there:

      | Fault | Answer | Test |
      |---|---|---|

      """
    for fault in faults { text += "| \(fault.fault) | \(fault.answer) | `\(fault.test)` |\n" }
    text += """

      What goes wrong in a run ends it: `status.error`, the event, and in `error` a code and a place.

      | Code | Name | Fault | Place | Test |
      |---|---|---|---|---|

      """
    for code in RegisterMap.ErrorCode.allCases where code != .none {
      text += "| \(code.rawValue) | `\(code)` | \(code.summary) | \(code.place) | `\(tests[code] ?? "none")` |\n"
    }
    return text
  }

  /// The tests that the page names exist.
  @Test func everyFaultHasATest() throws {
    let directory = Self.docs.deletingLastPathComponent().appendingPathComponent("Tests")
    let sources = try ["GeneratorsTests", "VerifyTests"].flatMap { module in
      try FileManager.default.contentsOfDirectory(atPath: directory.appendingPathComponent(module).path).filter { $0.hasSuffix(".swift") }.map {
        ($0.dropLast(6), try String(contentsOf: directory.appendingPathComponent("\(module)/\($0)"), encoding: .utf8))
      }
    }
    for names in Self.faults.map(\.test) + RegisterMap.ErrorCode.allCases.filter({ $0 != .none }).map({ Self.tests[$0] ?? "none" }) {
      let parts = names.split(separator: "."), text = sources.first { $0.0 == parts[0] }?.1 ?? ""
      for name in parts.dropFirst().joined().split(separator: ", ") { #expect(text.contains("func \(name)("), "\(names)") }
    }
  }

  @Test(arguments: [
    ("registers.md", registerReference() + faultTable),
    ("instructions.md", instructionReference()),
    ("configuration.md", configurationReference()),
  ])
  func pagesAgreeWithTheDefinitions(_ name: String, _ text: String) throws {
    let file = Self.docs.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["WEFT_UPDATE"] == "1" { try text.write(to: file, atomically: true, encoding: .utf8) }
    let written = try String(contentsOf: file, encoding: .utf8)
    #expect(written == text, "docs/\(name) is out of date: run the tests once with WEFT_UPDATE=1")
  }
}
