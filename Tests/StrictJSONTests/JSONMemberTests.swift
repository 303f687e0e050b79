import StrictJSON
import Testing

@Suite struct JSONMemberTests {
  private func problem(_ text: String, _ read: (JSONMember) throws(JSONProblem) -> Void) -> String? {
    do throws(JSONProblem) {
      try read(try JSONMember.parse(Array(text.utf8)).object().member("n"))
      return nil
    } catch { return error.description }
  }

  @Test func numbersAreSaidAsTheyAre() {
    func integer(_ text: String) -> String? { problem("{\"n\": \(text)}") { value throws(JSONProblem) in _ = try value.integer() } }
    #expect(integer("-12") == nil && integer("9223372036854775807") == nil)
    #expect(integer("4.5") == "\"n\" is 4.5, must be a whole number")
    #expect(integer("4.0") == "\"n\" is 4.0, must be a whole number")
    #expect(integer("1e400") == "\"n\" is 1e400, must be a whole number")
    #expect(integer("9223372036854775808") == "\"n\" is 9223372036854775808, must be from -2^63 to 2^63 - 1")
    #expect(integer("true") == "\"n\" is true, must be a whole number")
    #expect(integer("\"4\"") == "\"n\" is \"4\", must be a whole number")
    #expect(integer("null") == "\"n\" is null, must be a whole number")
  }

  @Test func placesAreNamed() {
    let text = "{\"n\": [{\"x\": 1}, {\"x\": []}]}"
    let found = problem(text) { value throws(JSONProblem) in
      for element in try value.array() { _ = try element.object().member("x").integer() }
    }
    #expect(found == "\"n[1].x\" is a list, must be a whole number")
    #expect(problem("{}") { _ throws(JSONProblem) in } == "key \"n\" is missing")
    #expect(problem("{\"n\": {\"a\": 1, \"b\": 1}}") { value throws(JSONProblem) in try value.object().allow(["a"]) }
      == "unknown key \"n.b\"; known keys are a")
  }
}
