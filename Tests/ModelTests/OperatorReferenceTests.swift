import Foundation
import Testing

@testable import Model

/// docs/operators.md is made from the table. `WEFT_UPDATE=1` writes it anew.
@Suite struct OperatorReferenceTests {
  @Test func thePageAgreesWithTheTable() throws {
    let file = URL(fileURLWithPath: Corpus.repository + "/docs/operators.md")
    if ProcessInfo.processInfo.environment["WEFT_UPDATE"] == "1" { try operatorReference().write(to: file, atomically: true, encoding: .utf8) }
    #expect(try String(contentsOf: file, encoding: .utf8) == operatorReference(), "docs/operators.md is out of date: run the tests once with WEFT_UPDATE=1")
  }

  /// Every operator that is read as one stands in the table, once, and no other.
  @Test func theTableHasWhatIsRead() {
    var read: Set<String> = []
    for code in 0..<256 where tfliteOperatorName(code) != nil && code != 32 {
      let code = TFLiteOperatorCode(builtin: code, custom: nil)
      // An operator that means nothing without options is known all the same.
      guard let operation = try? code.operation(TFLiteOptions(type: 0, table: nil, place: "")) else {
        read.insert(code.name)
        continue
      }
      if !(operation is UnsupportedOperation) { read.insert(code.name) }
    }
    let listed = OperatorRow.all.flatMap(\.names)
    #expect(Set(listed).count == listed.count)
    #expect(Set(OperatorRow.onUnsigned).isSubset(of: listed))
    #expect(read.subtracting(listed).isEmpty && Set(listed).subtracting(read).isEmpty, "\(read.symmetricDifference(listed).sorted())")
  }
}
