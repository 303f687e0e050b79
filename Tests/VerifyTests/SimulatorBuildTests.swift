import Emit
import Foundation
import Testing
import Verify

@Suite struct SimulatorBuildTests {
  @Test(.enabled(if: hasIcarus)) func brokenVerilogIsSaidInOneLine() throws {
    let error = #expect(throws: SimulationFailure.self) {
      _ = try SimulatorBuild.make(.icarus, [VerilogFile(name: "weft_top", text: "module weft_top(;\n")], postLanes: 1)
    }
    #expect(error?.what == "iverilog" && error?.detail.contains("\n") == false)
  }

  @Test(.enabled(if: hasIcarus)) func theSecondBuildComesFromTheCache() throws {
    let text = "module weft_top; // \(UInt64.random(in: 0 ... .max))\nendmodule\n"
    // A module without ports fails to connect; a failed build must leave nothing in the cache.
    for _ in 0..<2 {
      #expect(throws: SimulationFailure.self) { _ = try SimulatorBuild.make(.icarus, [VerilogFile(name: "weft_top", text: text)], postLanes: 1) }
    }
  }
}
