// What a test bench can be told to do: the commands of a job, with their numbers and operands.
//
// The benches of a bundle (harness.cpp, bench.v) get the numbers and the description from here.

/// One command of a job.
public enum BenchCommand: Sendable, Equatable {
  /// Nothing follows.
  case end
  /// Writes words, the i-th to `address + i / run * step + 4 * (i % run)`.
  case writeBlock(address: Int, run: Int, step: Int, words: [UInt32])
  /// Writes the bytes of a word that `strobe` has a bit for.
  case write(address: Int, strobe: Int, data: UInt32)
  /// Reads words, one after the other.
  case readBlock(address: Int, count: Int)
  /// Reads a word and compares the bits of `mask`.
  case check(address: Int, mask: UInt32, data: UInt32)
  /// A write; cycle 0 of the run is the edge that takes it.
  case start(address: Int, data: UInt32)
  /// Waits for the end of a run, at most `limit` cycles of it.
  case wait(Waiting, limit: Int, address: Int, mask: UInt32)
  case reset(cycles: Int)
  case idle(cycles: Int)
  /// A mark in the results.
  case sample(Int)
  /// From here on valid and ready signals wait with `probability` of 256 in each cycle.
  case waitStates(seed: UInt32, probability: Int)

  /// How a job waits for the end of a run; the numbers are those of the benches.
  public enum Waiting: UInt32, Sendable, CaseIterable {
    /// Reads a register until a masked bit is set.
    case polling = 0
    case interrupt = 1
  }

  /// The number of a command.
  public enum Code: UInt32, Sendable, CaseIterable {
    case end, writeBlock, write, readBlock, check, start, wait, reset, idle, sample, waitStates
  }

  public var code: Code {
    switch self {
    case .end: .end
    case .writeBlock: .writeBlock
    case .write: .write
    case .readBlock: .readBlock
    case .check: .check
    case .start: .start
    case .wait: .wait
    case .reset: .reset
    case .idle: .idle
    case .sample: .sample
    case .waitStates: .waitStates
    }
  }

  /// Number and operands, as a job's file has them.
  public var words: [UInt32] {
    func encoded(_ operands: Int...) -> [UInt32] { [code.rawValue] + operands.map { UInt32(truncatingIfNeeded: $0) } }
    return switch self {
    case .end: encoded()
    case .writeBlock(let address, let run, let step, let words): encoded(address, run, step, words.count) + words
    case .write(let address, let strobe, let data): encoded(address, strobe, Int(data))
    case .readBlock(let address, let count): encoded(address, count)
    case .check(let address, let mask, let data): encoded(address, Int(mask), Int(data))
    case .start(let address, let data): encoded(address, Int(data))
    case .wait(let waiting, let limit, let address, let mask): encoded(Int(waiting.rawValue), limit, address, Int(mask))
    case .reset(let cycles), .idle(let cycles): encoded(cycles)
    case .sample(let number): encoded(number)
    case .waitStates(let seed, let probability): encoded(Int(seed), probability)
    }
  }
}

extension BenchCommand.Code: BenchCode {
  static let kind = "command"
  var name: String { "\(self)" }

  var operands: String {
    switch self {
    case .end: ""
    case .writeBlock: "address, run, step, count, words..."
    case .write: "address, strobe, data"
    case .readBlock: "address, count"
    case .check: "address, mask, data"
    case .start: "address, data"
    case .wait: "mode, limit, address, mask"
    case .reset, .idle: "cycles"
    case .sample: "number"
    case .waitStates: "seed, probability"
    }
  }

  var meaning: String {
    switch self {
    case .end, .write, .readBlock, .reset, .idle: ""
    case .writeBlock: "word i goes to address + (i / run) * step + 4 * (i % run)"
    case .check: "reads, compares the masked bits"
    case .start: "a write; cycle 0 of the run is the edge that takes it"
    case .wait:
      """
      until the interrupt (mode \(BenchCommand.Waiting.interrupt.rawValue)) or a masked bit of that
      register (mode \(BenchCommand.Waiting.polling.rawValue)) is set, at most `limit` cycles
      """
    case .sample: "a mark in the results"
    case .waitStates: "of 256, that a valid or ready signal waits a cycle"
    }
  }
}

extension BenchCommand.Waiting: BenchCode {
  static let kind = "wait"
  var name: String { "\(self)" }
}
