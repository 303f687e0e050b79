import StrictJSON
import Testing

@Suite struct JSONParserTests {
  private func problem(_ text: String) -> String? {
    do throws(JSONProblem) {
      _ = try JSONMember.parse(Array(text.utf8))
      return nil
    } catch { return error.description }
  }

  @Test func whatIsWellFormedIsRead() throws {
    let text = " {\"a\": [1, -2.5e+3, true, false, null], \"b\": {\"c\": \"x\\n\\u00e9\\ud83d\\ude00\\/\"}, \"\": []}\r\n"
    let object = try JSONMember.parse(Array(text.utf8)).object()
    #expect(object.keys == ["a", "b", ""])
    #expect(try object.member("a").array().map(\.summary) == ["1", "-2.5e+3", "true", "false", "null"])
    #expect(try object.member("b").object().member("c").string() == "x\né😀/")
    #expect(try JSONMember.parse([0xEF, 0xBB, 0xBF, 0x37]).integer() == 7)
  }

  @Test func aKeyGivenTwiceIsRefused() {
    #expect(problem("{\"a\": 1,\n \"a\": 1}") == "key \"a\" is given twice (line 2, column 2); leave one")
    #expect(problem("{\"a\": {\"b\": 1, \"b\": 2}}") == "key \"b\" is given twice (line 1, column 16); leave one")
    #expect(problem("{\"a\": 1, \"\\u0061\": 1}")?.hasPrefix("key \"a\" is given twice") == true)
  }

  @Test(arguments: [
    "", "{", "}", "[1,]", "{\"a\":1,}", "{a: 1}", "{\"a\" 1}", "[1 2]", "01", "1.", ".5", "+1", "1e", "-", "nul", "truth", "'a'", "\"a", "\"\\x\"",
    "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\t\"", "1 2", "[1]]", "NaN", "Infinity", "// 1\n1",
  ])
  func whatIsNotIsSaidWithItsPlace(_ text: String) {
    let problem = problem(text) ?? ""
    #expect(problem.hasPrefix("is not valid JSON: ") && problem.contains("(line "), "\(text): \(problem)")
  }

  @Test func noTextExhaustsTheStackOrBreaksALine() {
    #expect(problem(String(repeating: "[", count: 1_000_000))?.contains("nested more than 128 deep") == true)
    #expect(problem("{\"a\\nb\": 1, \"a\\nb\": 1}") == "key \"a_b\" is given twice (line 1, column 13); leave one")
    #expect({ () -> Bool in
      do throws(JSONProblem) {
        _ = try JSONMember.parse([0x22, 0xFF, 0x22])
        return false
      } catch { return error.description.contains("not UTF-8") }
    }())
  }
}
