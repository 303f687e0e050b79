import Emit
import Testing

@Suite struct SafeNameTests {
  @Test(arguments: [
    ("kws", "kws"), ("../../etc/passwd", "______etc_passwd"), ("", "model"), ("...", "model"), ("a b\nc", "a_b_c"), ("naïve", "na_ve"),
  ])
  func namesBecomeFileNames(_ name: String, _ expected: String) {
    #expect(safeFileName(name) == expected)
  }

  @Test func longNamesAreCut() { #expect(safeFileName(String(repeating: "x", count: 500)).count == 64) }

  @Test func commentsCannotBeEnded() {
    let text = safeComment("a */ #include \"x\" /* \\\n b")
    #expect(!text.contains("*/") && !text.contains("/*") && !text.contains("\n") && !text.contains("\\"))
  }

  @Test func identifiersBeginWithALetter() { #expect(cIdentifier("3-Net") == "n3_net") }
}
