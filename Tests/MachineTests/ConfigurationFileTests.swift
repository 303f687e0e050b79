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
    #expect(message { $0 = "{" } == "mine.json: not JSON; `weft config edge64` prints a configuration to start from")
    #expect(message { $0 = "[]" } == "mine.json: not a JSON object; `weft config edge64` prints a configuration to start from")
    #expect(message { $0 = $0.replacingOccurrences(of: "\"pixels\": 4", with: "\"pixels\": 3") }
      == "mine.json: \"pixels\" is 3, must be a power of two from 1 to 64")
    #expect(message { $0 = $0.replacingOccurrences(of: "\"pixels\": 4", with: "\"pixels\": \"four\"") }
      == "mine.json: \"pixels\" must be a whole number")
    #expect(message { $0 = $0.replacingOccurrences(of: "\"pixels\": 4,", with: "") }
      == "mine.json: key \"pixels\" is missing; `weft config edge64` prints a complete configuration")
    #expect(message { $0 = $0.replacingOccurrences(of: "\"memoryLanes\": 16", with: "\"memoryLanes\": 8") }
      == "mine.json: \"memoryLanes\" is 8, must be at least pixels * channels = 16")
    #expect(message { $0 = $0.replacingOccurrences(of: "\"accumulatorBits\": \"auto\"", with: "\"accumulatorBits\": \"wide\"") }
      == "mine.json: \"accumulatorBits\": expected a number or \"auto\"")
    let misspelt = message { $0 = $0.replacingOccurrences(of: "\"pixels\"", with: "\"pixel\"") } ?? ""
    #expect(misspelt.hasPrefix("mine.json: unknown key \"pixel\"; known keys are name, pixels,"))
  }

  @Test func missingFilesNameTheConfigurations() {
    #expect(throws: ConfigurationError(
      source: "edge65", message: "no such configuration or file; the named ones are up5k, edge16, edge64, edge128, edge256")
    ) { try Configuration.load(nameOrPath: "edge65") }
  }
}
