import Model
import Testing

@Suite struct TableOperationTests {
  /// A stranger's function: the kernel is the table.
  private struct Negation: TableOperation {
    var name: String { "NEGATION" }
    func validate(_ node: Node, in graph: Graph) {}
    func table(_ node: Node, in graph: Graph) -> [Int8] { (-128...127).map { Int8(clamping: -$0) } }
  }

  @Test func entriesAreOrderedByTheStoredInput() throws {
    #expect(try run(graph(Negation(), [activation([4])], output: activation([4])), [-128, -1, 0, 127]) == [127, 1, 0, -127])
  }
}
