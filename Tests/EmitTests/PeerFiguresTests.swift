import Emit
import Testing

@Suite struct PeerFiguresTests {
  private func figures(_ text: String) throws -> PeerFigures { try PeerFigures(Array(text.utf8), path: "a/peers.json") }

  @Test func machinesStandInTheOrderOfTheNetworks() throws {
    let peers = try figures(
      """
      {"x": {"fast": {"cycles_total": 10, "area": null}, "slow": {"cycles_total": 70}},
       "y": {"other": {"cycles_total": 5}, "fast": {"cycles_total": 1}}}
      """)
    #expect(peers.source == "peers.json" && peers.machines(of: ["y", "x", "y"]) == ["other", "fast", "slow"])
    #expect(peers.machines(of: ["x"]) == ["fast", "slow"] && peers.machines(of: ["z"]).isEmpty)
    #expect(peers.cycles(of: "x", on: "slow") == 70 && peers.cycles(of: "y", on: "slow") == nil && peers.cycles(of: "z", on: "fast") == nil)
  }

  /// One line each that says where.
  @Test(arguments: [
    ("", "is not valid JSON"), ("[]", "is a list, must be an object"), ("{\"x\": 1}", "\"x\" is 1, must be an object"),
    ("{\"x\": {\"m\": 2}}", "\"x.m\" is 2, must be an object"), ("{\"x\": {\"m\": {}}}", "key \"x.m.cycles_total\" is missing"),
    ("{\"x\": {\"m\": {\"cycles_total\": 1.5}}}", "\"x.m.cycles_total\" is 1.5, must be a number of cycles"),
    ("{\"x\": {\"m\": {\"cycles_total\": -1}}}", "\"x.m.cycles_total\" is -1, must be a number of cycles"),
    ("{\"x\": {}, \"x\": {}}", "twice"),
  ])
  func whatIsWrongIsSaid(_ text: String, _ message: String) {
    #expect { try figures(text) } throws: { error in
      let line = "\(error)"
      return line.hasPrefix("a/peers.json: ") && line.contains(message) && !line.contains("\n")
    }
  }

  /// A machine's name can break no line of a table.
  @Test func namesStayOnOneLine() throws {
    #expect(try figures("{\"x\": {\"a\\nb\": {\"cycles_total\": 1}}}").machines(of: ["x"]) == ["a_b"])
  }
}
