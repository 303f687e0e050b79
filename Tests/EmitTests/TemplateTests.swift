import Testing
@testable import Emit

@Suite struct TemplateTests {
  private func template(_ text: String) -> Template { Template(Array(text.utf8)) }

  @Test func everyPlaceholderGetsItsValue() throws {
    #expect(try template("@A@ = @B_C@;\n  @A@").filling(["A": "x", "B_C": "y\nz"]) == "x = y\nz;\n  x")
    #expect(try template("always @(posedge clock) a@b.c é").filling([:]) == "always @(posedge clock) a@b.c é")
    // A value is no template.
    #expect(try template("@A@").filling(["A": "@B@"]) == "@B@")
  }

  @Test func textAndValuesMustFit() {
    #expect(throws: TemplateError.unknown("B")) { try template("@A@ @B@").filling(["A": ""]) }
    #expect(throws: TemplateError.unused("C")) { try template("@A@").filling(["A": "", "C": "", "D": ""]) }
    #expect(TemplateError.unknown("B").description == "the template's placeholder @B@ has no value")
  }
}
