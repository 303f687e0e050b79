import Emit
import Testing

@Suite struct BenchTextsTests {
  @Test func theBenchTakesItsNamesAndWidth() {
    let text = benchText(top: "npu_top", postLanes: 16)
    #expect(text.contains("parameter Q = 16;") && text.contains("\nmodule npu_bench;\n") && text.contains("\n  npu_top top (\n"))
    #expect(text.contains("iverilog -g2005 -s npu_bench ") && !text.contains("weft"))
    #expect(text.hasPrefix("// SPDX-License-Identifier: 0BSD\n") && harnessText.hasPrefix("// SPDX-License-Identifier: 0BSD\n"))
    // A module that is not called top.
    #expect(benchText(top: "npu", postLanes: 1).contains("\nmodule npu_bench;\n"))
  }
}
