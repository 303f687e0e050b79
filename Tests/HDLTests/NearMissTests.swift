import HDL
import Testing

/// Guesses at names that do not exist.
@Test func nearMisses() {
  #expect(didYouMean("resutl", among: ["operand", "result"]) == "; did you mean 'result'?")
  #expect(didYouMean("Result", among: ["operand", "result"]) == "; did you mean 'result'?")
  #expect(didYouMean("colour", among: ["color", "colon"]) == "; did you mean 'color'?")
  #expect(didYouMean("stat", among: ["start", "state", "statue"]) == "; did you mean 'start' or 'state'?")
  #expect(didYouMean("velocity", among: ["operand", "result"]) == "; there is 'operand', 'result'")
  #expect(didYouMean("a", among: []) == "")
}

@Test func editDistances() {
  #expect(editDistance("", "abc") == 3)
  #expect(editDistance("abc", "") == 3)
  #expect(editDistance("abc", "abc") == 0)
  #expect(editDistance("abc", "acb") == 1)
  #expect(editDistance("kitten", "sitting") == 3)
}
