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
