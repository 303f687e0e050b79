import Testing

@testable import Model

@Suite struct ByteFunctionTests {
  @Test func everyByteHasItsOutput() throws {
    let function = ByteFunction(name: "Reverse", outputs: (-128...127).map { -1 - $0 })
    #expect(try run(graph(function, [activation([4])], output: activation([4])), [-128, -1, 0, 127]) == [127, 0, -1, -128])
  }

  @Test func shapesAndOutputsMustFit() {
    let function = ByteFunction(name: "Reverse", outputs: (-128...127).map { -1 - $0 })
    #expect(validationError(graph(function, [activation([4])], output: activation([5]))).category == .invalidShape)
    let short = validationError(graph(ByteFunction(name: "Short", outputs: [1]), [activation([4])], output: activation([4])))
    #expect(short.message.contains("has 1 outputs for 256 bytes"), "\(short.message)")
  }
}
