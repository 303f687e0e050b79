import Emit
import Testing

@Suite struct BenchCommandTests {
  /// The format of a job's file.
  @Test(arguments: [
    (BenchCommand.end, [0]), (.writeBlock(address: 8, run: 3, step: 16, words: [7, 9]), [1, 8, 3, 16, 2, 7, 9]),
    (.write(address: 4, strobe: 5, data: .max), [2, 4, 5, .max]), (.readBlock(address: 4, count: 2), [3, 4, 2]),
    (.check(address: 4, mask: 0xFF, data: 6), [4, 4, 0xFF, 6]), (.start(address: 8, data: 1), [5, 8, 1]),
    (.wait(.interrupt, limit: 9, address: 12, mask: 6), [6, 1, 9, 12, 6]),
    (.wait(.polling, limit: 9, address: 12, mask: 6), [6, 0, 9, 12, 6]),
    (.reset(cycles: 4), [7, 4]), (.idle(cycles: 5), [8, 5]), (.sample(6), [9, 6]), (.waitStates(seed: 7, probability: 8), [10, 7, 8]),
  ] as [(BenchCommand, [UInt32])])
  func aCommandIsItsNumberAndItsOperands(_ command: BenchCommand, _ words: [UInt32]) {
    #expect(command.words == words && command.code.rawValue == words[0])
  }
}
