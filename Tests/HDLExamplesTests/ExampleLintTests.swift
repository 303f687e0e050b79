import HDL
import HDLExamples
import Testing

private var examples: [any Module] {
  [
    Blinker(halfPeriod: 12_000_000), EventCounter(limit: 9), Debouncer(rest: 4), BurstBuffer(width: 8, burst: 4),
    SPIController(halfPeriod: 4), SPIReceiver(), MatrixMultiplier(size: 3), PWMPeripheral(),
  ]
}

/// All examples pass the three linters in silence, in both languages.
@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: 0..<8)
func examplesPassTheLinters(index: Int) throws {
  #expect(try lint(elaborate(examples[index])) == "")
}

/// No line of theirs needs scrolling, and no name says the same words twice.
@Test(arguments: 0..<8) func examplesAreReadable(index: Int) throws {
  func design(_ module: some Module) throws -> Design { try elaborate(module) }
  let example = try design(examples[index])
  for language in Language.allCases { #expect(unreadable(language.text(example)) == []) }
}
