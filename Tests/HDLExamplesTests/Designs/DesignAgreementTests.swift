import HDL
import Testing

/// The simulator, Icarus and Verilator, with Verilog and with SystemVerilog, agree on every output of every design in every cycle.
@Test(.enabled(if: Tool.available(.verilator, .iverilog, .vvp)), arguments: Language.allCases)
func simulatorsAgreeOnTheDesigns(language: Language) throws {
  var random = SplitMix("inputs of all designs")
  var instructions = RISCVInstructions(random: random)
  let programs = (0..<3).map { _ in instructions.program(256) }
  let top = DesignBench(programs: programs, data: (0..<256).map { _ in random.bits(32) })
  let stimuli = (0..<4000).map { cycle in
    DesignStimulus(isReset: cycle < DesignStimulus.known || cycle == 2500, from: &random)
  }
  let compiled = try CompiledDesign(top), expected = try compiled.simulation().outputs(stimuli)
  for output in DesignBench.outputs.indices {
    #expect(Set(expected.map { $0[output] }).count > 50, "\(DesignBench.outputs[output]) hardly changes")
  }
  for tool in [Tool.iverilog, .verilator] {
    let actual = try tool.outputs(elaborate(top), stimuli, in: language)
    #expect(actual.count == expected.count)
    let cycles = stimuli.indices.prefix(actual.count).dropFirst(DesignStimulus.known)
    if let cycle = cycles.first(where: { expected[$0] != actual[$0] }) {
      for (output, name) in DesignBench.outputs.enumerated() where expected[cycle][output] != actual[cycle][output] {
        Issue.record("\(tool), cycle \(cycle): \(name) is \(actual[cycle][output]), expected \(expected[cycle][output])")
      }
    }
  }
}
