import Foundation
import Machine
import Testing

@Suite struct ConfigurationFileTests {
  private func message(_ edit: (inout String) -> Void) -> String? {
    var text = Configuration.named("edge64")?.json ?? ""
    edit(&text)
    do {
      _ = try Configuration.parse(Data(text.utf8), source: "mine.json")
      return nil
    } catch { return "\(error)" }
  }

  @Test(arguments: Configuration.named) func printedConfigurationsReadBack(_ configuration: Configuration) throws {
    #expect(try Configuration.parse(Data(configuration.json.utf8), source: "x") == configuration)
  }

  @Test func namedConfigurationsHaveTheirMacs() {
    #expect(Configuration.named.map { "\($0.name) \($0.macs)" } == ["up5k 4", "edge16 16", "edge64 64", "edge128 128", "edge256 256"])
  }

  @Test func whatIsWrongIsSaidInOneLine() {
    let start = "; `weft config edge64` prints a configuration to start from"
    #expect(message { $0 = "{" } == "mine.json: is not valid JSON: a key in quotes is expected (line 1, column 2)" + start)
    #expect(message { $0 = "[]" } == "mine.json: is a list, must be an object" + start)
    #expect(message { $0 = $0.replacingOccurrences(of: "\"pixels\": 4", with: "\"pixels\": 3") }
      == "mine.json: \"pixels\" is 3, must be a power of two from 1 to 64")
    #expect(message { $0 = $0.replacingOccurrences(of: "\"pixels\": 4", with: "\"pixels\": \"four\"") }
      == "mine.json: \"pixels\" is \"four\", must be a whole number" + start)
    #expect(message { $0 = $0.replacingOccurrences(of: "\"pixels\": 4,", with: "") }
      == "mine.json: key \"pixels\" is missing" + start)
    #expect(message { $0 = $0.replacingOccurrences(of: "\"memoryLanes\": 16", with: "\"memoryLanes\": 8") }
      == "mine.json: \"memoryLanes\" is 8, must be at least pixels * channels = 16")
    #expect(message { $0 = $0.replacingOccurrences(of: "\"accumulatorBits\": \"auto\"", with: "\"accumulatorBits\": \"wide\"") }
      == "mine.json: \"accumulatorBits\" is \"wide\", must be a whole number or \"auto\"" + start)
    let misspelt = message { $0 = $0.replacingOccurrences(of: "\"pixels\"", with: "\"pixel\"") } ?? ""
    #expect(misspelt.hasPrefix("mine.json: unknown key \"pixel\"; known keys are name, pixels,"))
  }

  @Test func nothingIsIgnoredInSilence() {
    func changed(_ old: String, _ new: String) -> String {
      let text = message { $0 = $0.replacingOccurrences(of: old, with: new) } ?? "accepted"
      return text.replacingOccurrences(of: "; `weft config edge64` prints a configuration to start from", with: "")
    }
    #expect(changed("\"scalar\": true", "\"scalar\": true, \"softmax\": false")
      == "mine.json: unknown key \"units.softmax\"; known keys are residual, maximum, scalar, tables")
    #expect(changed("\"pixels\": 4", "\"pixels\": 4, \"pixels\": 8").hasPrefix("mine.json: key \"pixels\" is given twice (line 3,"))
    #expect(changed("\"pixels\": 4", "\"pixels\": 4.5") == "mine.json: \"pixels\" is 4.5, must be a whole number")
    #expect(changed("\"programWords\": \"auto\"", "\"programWords\": 18446744073709551616")
      == "mine.json: \"programWords\" is 18446744073709551616, must be from -2^63 to 2^63 - 1")
    #expect(changed("\"pixels\": 4", "\"pixels\": 1e400") == "mine.json: \"pixels\" is 1e400, must be a whole number")
    #expect(changed("\"residual\": true", "\"residual\": 1") == "mine.json: \"units.residual\" is 1, must be true or false")
    #expect(changed("\"units\": {", "\"limits\": {\"memory\": 1}, \"units\": {")
      == "mine.json: unknown key \"limits.memory\"; known keys are memoryBytes")
    #expect(changed("\"units\": {", "\"limits\": {\"memoryBytes\": 5}, \"units\": {")
      == "mine.json: \"limits.memoryBytes\" is 5, must be from 1024 to 4294967296")
  }

  @Test func limitsAreReadAndPrinted() throws {
    var configuration = try #require(Configuration.named("edge64"))
    configuration.limits = DeviceLimits(memoryBytes: 100_000)
    #expect(try Configuration.parse(Data(configuration.json.utf8), source: "x") == configuration)
    #expect(Configuration.named("up5k")?.limits.memoryBytes == 146_432)
    #expect(Configuration.named("edge64")?.json.contains("limits") == false)
  }

  @Test func missingFilesNameTheConfigurations() {
    #expect(throws: ConfigurationError(
      source: "edge65", message: "no such configuration or file; the named ones are up5k, edge16, edge64, edge128, edge256")
    ) { try Configuration.load(nameOrPath: "edge65") }
  }
}
