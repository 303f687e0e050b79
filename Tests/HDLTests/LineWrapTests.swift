import HDL
import Testing

@Test func shortLinesAndCommentsStay() {
  let text = "module m;\n  assign a = b; // \(String(repeating: "a, ", count: 60))\nendmodule\n"
  #expect(wrapped(text) == text)
}
@Test func longLinesBreakWhereTheyAreLeastNested() {
  let text = "  assign any = (a_long_name ^ another_name) || (third_name ^ fourth_name) || (fifth_name ^ sixth_name);\n"
  #expect(
    wrapped(text, at: 64) == """
        assign any = (a_long_name ^ another_name)
            || (third_name ^ fourth_name)
            || (fifth_name ^ sixth_name);

      """)
}
@Test func aLineWithoutABreakStays() {
  let text = "wire \(String(repeating: "x", count: 200)) = 1'b0;\n"
  #expect(wrapped(text) == text)
}
@Test func aLineGoesOnAfterAName() {
  let text = "  assign y = \(String(repeating: "x", count: 70)) + b + c + a_name_that_does_not_fit;\n"
  #expect(wrapped(text, at: 40) == "  assign y = \(String(repeating: "x", count: 70))\n      + b + c\n      + a_name_that_does_not_fit;\n")
}
@Test func textBetweenQuotesStays() {
  let text = #"  BOX #(.NAME("first, second // \", third, fourth (fifth"), .OTHER("a + b"), .LAST(1)) box ("# + "\n"
  #expect(
    wrapped(text, at: 40) == #"""
        BOX #(.NAME("first, second // \", third, fourth (fifth"),
            .OTHER("a + b"), .LAST(1)) box (

      """#)
  #expect(
    wrapped(text, at: 66) == #"""
        BOX #(.NAME("first, second // \", third, fourth (fifth"),
            .OTHER("a + b"), .LAST(1)) box (

      """#)
}
@Test func aCommentAfterATextStays() {
  let text = #"  assign a = "b // c"; // \#(String(repeating: "a, ", count: 60))"# + "\n"
  #expect(wrapped(text) == text)
}
