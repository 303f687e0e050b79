import Emit
import Foundation
import Testing
@testable import Verify

@Suite(.enabled(if: hasIcarus)) struct IcarusSimulatorTests {
  @Test func brokenVerilogIsSaidInOneLine() throws {
    let error = #expect(throws: SimulationFailure.self) {
      _ = try IcarusSimulator([VerilogFile(name: "weft_top", text: "module weft_top(;\n")], postLanes: 1)
    }
    #expect(error?.what == "iverilog" && error?.detail.contains("\n") == false)
  }

  @Test func aFailedBuildLeavesNothing() throws {
    let text = "module weft_top; // \(UInt64.random(in: 0 ... .max))\nendmodule\n"
    // A module without ports fails to connect; the second build must not find a first one in the cache.
    for _ in 0..<2 {
      #expect(throws: SimulationFailure.self) { _ = try IcarusSimulator([VerilogFile(name: "weft_top", text: text)], postLanes: 1) }
    }
  }
}
