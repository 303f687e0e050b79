import Emit
import Testing

@Suite struct OrderedJSONTests {
  private struct Inner: Encodable {
    var nested = true
    @OrNull var none: Int?
    var left: Int?
  }
  private struct Value: Encodable {
    var z = 1
    var a = [1, 2, 3]
    var m = Inner(none: nil)
    var x = 0.5
    var steps = 2..<4
    var scale: Float = 0.1
    var empty: [String] = []
  }

  @Test func keysKeepTheirOrder() {
    #expect(
      OrderedJSON.text(Value()) == """
        {
          "z": 1,
          "a": [1, 2, 3],
          "m": {"nested": true, "none": null},
          "x": 0.5,
          "steps": [2, 4],
          "scale": 0.1,
          "empty": []
        }

        """)
  }

  @Test func textIsEscaped() {
    #expect(OrderedJSON.text("a\"b\\c\n\t\u{1}é") == #""a\"b\\c\n\t\u0001é""# + "\n")
  }

  @Test func numbersThatJSONLacksBecomeNull() {
    #expect(OrderedJSON.text(Double.nan) == "null\n")
    #expect(OrderedJSON.text([Float.infinity]) == "[\n  null\n]\n")
  }
}
