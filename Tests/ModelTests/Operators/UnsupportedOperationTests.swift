import Model
import Testing

@Suite struct UnsupportedOperationTests {
  @Test func refusedWithItsReason() {
    func error(_ operation: UnsupportedOperation) -> ModelError {
      validationError(graph(operation, [activation([1])], output: activation([1])))
    }
    #expect(error(UnsupportedOperation(name: "LSTM")).message == "LSTM is not supported (operator 0 LSTM)")
    #expect(error(UnsupportedOperation(name: "LSTM")).category == .unsupported)
    #expect(error(UnsupportedOperation(name: "X", reason: "because")).message == "because (operator 0 X)")
  }
}
