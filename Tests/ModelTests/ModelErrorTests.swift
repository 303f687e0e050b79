import Model
import Testing

@Suite struct ModelErrorTests {
  @Test func errorsAreOneLine() {
    let error = ModelError(.malformed, "tensor 'a\nb\r\u{2028}c\u{202E}d\u{0}' is wrong", file: "x\ny.tflite")
    #expect(error.description == "x_y.tflite: tensor 'a_b__c_d_' is wrong")
    #expect(error.located(in: "z").description == "z: tensor 'a_b__c_d_' is wrong")
    #expect(ModelError(.unsupported, "no").description == "no")
  }

  @Test func categoriesHaveStableNames() {
    #expect(
      ModelError.Category.allCases.map(\.rawValue) == [
        "unreadable", "malformed", "invalid-graph", "invalid-shape", "invalid-quantization", "resource-limit",
        "unsupported",
      ])
  }

  @Test func longTextIsCut() {
    #expect(cleanedText("abcdef", limit: 3) == "abc…")
    #expect(cleanedText("größer/π", limit: 30) == "größer/π")
    #expect(ModelError(.malformed, String(repeating: "x", count: 5_000)).message.count == 1_001)
  }
}
