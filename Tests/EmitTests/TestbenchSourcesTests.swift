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
    #expect(benchText(postLanes: 16).contains("parameter Q = 16;"))
  }
}
