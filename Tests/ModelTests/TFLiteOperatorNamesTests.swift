import Model
import Testing

@Suite struct TFLiteOperatorNamesTests {
  @Test func namesStandAtTheirNumbers() {
    #expect(tfliteOperatorName(0) == "ADD")
    #expect(tfliteOperatorName(32) == "CUSTOM")
    #expect(tfliteOperatorName(127) == "PLACEHOLDER_FOR_GREATER_OP_CODES")
    #expect(tfliteOperatorName(206) == "STABLEHLO_COMPOSITE")
    #expect(tfliteOperatorName(-1) == nil)
    #expect(tfliteOperatorName(9_999) == nil)
  }
}
