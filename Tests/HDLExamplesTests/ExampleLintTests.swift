import HDL
import HDLExamples
import Testing

/// All examples pass the three linters in silence.
@Test(.enabled(if: Tool.available(.verilator, .iverilog, .yosys)), arguments: 0..<8)
func examplesPassTheLinters(index: Int) throws {
  let examples: [any Module] = [
    Blinker(halfPeriod: 12_000_000), EventCounter(limit: 9), Debouncer(rest: 4), BurstBuffer(width: 8, burst: 4),
    SPIController(halfPeriod: 4), SPIReceiver(), MatrixMultiplier(size: 3), PWMPeripheral(),
  ]
  #expect(try lint(elaborate(examples[index])) == "")
}
