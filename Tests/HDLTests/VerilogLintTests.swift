import HDL
import Testing

/// The printed Verilog gives Verilator, Icarus and Yosys nothing to say.
@Suite(.enabled(if: Tool.available(.verilator, .iverilog, .yosys))) struct VerilogLintTests {
  @Test func counter() throws { try expectSilence(Counter(width: 8)) }
  @Test func systolicArray() throws { try expectSilence(SystolicArray(3)) }
  @Test func memoryWithLanes() throws { try expectSilence(Scratchpad(depth: 256, width: 64)) }
  @Test func memoryWithFewLanes() throws { try expectSilence(Scratchpad(depth: 100, width: 16)) }
  @Test func stateMachine() throws { try expectSilence(Sequencer()) }
  @Test func fifo() throws { try expectSilence(StreamFIFO(depth: 16, width: 32)) }
  @Test func everything() throws { try expectSilence(ExampleUnit(lanes: 4)) }
  @Test func wideVectors() throws { try expectSilence(WideVectors()) }
  @Test func awkwardNames() throws { try expectSilence(AwkwardNames()) }
  @Test func sharedControl() throws { try expectSilence(SharedControl()) }
  @Test func handshakeChain() throws { try expectSilence(HandshakeChain()) }
  @Test func longChains() throws { try expectSilence(LongChains()) }
  @Test func jobQueue() throws { try expectSilence(JobQueue()) }
  @Test func lights() throws { try expectSilence(Lights()) }
  @Test func generatedConstants() throws { try expectSilence(GeneratedConstants()) }
}

private func expectSilence(_ module: some Module, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
  let complaints = try lint(elaborate(module))
  #expect(complaints == "", sourceLocation: sourceLocation)
}
