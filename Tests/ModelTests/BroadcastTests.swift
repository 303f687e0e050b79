import Model
import Testing

@Suite struct BroadcastTests {
  static func map(_ operand: [Int], to result: [Int]) -> [Int]? {
    guard let broadcast = Broadcast(operand, to: result) else { return nil }
    var indices: [Int] = []
    broadcast.forEach { position, index in
      #expect(position == indices.count)
      indices.append(index)
    }
    return indices
  }

  @Test func shapes() {
    #expect(Self.map([3], to: [2, 3]) == [0, 1, 2, 0, 1, 2])
    #expect(Self.map([2, 1], to: [2, 3]) == [0, 0, 0, 1, 1, 1])
    #expect(Self.map([], to: [2, 2]) == [0, 0, 0, 0])
    #expect(Self.map([2, 1, 2], to: [2, 2, 2]) == [0, 1, 0, 1, 2, 3, 2, 3])
    #expect(Self.map([1, 1], to: [1]) == nil)
    #expect(Self.map([2], to: [3]) == nil)
    #expect(Self.map([], to: []) == [0])
  }

  @Test func whatMayBroadcast() throws {
    let computed = graph(Addition(), [activation([1, 2, 1, 3]), activation([2, 1])], output: activation([1, 2, 2, 3]))
    #expect(try run(computed, [1, 2, 3, 4, 5, 6], [10, 20]) == [11, 12, 13, 21, 22, 23, 14, 15, 16, 24, 25, 26])
    let maximum = graph(Maximum(), [activation([1, 2, 2, 3]), activation([3])], output: activation([1, 2, 2, 3]))
    #expect(validationError(maximum).category == .unsupported)
    let constants = graph(Addition(), [weights([3], [1, 2, 3]), weights([3], [1, 2, 3])], output: activation([3]))
    #expect(validationError(constants).message.contains("no inputs"))
    let mismatch = graph(Addition(), [activation([4]), weights([3], [1, 2, 3])], output: activation([4]))
    #expect(validationError(mismatch).category == .invalidShape)
  }
}
