import Model
import Testing

@Suite struct ConcatenationTests {
  @Test func theAxisIsCheckedBeforeTheRefusal() {
    func error(_ axis: Int) -> ModelError {
      validationError(
        graph(Concatenation(axis: axis), [activation([1, 4]), activation([1, 4])], output: activation([1, 8])))
    }
    #expect(error(7).category == .invalidGraph)
    #expect(error(-3).category == .invalidGraph)
    #expect(error(1).message == "CONCATENATION is not supported (operator 0 CONCATENATION)")
    #expect(error(-1).category == .unsupported)
  }
}
