import Emit
import Testing

@Suite struct JSONValueTests {
  @Test func keysKeepTheirOrder() {
    let value: JSONValue = ["z": 1, "a": [1, 2, 3], "m": ["nested": true, "none": .null], "x": .number(0.5)]
    #expect(
      value.text == """
        {
          "z": 1,
          "a": [1, 2, 3],
          "m": {"nested": true, "none": null},
          "x": 0.5
        }

        """)
  }

  @Test func textIsEscaped() {
    #expect(JSONValue.string("a\"b\\c\n\t\u{1}é").text == #""a\"b\\c\n\t\u0001é""# + "\n")
  }

  @Test func numbersThatJSONLacksBecomeNull() {
    #expect(JSONValue.number(.nan).text == "null\n")
    #expect(JSONValue.number(.infinity).text == "null\n")
  }
}
