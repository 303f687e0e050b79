import Model
import Testing

@Suite struct ElementTypeTests {
  @Test func numbersAreTheSchemas() {
    #expect(ElementType(rawValue: 9) == .int8)
    #expect(ElementType(rawValue: 17) == .int4)
    #expect(ElementType(rawValue: 99) == nil)
    #expect(ElementType.allCases.map(\.rawValue) == Array(0...20))
  }

  @Test func sizesAndRanges() {
    #expect(ElementType.int8.integerRange == -128...127)
    #expect(ElementType.uint8.integerRange == 0...255)
    #expect(ElementType.float32.integerRange == nil)
    #expect(ElementType.int4.bitCount == 4)
    #expect(ElementType.string.bitCount == nil)
    #expect(ElementType.bfloat16.isFloatingPoint && !ElementType.int32.isFloatingPoint)
    #expect("\(ElementType.int16)" == "int16")
  }
}
