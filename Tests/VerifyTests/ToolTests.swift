import Testing
import Verify

@Suite struct ToolTests {
  @Test func aMissingToolNamesItsPackage() {
    let error = MissingTool(tool: "vvp", package: "iverilog")
    #expect(error.description == "vvp: not found; install it with `apt-get install iverilog`, or run scripts/setup")
  }
}
