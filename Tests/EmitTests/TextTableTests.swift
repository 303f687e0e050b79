import Emit
import Testing

@Suite struct TextTableTests {
  private let table = TextTable([["name", "cycles"], ["a|b", "7"], ["longer", "1,234"]])

  @Test func numbersEndAtTheRight() {
    #expect(table.text == "name    cycles\na|b          7\nlonger   1,234\n")
    #expect(TextTable([["a", "b"], ["c", ""]], left: [0, 1]).text == "a  b\nc\n" && TextTable([]).text.isEmpty)
  }

  @Test func markdownHasAHeadAndEscapes() {
    #expect(
      table.markdown == """
        | name   | cycles |
        | ------ | -----: |
        | a\\|b   |      7 |
        | longer |  1,234 |

        """)
    #expect(TextTable([["x"], ["`<_*&"]]).markdown == "| x         |\n| --------- |\n| \\`\\<_\\*\\& |\n" && TextTable([]).markdown.isEmpty)
  }
}
