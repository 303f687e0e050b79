import Emit
import Foundation
import Testing

@Suite struct TestbenchSourcesTests {
  @Test func theEmbeddedTextsAreTheFiles() throws {
    let directory = Digits.repository + "/testbenches/"
    #expect(try String(contentsOfFile: directory + "harness.cpp", encoding: .utf8) == TestbenchSources.harness, "run scripts/embed-testbenches")
    #expect(try String(contentsOfFile: directory + "bench.v", encoding: .utf8) == TestbenchSources.bench, "run scripts/embed-testbenches")
  }

  @Test func theBenchTakesItsWidth() {
    let text = benchText(top: "npu_top", postLanes: 16)
    #expect(text.contains("parameter Q = 16;") && text.contains("\nmodule npu_bench;\n") && text.contains("\n  npu_top top (\n"))
    #expect(!text.contains("weft_top") && !text.contains("weft_bench"))
    #expect(text.hasPrefix("// SPDX-License-Identifier: 0BSD\n") && harnessText.hasPrefix("// SPDX-License-Identifier: 0BSD\n"))
    // A prefix that holds the name that is replaced.
    #expect(benchText(top: "weft_bench_top", postLanes: 1).contains("\nmodule weft_bench_bench;\n"))
  }
}
